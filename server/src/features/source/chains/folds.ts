/** Long lists of steps: 25,000 functions call kfree(). The nearest stand for themselves, the rest folded by folders. */

import type { ChainFold, ChainStep } from './model.ts';

/** A step that may be made: where it lies is known before that. */
export interface Way {
  /** file of its node; '' for a slot */
  file: string;
  /** it lies outside of the context */
  outside: boolean;
  make(): Omit<ChainStep, 'outside'> | null;
}

/** Of no more steps than this, files are read for where their characters stand. */
export const FEW = 80;
/** More steps than this are not told at once. */
const MANY = 1000;
/** Of those, so many of the nearest stand for themselves. */
const NEAREST = 40;
/** Folds are of the first folders of a path, then of one more each time. */
const FIRST_FOLDERS = 2;

/** What is to be told of a list. */
interface Folded {
  ways: Way[];
  folds: ChainFold[];
}

/** The folder of the first so many parts of a path, with a slash; the whole folder of a shorter one. */
function topOf(file: string, parts: number): string {
  const folders = file.split('/').slice(0, -1);
  return folders
    .slice(0, parts)
    .map((folder) => `${folder}/`)
    .join('');
}

/** A list as it is told: whole, or folded; `within`: the fold of it that is opened, whose folder that is. */
export function fold(ways: readonly Way[], within: string | null, outside: boolean): Folded {
  if (within === null && ways.length <= MANY) return { ways: [...ways], folds: [] };
  const near = new Set(ways.filter((way, n) => way.file === '' || (n < NEAREST && !way.outside)));
  const rest = ways.filter((way) => !near.has(way));
  if (within === null) return { ways: [...near], folds: byFolder(rest, FIRST_FOLDERS) };
  const inside = rest.filter((way) => way.outside === outside && way.file.startsWith(within));
  if (inside.length <= MANY) return { ways: inside, folds: [] };
  const isHere = ({ file }: Way): boolean => !file.slice(within.length).includes('/');
  return {
    ways: inside.filter(isHere),
    folds: byFolder(
      inside.filter((way) => !isHere(way)),
      within.split('/').length,
    ),
  };
}

/** Folds in the order of the first of each, those outside behind the others. */
function byFolder(ways: readonly Way[], parts: number): ChainFold[] {
  const folds = new Map<string, ChainFold>();
  for (const { file, outside } of ways) {
    const within = topOf(file, parts);
    const key = `${outside} ${within}`;
    const known = folds.get(key);
    if (known) known.count++;
    else folds.set(key, { within, count: 1, ...(outside ? { outside } : {}) });
  }
  return [...folds.values()];
}
