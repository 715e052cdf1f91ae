/** Nodes of the call graph by the names that people give them. */

import { NameKind } from '../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { definitionAt, FUNCTION_KINDS } from '../names/scope.ts';
import { exactSymbols, writtenName } from '../names/symbols.ts';
import type { World } from '../world.ts';
import type { GraphNode } from './nodes.ts';

const isFunction = (kind: NameKind): boolean => FUNCTION_KINDS.includes(kind);

/**
 * What a name means, as people write it: `f`, `f()`, `mm/memory.c:f`, `struct.member`; a system call by any of its names.
 * A macro is meant where no function is. Of a name that several files define, all that the kernel of the architecture in
 * view has; only where it has none, those of other architectures and programs.
 */
export function nodesNamed(world: World, text: string): GraphNode[] {
  const { owner, name, file } = writtenName(text);
  if (owner) return [{ kind: 'slot', owner, member: name }];
  const places = exactSymbols(world, text).filter((p) => isFunction(p.kind) || p.kind === NameKind.Macro);
  const seen = places.filter((p) => file !== '' || sameDomain('kernel/*', domainOf(p.file), world.architecture));
  const own = seen.filter((p) => p.name === name);
  // ksys_read() is a function of its own beside what read() is called otherwise
  const meant = own.length > 0 ? own : seen.length > 0 ? seen : places;
  const nodes = meant.flatMap((p): GraphNode[] => {
    const definition = definitionAt(world.index, p, [p.kind]);
    return definition ? [{ kind: isFunction(p.kind) ? 'function' : 'macro', definition }] : [];
  });
  // a macro of the same name is a way to the function
  return nodes.some((n) => n.kind === 'function') ? nodes.filter((n) => n.kind === 'function') : nodes;
}
