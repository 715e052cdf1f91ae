/** Which definition a name means in a file, after C's rules and the kernel's habits. */

import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind, type NamePosting } from '../../index/store/postings.ts';
import { architectureOf, domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { isGlobalHeader, isNoMmu, isUnseen } from '../../kernel/layout.ts';
import { nearness } from '../../kernel/proximity.ts';
import type { World } from '../world.ts';
import { isSeenAlike, type Sight, sightOf } from './includes.ts';

/** Where a name is defined, or declared: 1-based line and byte column. */
export interface Definition {
  name: string;
  kind: NameKind;
  file: string;
  line: number;
  column: number;
  static: boolean;
  macro: boolean;
  /** index in the file's facts of that kind */
  index: number;
}

/** A definition from where the index has it. */
export const definitionOf = (name: string, p: NamePosting, file: string): Definition => ({
  name,
  kind: p.kind,
  file,
  line: p.line,
  column: p.column,
  static: (p.flags & NameFlag.Static) !== 0,
  macro: (p.flags & NameFlag.Macro) !== 0,
  index: p.index,
});

/** How near a definition is to the file that names it; 0: out of its sight, unless it is #included. */
function score(p: NamePosting, file: string, from: string, architecture: string): number {
  if (file === from) return 100;
  if (isUnseen(file, from)) return 0;
  const domain = domainOf(from);
  const other = domainOf(file);
  const seen = sameDomain(domain, other, architecture);
  const isStatic = (p.flags & NameFlag.Static) !== 0;
  // a static of another .c file is seen only where that file is #included: in the same folder at best
  if (isStatic && !file.endsWith('.h')) return folderOf(file) === folderOf(from) && domain === other ? 20 : 0;
  return seen ? nearScore(p, file, from, domain, architecture) : 0;
}

function nearScore(p: NamePosting, file: string, from: string, domain: string, architecture: string): number {
  const other = domainOf(file);
  let near = 40;
  if (folderOf(file) === folderOf(from)) near += 20;
  else if (file.split('/')[0] === from.split('/')[0]) near += 5;
  if (other === `kernel/${architectureOf(domain) ?? architecture}`) near += 10;
  // what a program has itself is not the kernel's
  if (other === domain && domain.startsWith('program/')) near += 30;
  // a stub in a header gives way to the function itself
  if (file.endsWith('.h') && (p.flags & NameFlag.Static) !== 0) near -= 8;
  if ((p.flags & NameFlag.Conditional) !== 0) near -= 1;
  if (isNoMmu(file)) near -= 3;
  return near;
}

/** How a file comes to see a definition, the surest first. */
type Sighting =
  /** it stands in the file itself */
  | 'own'
  /** it stands in what the file #includes, or in what #includes the file */
  | 'included'
  /** the architecture's own, which the linker takes in the place of a weak one in the file itself */
  | 'override'
  /** it is the linker's, and both files see a declaration of it; or a symbol of assembly */
  | 'declared'
  /** nothing is known but that it lies near */
  | 'near';

/** A definition that a name may mean, and how its file sees it. */
export interface Meaning {
  definition: Definition;
  sighting: Sighting;
  conditional: boolean;
  score: number;
}

interface Candidate {
  p: NamePosting;
  file: string;
  score: number;
}

/** What other files get from the linker, not from an #include. */
const isLinked = ({ p }: Candidate): boolean =>
  p.kind === NameKind.Label ||
  ((p.kind === NameKind.Function || p.kind === NameKind.Variable) && (p.flags & NameFlag.Static) === 0);

const isDeclaration = (p: NamePosting): boolean => p.kind === NameKind.Declaration;

/**
 * What `name` may mean in the file `from`, nearest first, as a compiler and a linker would have it: what stands in the
 * file or in what it #includes, and what is declared there and defined elsewhere. Where that comes to nothing, what
 * lies near: a generated header, or a folder that only a Makefile names, must not hide what there is.
 */
export const meaningsFrom = (world: World, name: string, from: string, kinds: readonly NameKind[]): Meaning[] =>
  meaningsIn(world, name, from, kinds).meanings;

/** What a name means in a file. */
interface MeaningsIn {
  meanings: Meaning[];
  /** is it the same in each file of its folder? Of ten thousand files that call kfree(), most need not be looked at */
  ofFolder: boolean;
}

function meaningsIn(world: World, name: string, from: string, kinds: readonly NameKind[]): MeaningsIn {
  const { index, architecture } = world;
  const all = index.names(name);
  const candidates: Candidate[] = [];
  for (const p of all) {
    if (!kinds.includes(p.kind)) continue;
    if ((p.flags & NameFlag.Local) !== 0 && p.kind === NameKind.Variable) continue;
    const file = index.pathOf(p.file);
    candidates.push({ p, file, score: score(p, file, from, architecture) });
  }
  const inSight = candidates.filter((c) => c.score > 0);
  // a header of a few files is seen by those that #include it
  const common = inSight.filter((c) => !isPrivate(c.file, from));
  const near = common.length > 0 ? common : inSight;
  const folder = folderOf(from);
  const ofFolder = domainOf(from) === 'kernel/*' && candidates.every((c) => folderOf(c.file) !== folder);
  if (near.length === 1 || (near.length === 0 && candidates.length === 0))
    return { meanings: near.map((c) => meaning(name, c, c.file === from ? 'own' : 'near')), ofFolder };
  const own = near.filter((c) => c.file === from && !isDeclaration(c.p));
  // a file's own is what it means, unless only some configurations have it
  if (own.some(isAlways)) {
    const overrides = from.endsWith('.c') && own.every(isLinked) ? near.filter((c) => isOverride(world, c, from)) : [];
    const seen = new Map<Candidate, Sighting>(own.map((c) => [c, 'own']));
    for (const c of overrides) seen.set(c, 'override');
    return { meanings: sorted(name, seen), ofFolder: false };
  }
  const mayHideIt =
    near === inSight ? [] : inSight.filter((c) => isPrivate(c.file, from) && nearness(c.file, from) > 1);
  const isCommon =
    own.length === 0 && mayHideIt.length === 0 && domainOf(from).startsWith('kernel/') && near.every(isLinked);
  if (isCommon && isSeenAlike(world, name, from, () => isDeclaredOnce(world, all, near)))
    return { meanings: sorted(name, new Map(near.map((c) => [c, 'declared']))), ofFolder };
  return { meanings: sorted(name, sightings(world, all, candidates, from)), ofFolder: false };
}

/**
 * Do all of them see one and the same declaration? Then whoever sees that may get any, as its configuration has it. Where
 * a macro of the name hides every declaration, nothing tells them apart either.
 */
function isDeclaredOnce(world: World, all: readonly NamePosting[], linked: readonly Candidate[]): boolean {
  const sees = ({ file }: Candidate, header: string): boolean => file === header || sightOf(world, file)(header);
  const headers = all.filter(isDeclaration).map((p) => world.index.pathOf(p.file));
  return (
    headers.some((header) => linked.every((c) => c.p.kind === NameKind.Label || sees(c, header))) ||
    !headers.some((header) => linked.some((c) => sees(c, header)))
  );
}

/**
 * Has the architecture in view a function of its own in the place of one that generic code defines? That one is weak, or
 * left out by the configuration: two of a name are not linked.
 */
const isOverride = ({ architecture }: World, c: Candidate, from: string): boolean =>
  c.p.kind === NameKind.Function &&
  c.file.endsWith('.c') &&
  isLinked(c) &&
  domainOf(from) === 'kernel/*' &&
  architectureOf(domainOf(c.file)) === architecture;

/** A header outside the folders that every file includes from, and those around `from`. */
const isPrivate = (file: string, from: string): boolean =>
  file.endsWith('.h') && file !== from && !isGlobalHeader(file) && !from.startsWith(`${folderOf(file)}/`);

/** Of macros and types nothing tells in which configurations they are there. */
const isAlways = ({ p }: Candidate): boolean => (p.flags & NameFlag.Conditional) === 0;

const meaning = (name: string, { p, file, score }: Candidate, sighting: Sighting): Meaning => ({
  definition: definitionOf(name, p, file),
  sighting,
  conditional: (p.flags & NameFlag.Conditional) !== 0,
  score,
});

/** How `from` sees each of the candidates; those it doesn't are left out. */
function sightings(
  world: World,
  all: readonly NamePosting[],
  candidates: readonly Candidate[],
  from: string,
): Map<Candidate, Sighting> {
  const { index } = world;
  const sees = sightOf(world, from);
  const declared = new Set<string>();
  for (const p of all) if (isDeclaration(p)) declared.add(index.pathOf(p.file));
  for (const file of declared) if (file !== from && !sees(file)) declared.delete(file);
  const out = new Map<Candidate, Sighting>();
  for (const c of candidates) {
    const how = sightingOf(world, c, from, sees, declared);
    if (how) out.set(c, how);
  }
  // what only lies near is not meant where something is in sight
  for (const ofKind of [isDeclaration, (p: NamePosting) => !isDeclaration(p)]) {
    const group = [...out].filter(([c]) => ofKind(c.p));
    if (group.some(([, how]) => how !== 'near')) for (const [c, how] of group) if (how === 'near') out.delete(c);
  }
  putBehind(
    world,
    [...out.keys()].filter((c) => c.file.endsWith('.h') && !isDeclaration(c.p)),
  );
  return out;
}

/** More headers than this are no few ways to configure one thing. */
const MAX_HEADERS = 8;
/** What a header brings in that defines the same: behind it, whatever its #if says, and an architecture's own first. */
const BEHIND = 3;

function putBehind(world: World, headers: Candidate[]): void {
  if (headers.length < 2 || headers.length > MAX_HEADERS) return;
  const sights = headers.map((c) => sightOf(world, c.file));
  for (const [i, c] of headers.entries())
    if (headers.some((o, j) => o.file !== c.file && sights[j](c.file) && !sights[i](o.file))) c.score -= BEHIND;
}

function sightingOf(
  world: World,
  c: Candidate,
  from: string,
  sees: Sight,
  declared: ReadonlySet<string>,
): Sighting | null {
  const { file } = c;
  if (file === from) return 'own';
  if (isForeign(world, file, from)) return null;
  if (sees(file)) return 'included';
  if (c.score > 0 && isLinked(c)) {
    if (c.p.kind === NameKind.Label) return declared.size > 0 ? 'declared' : 'near';
    const seen = declared.size > 0 ? sightOf(world, file) : null;
    if (seen && [...declared].some((d) => d === file || seen(d))) return 'declared';
  } else if (isIncluded(from) && sightOf(world, file)(from)) return 'included';
  return c.score > 0 ? 'near' : null;
}

/** Another architecture's: no #include leads there. */
function isForeign({ architecture }: World, file: string, from: string): boolean {
  const other = architectureOf(domainOf(file));
  const own = architectureOf(domainOf(from)) ?? architecture;
  return other !== null && other !== own && !(own === 'um' && other === 'x86');
}

/** May other files #include it? */
const isIncluded = (file: string): boolean => file.endsWith('.h') || file.endsWith('.c');

function sorted(name: string, seen: ReadonlyMap<Candidate, Sighting>): Meaning[] {
  return [...seen]
    .map(([c, how]) => meaning(name, c, how))
    .sort((a, b) => {
      const [one, other] = [a.definition, b.definition];
      return b.score - a.score || (one.file < other.file ? -1 : one.file > other.file ? 1 : one.line - other.line);
    });
}

/** Definitions that `name` may mean in the file `from`, nearest first; those out of its sight are left out. */
export const definitionsFrom = (world: World, name: string, from: string, kinds: readonly NameKind[]): Definition[] =>
  meaningsFrom(world, name, from, kinds).map((m) => m.definition);

/** What a function's name may stand for: a body in C, or a label in assembly. */
export const FUNCTION_KINDS: readonly NameKind[] = [NameKind.Function, NameKind.Label];

/** The function a name means in a file; a prototype's place where there is no body to be found. */
export function functionFrom(world: World, name: string, from: string): Definition | null {
  return definitionsFrom(world, name, from, FUNCTION_KINDS)[0] ?? null;
}

/**
 * The functions that a name may mean in a file, one in each configuration: kfree() of mm/slab_common.c and that of
 * mm/slob.c; the stub in a header and the function that another arm of its #if declares. The first is the one that
 * `functionFrom` takes. `tell` hears whether they are the same for each file of the folder.
 */
export function alternativesFrom(
  world: World,
  name: string,
  from: string,
  tell?: (ofFolder: boolean) => void,
): Definition[] {
  const { meanings, ofFolder } = meaningsIn(world, name, from, FUNCTION_KINDS);
  tell?.(ofFolder);
  return alternatives(meanings).map((m) => m.definition);
}

/** Of what a name may mean, nearest first: what it means in one configuration or another. */
export function alternatives([first, ...others]: readonly Meaning[]): Meaning[] {
  if (!first) return [];
  const linked = [first, ...others].find((m) => !m.definition.static);
  return [
    first,
    ...others.filter(({ definition, sighting, score }) => {
      if (sighting === 'own' || sighting === 'included' || sighting === 'override') return true;
      if (definition.static) return false;
      // a difference of one is that of a condition
      return linked !== undefined && score >= linked.score - 1 && (sighting !== 'near' || !first.definition.static);
    }),
  ];
}

/** The definition of a name that stands on a line of a file; of several that of the kind, if one is wanted. */
export function definitionAt(
  index: IndexReader,
  place: { name: string; file: string; line: number },
  kinds?: readonly NameKind[],
): Definition | null {
  for (const p of index.names(place.name)) {
    if (p.line !== place.line || (kinds && !kinds.includes(p.kind))) continue;
    const file = index.pathOf(p.file);
    if (file === place.file) return definitionOf(place.name, p, file);
  }
  return null;
}
