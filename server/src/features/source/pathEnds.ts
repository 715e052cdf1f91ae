/** The ends of a chain of calls, looked at before anybody searches: a name that isn't there is told at once. */
import { NameKind } from '../../index/store/postings.ts';
import { findField } from '../../index/types/typing.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { commonness } from '../../kernel/layout.ts';
import { nodesNamed } from '../../resolve/graph/named.ts';
import { similarity } from '../../resolve/names/nameLikeness.ts';
import { FUNCTION_KINDS } from '../../resolve/names/scope.ts';
import { fuzzySymbols, type SymbolPlace, writtenName } from '../../resolve/names/symbols.ts';
import { functionMembers } from '../../resolve/slots/tables.ts';
import type { World } from '../../resolve/world.ts';
import type { Request } from '../request.ts';

const MOST_LIKE = 3;
/** How like a name must be to be meant. */
const LIKE = 0.45;
const LOOKED_AT = 60;

/** Functions with a name like it, the likest first. */
function functionsLike(world: World, name: string): string[] {
  const words = name.split('_').filter(Boolean);
  const found = new Set<string>();
  for (const part of new Set([name, words.slice(0, 2).join('_'), words.slice(-2).join('_')]))
    if (part.length > 2) for (const { name: other } of world.index.searchNames(part, LOOKED_AT)) found.add(other);
  return [...found]
    .map((other) => ({ other, score: similarity(name, other) }))
    .filter(({ other, score }) => score >= LIKE && isFunction(world, other))
    .sort((a, b) => b.score - a.score || a.other.length - b.other.length)
    .slice(0, MOST_LIKE)
    .map(({ other }) => other);
}

const isFunction = ({ index }: World, name: string): boolean =>
  index.names(name).some((p) => FUNCTION_KINDS.includes(p.kind));

/** Why a name is no end of a chain, with names like it; null where it is one. */
export function endProblem(request: Pick<Request, 'index' | 'architecture' | 'notYet'>, name: string): string | null {
  if (name.trim() === '') return 'Name a function, or a slot as struct.member.';
  const [node] = nodesNamed(request, name);
  if (node && node.kind !== 'slot') return null;
  const { types } = request.index;
  const records = node ? types.recordsByTag(node.owner) : [];
  if (node && records.some((r) => findField(types, r, node.member))) return null;
  if (request.notYet) return `${name} is ${request.notYet}.`;
  if (node) {
    const missing =
      records.length > 0 ? `struct ${node.owner} has no member ${node.member}` : `There is no struct ${node.owner}`;
    return `${missing} in this tree.`;
  }
  const like = functionsLike(request, name.trim());
  return `There is no function ${name.trim()} in this tree.${like.length ? ` Is ${like.join(' or ')} meant?` : ''}`;
}

/** A name that chains may begin or end at. */
interface EndName {
  /** as a search takes it */
  text: string;
  place: string;
  kind: 'function' | 'macro' | 'slot';
}

const MOST_NAMES = 40;
const SOUGHT_NAMES = 200;

/**
 * Functions, macros and slots that some typed letters may mean, the likeliest first: those of the architecture in view, then
 * the core's. What several files define is told by its file; `mm/memory.c:do_f` asks for those of a file.
 */
export function endNames(world: World, query: string): EndName[] {
  const asked = query.trim();
  if (asked === '') return [];
  const { owner, name, file } = writtenName(asked);
  if (owner) return slotNames(world, owner, name);
  const found = fuzzySymbols(world, file ? name : asked, SOUGHT_NAMES).filter(
    (p) =>
      !p.owner &&
      (FUNCTION_KINDS.includes(p.kind) || p.kind === NameKind.Macro) &&
      (file === '' || p.file.endsWith(file)),
  );
  const times = new Map<string, number>();
  const first = new Map<string, number>();
  for (const [n, { name: own }] of found.entries()) {
    times.set(own, (times.get(own) ?? 0) + 1);
    if (!first.has(own)) first.set(own, n);
  }
  const isForeign = (p: SymbolPlace): number => (sameDomain('kernel/*', domainOf(p.file), world.architecture) ? 0 : 1);
  const at = (p: SymbolPlace): number => first.get(p.name) ?? 0;
  const isInside = (p: SymbolPlace): number => (p.name.startsWith(name) ? 0 : 1);
  // a stub in a header stands in for the thing itself
  const isStub = (p: SymbolPlace): number => (p.static && p.file.endsWith('.h') ? 1 : 0);
  return found
    .sort(
      (a, b) =>
        isForeign(a) - isForeign(b) ||
        isInside(a) - isInside(b) ||
        at(a) - at(b) ||
        isStub(a) - isStub(b) ||
        commonness(a.file) - commonness(b.file),
    )
    .slice(0, MOST_NAMES)
    .map((p) => ({
      text: file || (times.get(p.name) ?? 0) > 1 ? `${p.file}:${p.name}` : p.name,
      place: `${p.file}:${p.line}`,
      kind: p.kind === NameKind.Macro ? 'macro' : 'function',
    }));
}

/** The slots of a struct whose names hold what is typed behind its dot. */
function slotNames(world: World, owner: string, part: string): EndName[] {
  const { types } = world.index;
  const [record] = types.recordsByTag(owner);
  if (!record) return [];
  return functionMembers(types, record)
    .filter((member) => member.includes(part))
    .sort((a, b) => Number(b.startsWith(part)) - Number(a.startsWith(part)))
    .slice(0, MOST_NAMES)
    .map((member) => {
      const found = findField(types, record, member);
      const place = found ? `${found.file}:${found.field.line}` : record.file;
      return { text: `${owner}.${member}`, place, kind: 'slot' };
    });
}
