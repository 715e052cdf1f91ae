/** What an exploration may begin at: what stands at a place, or what a name means. */

import { NameKind } from '../../../index/store/postings.ts';
import type { RecordAt, Type } from '../../../index/types/source.ts';
import { isFunctionPointer, recordOf } from '../../../index/types/typing.ts';
import type { Entity } from '../../../resolve/cursor/cursor.ts';
import { nodesNamed } from '../../../resolve/graph/named.ts';
import type { GraphNode } from '../../../resolve/graph/nodes.ts';
import { type Definition, definitionAt } from '../../../resolve/names/scope.ts';
import { exactSymbols } from '../../../resolve/names/symbols.ts';
import { implementationCount } from '../../../resolve/slots/slots.ts';
import { functionMembers, functionsHeld, tableOf } from '../../../resolve/slots/tables.ts';
import { count } from '../../markdown.ts';
import { entityOf, locationOf, type Request } from '../../request.ts';
import { prepareCallHierarchy } from '../callHierarchy.ts';
import { functionItem, type HierarchyRequest, slotItem, slotPlace } from '../hierarchy/items.ts';
import { endProblem } from '../pathEnds.ts';
import type { ChainHolder, ChainRoot } from './model.ts';
import { chainNode, nodeOfGraph } from './nodes.ts';

/** What an exploration may begin at. */
interface Roots {
  roots: ChainRoot[];
  of: ChainHolder | null;
  message: string | null;
}

const NONE: Roots = { roots: [], of: null, message: null };
/** A name that more files define is no name to begin at. */
const MOST_NAMED = 30;

/** What stands at a place (1-based line, byte column): a function, a slot, a called pointer; a table, a struct. */
export function chainRoots(request: Request, line: number, column: number): Roots {
  const items = prepareCallHierarchy(request, line, column) ?? [];
  const entity = entityOf(request, line, column);
  const plain = entity?.kind === 'slot' && entity.type !== null && !isFunctionPointer(request.index.types, entity.type);
  const found = items.flatMap((item) => chainNode(request, item) ?? []);
  if (found.length > 0 && !plain) return { ...NONE, roots: found.map((node) => ({ node, how: '' })) };
  const holder = entity && holderOf(request, entity);
  if (holder && holder.roots.length > 0) return holder;
  const what = entity
    ? `${'word' in entity ? entity.word : 'This'} is no function, slot, table or struct of functions`
    : '';
  const none = what ? `${what}.` : 'There is no function, slot, table or struct here.';
  return { ...NONE, message: request.notYet ? `${none} Much is ${request.notYet}.` : none };
}

/** May an exploration begin at a place? A hover asks this for its links: nothing is counted, nothing followed. */
export function mayBegin(request: Request, line: number, column: number): boolean {
  const entity = entityOf(request, line, column);
  const { facts } = request.file;
  const { types } = request.index;
  const isHeldBy = (type: Type | null): boolean => {
    const record = type && recordOf(types, type);
    return Boolean(record?.record.tag) && functionMembers(types, record as RecordAt).length > 0;
  };
  switch (entity?.kind) {
    case 'function':
      return true;
    case 'slot': {
      const isCalled = facts?.sites.some((s) => s.line === entity.line && s.column === entity.column);
      if (!entity.type) return entity.owner !== '' || isCalled === true;
      return isFunctionPointer(types, entity.type) || isHeldBy(entity.type);
    }
    case 'local':
      return facts?.sites.some((s) => s.kind === 'pointer' && s.name === entity.word) || isHeldBy(entity.type);
    case 'variable': {
      const { file, index, name } = entity.definition;
      const of = request.index.facts(file);
      const variable = of?.variables[index];
      if (!of || variable?.name !== name) return false;
      return functionsHeld(request, of, variable, 1) > 0 || isHeldBy({ text: variable.type, file });
    }
    case 'record': {
      const [record] = types.recordsByTag(entity.tag);
      return record !== undefined && functionMembers(types, record).length > 0;
    }
    case 'name':
      return entity.definitions.some((d) => d.kind === NameKind.Macro);
    default:
      return false;
  }
}

