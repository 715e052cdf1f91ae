/** Which functions stand in a slot, and in which slots a function stands. */

import type { SlotEnd } from '../../index/link/ends.ts';
import { heldVariable, listOf } from '../../index/link/holders.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind, type Registration } from '../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { isInitcall } from '../../kernel/entries.ts';
import { commonness } from '../../kernel/layout.ts';
import { inDomain, type LeftOut, nearnessTo } from '../../kernel/proximity.ts';
import { keptByReader } from '../kept.ts';
import { type Definition, definitionOf, definitionsFrom, FUNCTION_KINDS, functionFrom } from '../names/scope.ts';
import type { World } from '../world.ts';
import { isSectionEntry } from './sectionEntries.ts';

/** A registration with its file's path. */
export interface Registered extends Registration {
  path: string;
  filePath: string;
  /** of an install: the function that the table is handed to, which puts it there; none where its own name is put there */
  by?: string;
}

/** A function that stands in a slot. */
export interface Implementation {
  name: string;
  /** where it is defined, or declared where the tree has no body for it */
  definition: Definition;
  /** every registration of it in this slot */
  registrations: Registered[];
}

/** Everything a slot holds, for one reader. */
export interface SlotAnswer {
  /** functions, the nearest to the reader first */
  implementations: Implementation[];
  /** tables put into it, for a slot that is a pointer to one */
  installs: Registered[];
  leftOut: LeftOut;
}

/** Added to the registration itself, which nobody else has: a slot has ten thousand, and copies are what takes time. */
const withPath = (index: IndexReader, r: Registration): Registered =>
  Object.assign(r, { filePath: index.pathOf(r.file) });

/** What stands in `owner.member`, as seen from the file `from`. An empty owner asks by the member's name alone. */
export function slotAnswer(world: World, owner: string, member: string, from: string): SlotAnswer {
  const { index, architecture } = world;
  const isSame = sameHolder(world, member, from);
  const isList = owner === '' && listOf(member) !== null;
  const all = index.registrationsOfSlot(owner, member).flatMap((r) => {
    const found = withPath(index, r);
    return isSame(found.filePath) && (!isList || isSectionEntry(index, r)) ? [found] : [];
  });
  const { seen, leftOut } = inDomain(all, (r) => r.filePath, from, architecture);
  const installs: Registered[] = [];
  const byKey = new Map<string, Implementation>();
  const global = globalFunctions(index);
  for (const r of seen) {
    if (r.kind === 'install') {
      installs.push(r);
      continue;
    }
    const definition =
      ownFunction(r) ?? global(r) ?? functionFrom(world, r.target, r.filePath) ?? declaredFunction(world, r);
    if (!definition) {
      // an address that is no function: a table whose slot's type isn't known
      if (definitionsFrom(world, r.target, r.filePath, [NameKind.Variable]).length) installs.push(r);
      continue;
    }
    const key = `${definition.file}:${definition.line}:${r.target}`;
    const known = byKey.get(key);
    if (known) known.registrations.push(r);
    else byKey.set(key, { name: r.target, definition, registrations: [r] });
  }
  const nearer = byNearness(from);
  return {
    implementations: sorted([...byKey.values()], from),
    installs: installs.sort((a, b) => nearer(a.filePath, b.filePath) || a.targetLine - b.targetLine),
    leftOut,
  };
}

/**
 * The file whose variable a holder of functions (`*name`, see index/link/holders.ts) is in code of `from`: its own static
 * one; '' for one that all see, and for any other slot.
 */
function holderFile(world: World, member: string, from: string): string {
  const name = heldVariable(member);
  const [first] = name === null ? [] : definitionsFrom(world, name, from, [NameKind.Variable]);
  return first?.static ? first.file : '';
}

/** A slot as code of some file sees it: `file` is that of the static variable which holds it, '' or nothing for any other. */
export interface SlotSeen extends SlotEnd {
  file?: string;
}

/** What a slot is that code of `from` names. */
export const slotSeen = (world: World, slot: SlotEnd, from: string): SlotSeen => {
  const file = slot.owner ? '' : holderFile(world, slot.member, from);
  return file ? { ...slot, file } : slot;
};

