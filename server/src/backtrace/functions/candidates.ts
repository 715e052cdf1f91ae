/** A function as a trace names it -> the places of this tree that it may mean, and how sure that is. */

import type { IndexReader } from '../../index/read/reader.ts';
import { architectureOf, domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { isNoMmu } from '../../kernel/layout.ts';
import { nearness } from '../../kernel/proximity.ts';
import { syscallParts } from '../../kernel/syscalls.ts';
import { type FunctionPlace, placesNamed } from './functionPlaces.ts';
import { isPrintedAs } from './printedPath.ts';

/** What is known of the function that is looked for. */
export interface FunctionQuestion {
  /** without compiler suffixes */
  name: string;
  /** file as the trace prints it, perhaps with folders in front that are not the tree's; null where it prints none */
  file: string | null;
  /** files of the module that it runs in, objects' sources; null where it is in the kernel itself or that isn't known */
  moduleFiles: ReadonlySet<string> | null;
  /** the trace names a module */
  inModule: boolean;
  /** files of neighbours in the trace, nearest first */
  near: readonly string[];
  /** folder of arch/ */
  architecture: string;
}

/** The places that a function may be at. */
export interface FunctionAnswer {
  /** best first; empty where the tree has no such function */
  places: FunctionPlace[];
  /** no other place can be meant */
  certain: boolean;
}

/** How well a place fits what is asked; negative: it can't be meant. */
function fitness(place: FunctionPlace, q: FunctionQuestion, printed: boolean): number {
  const domain = domainOf(place.file);
  if (!sameDomain('kernel/*', domain, q.architecture)) return -1;
  let score = 0;
  if (printed && q.file !== null && isPrintedAs(place.file, q.file)) score += 1000;
  const isHeader = place.file.endsWith('.h');
  if (q.moduleFiles?.has(place.file)) score += 500;
  // a stub in a header stands in for what is not configured: it leaves no frame
  if (isHeader && place.static) score -= 60;
  if (isNoMmu(place.file)) score -= 100;
  if (place.kind === 'declaration') score -= isHeader ? 20 : 0;
  if (architectureOf(domain)) score += 70;
  if (/_32\.[cS]$/.test(place.file)) score -= 50;
  if (/^arch\/\w+\/(?:boot|um)\//.test(place.file)) score -= 150;
  if (/(?:^|[/_-])(?:tiny|up|stubs|slob)\.c$/.test(place.file)) score -= 40;
  let near = 0;
  q.near.forEach((file, i) => {
    near = Math.max(near, nearness(place.file, file) * 10 - i);
  });
  score += near;
  if (!q.inModule && /^(?:drivers|sound)\//.test(place.file)) score -= 15;
  if (!place.static) score += 10;
  return score;
}

/** The places that a frame's function may be, best first. */
export function functionPlaces(index: IndexReader, q: FunctionQuestion): FunctionAnswer {
  let all = placesNamed(index, q.name);
  const isOurs = (p: FunctionPlace): boolean => sameDomain('kernel/*', domainOf(p.file), q.architecture);
  if (!all.some((p) => p.kind !== 'declaration' && isOurs(p)))
    for (const name of syscallParts(q.name, q.architecture)) {
      const others = placesNamed(index, name).filter((p) => p.kind !== 'declaration' && isOurs(p));
      if (others.length) {
        all = others;
        break;
      }
    }
  const ranked = all
    .map((place) => ({ place, score: fitness(place, q, true) }))
    .filter((r) => r.score > -1000 && sameDomain('kernel/*', domainOf(r.place.file), q.architecture))
    .sort(
      (a, b) =>
        b.score - a.score ||
        (a.place.file < b.place.file ? -1 : a.place.file > b.place.file ? 1 : a.place.line - b.place.line),
    );
  if (ranked.length === 0) return { places: [], certain: false };
  const [first, second] = ranked;
  const certain =
    first.place.kind !== 'declaration' &&
    (second === undefined || first.score - second.score >= 100 || isOtherArm(first.place, second.place));
  return { places: ranked.map((r) => r.place), certain };
}

/** The stub of the same function, or its other #if arm: whichever is compiled, the name means one thing. */
function isOtherArm(first: FunctionPlace, second: FunctionPlace): boolean {
  return second.static && second.file.endsWith('.h') && !first.static && folderOf(first.file) !== folderOf(second.file);
}