/** The table, or the struct of functions, that a thing is or has for a type. */
function holderOf(request: Request, entity: Entity): Roots | null {
  switch (entity.kind) {
    case 'variable':
      return ofTable(request, entity.definition, request.file.path) ?? ofTypeOf(request, entity.definition);
    case 'record':
      return ofStruct(request, request.index.types.recordsByTag(entity.tag)[0]);
    case 'slot':
    case 'local':
      return entity.type && ofStruct(request, recordOf(request.index.types, entity.type));
    default:
      return null;
  }
}

/** The functions of a table; null where a variable is none. */
function ofTable(request: HierarchyRequest, definition: Definition, from: string): Roots | null {
  const facts = request.index.facts(definition.file);
  const table = facts && tableOf(request, facts, definition, from);
  if (!table) return null;
  const roots = table.slots.flatMap(({ definition: d, path }): ChainRoot[] => {
    const node = d && d.kind !== NameKind.Variable ? chainNode(request, functionItem(request, d)) : null;
    return node ? [{ node, how: path.startsWith('[') ? path : `.${path}` }] : [];
  });
  const location = locationOf(request, table, table.name.length);
  return { roots, of: { kind: 'table', name: table.name, location }, message: null };
}

function ofTypeOf(request: HierarchyRequest, definition: Definition): Roots | null {
  const facts = request.index.facts(definition.file);
  const variable = facts?.variables[definition.index];
  if (!facts || variable?.name !== definition.name) return null;
  const types = request.index.typesFor(facts);
  return ofStruct(request, recordOf(types, { text: variable.type, file: definition.file }));
}

/** The slots of a struct, those of the most functions first. */
function ofStruct(request: HierarchyRequest, at: RecordAt | null | undefined): Roots | null {
  const tag = at?.record.tag;
  if (!at || !tag) return null;
  const slots = functionMembers(request.index.types, at).map((member) => ({
    member,
    held: implementationCount(request, tag, member, at.file),
  }));
  const roots = slots
    .sort((a, b) => b.held - a.held)
    .flatMap(({ member, held }): ChainRoot[] => {
      const data = { owner: tag, member, from: at.file, sites: [], reached: null, folder: null };
      const node = chainNode(request, slotItem(request, data, held, slotPlace(request, tag, member, null)));
      return node ? [{ node, how: count(held, 'function') }] : [];
    });
  if (roots.length === 0) return null;
  const { line, column } = at.record;
  const location = locationOf(request, { file: at.file, line, column }, tag.length);
  return { roots, of: { kind: 'struct', name: tag, location }, message: null };
}

/** What a name means, as people write it (see `nodesNamed`): functions, a slot; a table or struct of that name. */
export function chainRootsNamed(request: HierarchyRequest, name: string): Roots {
  const problem = endProblem(request, name);
  const nodes = problem === null ? nodesNamed(request, name).slice(0, MOST_NAMED) : [];
  // a table may be a macro without some option
  if (nodes.length > 0 && nodes.some(({ kind }) => kind !== 'macro')) return rootsAt(request, nodes);
  for (const place of exactSymbols(request, name)) {
    const found =
      place.kind === NameKind.Record
        ? ofStruct(request, request.index.types.recordsByTag(place.name)[0])
        : place.kind === NameKind.Variable
          ? ofTableAt(request, place)
          : null;
    if (found) return found;
  }
  return nodes.length > 0 ? rootsAt(request, nodes) : { ...NONE, message: problem };
}

const rootsAt = (request: HierarchyRequest, nodes: readonly GraphNode[]): Roots => ({
  ...NONE,
  roots: nodes.map((node) => ({ node: nodeOfGraph(request, node), how: '' })),
});

function ofTableAt(request: HierarchyRequest, place: { name: string; file: string; line: number }): Roots | null {
  const definition = definitionAt(request.index, place, [NameKind.Variable]);
  return definition && ofTable(request, definition, place.file);
}