/** Is a slot that code of `file` names like this one the very same? */
export const isSameSlot = (world: World, slot: SlotSeen, file: string): boolean =>
  slot.owner !== '' || holderFile(world, slot.member, file) === (slot.file ?? '');

/** Tells of files whether a slot is the same there as in `from`. */
function sameHolder(world: World, member: string, from: string): (file: string) => boolean {
  if (heldVariable(member) === null || from === '') return () => true;
  const own = holderFile(world, member, from);
  const known = new Map<string, boolean>();
  return (file) => {
    let same = known.get(file);
    if (same === undefined) {
      same = holderFile(world, member, file) === own;
      known.set(file, same);
    }
    return same;
  };
}

/** The function of the registration's own file: most are, and a fan-out of a thousand must be quick. */
const ownFunction = (r: Registered): Definition | null =>
  r.own?.kind === NameKind.Function ? definitionOf(r.target, { ...r.own, file: r.file, type: '' }, r.filePath) : null;

/**
 * Functions that can't be mistaken: the one definition of their name, not static, in code that everybody sees. A slot
 * that simple_open stands in a thousand times asks for it once.
 */
function globalFunctions(index: IndexReader): (r: Registered) => Definition | null {
  const found = new Map<string, Definition | null>();
  return (r) => {
    if (!domainOf(r.filePath).startsWith('kernel/')) return null;
    const known = found.get(r.target);
    if (known !== undefined) return known;
    const [only, ...others] = index.names(r.target).filter((p) => FUNCTION_KINDS.includes(p.kind));
    const file = only ? index.pathOf(only.file) : '';
    const sure = only && others.length === 0 && (only.flags & NameFlag.Static) === 0 && domainOf(file) === 'kernel/*';
    const definition = sure ? definitionOf(r.target, only, file) : null;
    found.set(r.target, definition);
    return definition;
  };
}

/** The prototype of a function without a body in sight. */
function declaredFunction(world: World, r: Registered): Definition | null {
  const { index } = world;
  const isFunction = index
    .names(r.target)
    .some((p) => p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0);
  return isFunction ? (definitionsFrom(world, r.target, r.filePath, [NameKind.Declaration])[0] ?? null) : null;
}

/** Nearest files first; of those equally near what every kernel has before drivers, then by path. */
export function byNearness(from: string): (a: string, b: string) => number {
  const near = nearnessTo(from);
  return (a, b) => near(b) - near(a) || commonness(a) - commonness(b) || (a < b ? -1 : a > b ? 1 : 0);
}

const isBefore = (a: Registered, b: Registered): boolean =>
  a.filePath < b.filePath || (a.filePath === b.filePath && a.targetLine < b.targetLine);

/** Nearest first: a function counts by its nearest table; then core before drivers, then by the number of its tables. */
function sorted(list: Implementation[], from: string): Implementation[] {
  const near = nearnessTo(from);
  const ranked = list.map((i) => {
    let nearest = near(i.definition.file);
    // the registration to show is the nearest one, whatever was indexed first
    let first = 0;
    let best = -1;
    for (const [n, r] of i.registrations.entries()) {
      const nearness = near(r.filePath);
      nearest = Math.max(nearest, nearness);
      if (nearness < best || (nearness === best && !isBefore(r, i.registrations[first]))) continue;
      best = nearness;
      first = n;
    }
    if (first > 0) i.registrations.unshift(...i.registrations.splice(first, 1));
    return { i, nearest, common: commonness(i.definition.file) };
  });
  ranked.sort(
    (a, b) =>
      b.nearest - a.nearest ||
      a.common - b.common ||
      b.i.registrations.length - a.i.registrations.length ||
      (a.i.name < b.i.name ? -1 : 1),
  );
  return ranked.map(({ i }) => i);
}

/** Where something is put: registrations of a function, installs and registrations of a table. */
export interface Uses {
  registrations: Registered[];
  /** entries of linker sections, which nothing is called through: initcalls, exports, lists of symbols */
  entries: Registered[];
  leftOut: LeftOut;
}

