/** Which definition a name means in a file, after C's rules and the kernel's habits. */

import type { IndexReader } from '../../index/read/reader.ts';
import { NameFlag, NameKind, type NamePosting } from '../../index/store/postings.ts';
import { architectureOf, domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { isNoMmu, isUnseen } from '../../kernel/layout.ts';
import type { World } from '../world.ts';

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

/** How near a definition is to the file that names it; 0: out of its sight. */
function score(p: NamePosting, file: string, from: string, architecture: string): number {
  if (file === from) return 100;
  if (isUnseen(file, from)) return 0;
  const domain = domainOf(from);
  const other = domainOf(file);
  const arch = architectureOf(domain) ?? architecture;
  const seen = sameDomain(domain, other, architecture);
  const isStatic = (p.flags & NameFlag.Static) !== 0;
  // a static of another .c file is seen only where that file is #included: in the same folder at best
  if (isStatic && !file.endsWith('.h')) return folderOf(file) === folderOf(from) ? 20 : 0;
  if (!seen) return domain === 'kernel/*' && other.startsWith('kernel/') ? 5 : 0;
  let near = 40;
  if (folderOf(file) === folderOf(from)) near += 20;
  else if (file.split('/')[0] === from.split('/')[0]) near += 5;
  if (other === `kernel/${arch}`) near += 10;
  // a stub in a header gives way to the function itself
  if (file.endsWith('.h') && isStatic) near -= 8;
  if ((p.flags & NameFlag.Conditional) !== 0) near -= 1;
  if (isNoMmu(file)) near -= 3;
  return near;
}

/** Definitions that `name` may mean in the file `from`, nearest first; those out of its sight are left out. */
export function definitionsFrom(world: World, name: string, from: string, kinds: readonly NameKind[]): Definition[] {
  return scoredFrom(world, name, from, kinds).map((o) => o.d);
}

function scoredFrom(
  world: World,
  name: string,
  from: string,
  kinds: readonly NameKind[],
): { d: Definition; score: number }[] {
  const { index, architecture } = world;
  const out: { d: Definition; score: number }[] = [];
  for (const p of index.names(name)) {
    if (!kinds.includes(p.kind)) continue;
    if ((p.flags & NameFlag.Local) !== 0 && p.kind === NameKind.Variable) continue;
    const file = index.pathOf(p.file);
    const s = score(p, file, from, architecture);
    if (s > 0) out.push({ d: definitionOf(name, p, file), score: s });
  }
  return out.sort(
    (a, b) => b.score - a.score || (a.d.file < b.d.file ? -1 : a.d.file > b.d.file ? 1 : a.d.line - b.d.line),
  );
}

/** What a function's name may stand for: a body in C, or a label in assembly. */
export const FUNCTION_KINDS: readonly NameKind[] = [NameKind.Function, NameKind.Label];

/** The function a name means in a file; a prototype's place where there is no body to be found. */
export function functionFrom(world: World, name: string, from: string): Definition | null {
  return definitionsFrom(world, name, from, FUNCTION_KINDS)[0] ?? null;
}

/**
 * The functions that a name may mean in a file, one in each configuration: kfree() of mm/slab_common.c, that of mm/slob.c.
 * The first is the one that `functionFrom` takes.
 */
export function alternativesFrom(world: World, name: string, from: string): Definition[] {
  const [first, ...others] = scoredFrom(world, name, from, FUNCTION_KINDS);
  if (!first) return [];
  // a difference of one is that of a condition
  const equals =
    first.d.static || first.d.file === from ? [] : others.filter((o) => !o.d.static && o.score >= first.score - 1);
  return [first.d, ...equals.map((o) => o.d)];
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