/** Every registration that means this very definition, nearest to the reader first. */
export function usesOf(world: World, definition: Definition, from: string): Uses {
  const { index, architecture } = world;
  const all = index.registrationsOfTarget(definition.name).map((r) => withPath(index, r));
  const { seen, leftOut } = inDomain(all, (r) => r.filePath, from, architecture);
  const kinds = definition.kind === NameKind.Variable ? [NameKind.Variable] : [NameKind.Function, NameKind.Label];
  const nearer = byNearness(from);
  const uses: Uses = { registrations: [], entries: [], leftOut };
  for (const r of seen.sort((a, b) => nearer(a.filePath, b.filePath) || a.targetLine - b.targetLine))
    if (meant(world, r, definition, kinds)) (isSectionEntry(index, r) ? uses.entries : uses.registrations).push(r);
  return uses;
}

/** Does some code call pointers of a list's type? */
const isCalledList = (index: IndexReader, member: string): boolean =>
  index.dispatchesOfSlot('', `(${listOf(member)?.type})`).length > 0;

/** Where a function stands and may be called: registrations, and entries of the sections that some loop goes through. */
export function callableUses(world: World, definition: Definition, from: string): Registered[] {
  const { registrations, entries } = usesOf(world, definition, from);
  const called = entries.filter(
    (r) => listOf(r.holder) && (isInitcall(r.variable) || isCalledList(world.index, r.holder)),
  );
  return [...registrations.filter((r) => r.kind !== 'install'), ...called];
}

/** The slot that a registration puts its function into. */
export const slotOfUse = (world: World, { owner, member, holder, filePath }: Registered): SlotSeen =>
  holder ? slotSeen(world, { kind: 'slot', owner: '', member: holder }, filePath) : { kind: 'slot', owner, member };

/** Does this very definition stand in a slot or a list that code of `from` can see? The first that counts decides. */
export function isRegistered(world: World, definition: Definition, from: string): boolean {
  const { index, architecture } = world;
  const domain = domainOf(from);
  return index
    .registrationsOfTarget(definition.name)
    .map((r) => withPath(index, r))
    .some(
      (r) =>
        sameDomain(domain, domainOf(r.filePath), architecture) &&
        !isSectionEntry(index, r) &&
        meant(world, r, definition, [NameKind.Function, NameKind.Label]),
    );
}

function meant(world: World, r: Registered, definition: Definition, kinds: readonly NameKind[]): boolean {
  if (r.filePath === definition.file) return true;
  if (definition.kind === NameKind.Declaration) return true;
  const [first] = definitionsFrom(world, r.target, r.filePath, kinds);
  return first === undefined ? !definition.static : first.file === definition.file && first.line === definition.line;
}

/** `struct.member`, or the member alone where its struct isn't known; '' for a bare pointer. */
export const slotName = (r: { owner: string; member: string }): string =>
  r.owner ? `${r.owner}.${r.member}` : r.member;

/** How many functions stand in a slot, by the slot, the domain that asks and the architecture. */
const countsOf = keptByReader(() => new Map<string, number>());

/**
 * How many functions stand in `owner.member`, as code of the file `from` sees them: as many as `slotAnswer` has, without
 * a look at where each of ten thousand is defined.
 */
export function implementationCount(world: World, owner: string, member: string, from: string): number {
  const { index, architecture } = world;
  // what has no struct is told apart by more than its name
  if (!owner) return slotAnswer(world, owner, member, from).implementations.length;
  const counts = countsOf(index);
  const domain = domainOf(from);
  const key = `${owner}.${member} ${domain} ${architecture}`;
  const known = counts.get(key);
  if (known !== undefined) return known;
  const held = new Set<string>();
  const functions = new Map<string, boolean>();
  for (const { target, own, file, kind } of index.registrationsOfSlot(owner, member)) {
    if (kind === 'install' || !sameDomain(domain, domainOf(index.pathOf(file)), architecture)) continue;
    // a static one is its file's own, and has namesakes in others
    if (own?.kind === NameKind.Function && (own.flags & NameFlag.Static) !== 0)
      held.add(`${target} ${file}:${own.line}`);
    else if (own?.kind === NameKind.Function || isFunctionName(index, target, functions)) held.add(target);
  }
  counts.set(key, held.size);
  return held.size;
}

function isFunctionName(index: IndexReader, name: string, known: Map<string, boolean>): boolean {
  const is =
    known.get(name) ??
    index
      .names(name)
      .some(
        (p) =>
          FUNCTION_KINDS.includes(p.kind) || (p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0),
      );
  known.set(name, is);
  return is;
}
