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
/** What is to be told of a list. */
interface Folded {
  ways: Way[];
  folds: ChainFold[];
}

/** A list as it is told: whole, or folded; `within`: the fold of it that is opened, whose folder that is. */
export function fold(ways: readonly Way[], within: string | null, outside: boolean): Folded {
  if (within === null && ways.length <= MANY) return { ways: [...ways], folds: [] };
  const near = new Set(ways.filter((way, n) => way.file === '' || (n < NEAREST && !way.outside)));
  const rest = ways.filter((way) => !near.has(way));
  if (within === null) return { ways: [...near], folds: [...byFolder(rest, false), ...byFolder(rest, true)] };
  const inside = rest.filter((way) => way.outside === outside && way.file.startsWith(within));
  if (inside.length <= MANY) return { ways: inside, folds: [] };
  return { ways: inside.filter(({ file }) => isIn(file, within)), folds: byFolder(inside, outside, within) };
}

/** Does a file lie in a folder itself, and in none below it? */
const isIn = (file: string, folder: string): boolean => file.lastIndexOf('/') < folder.length;

/** Folds by one folder more than `within`, in the order of the first of each. Where all have the next in common, by the one behind. */
function byFolder(all: readonly Way[], outside: boolean, within = ''): ChainFold[] {
  const ways = all.filter((way) => way.outside === outside && !isIn(way.file, within));
  const folds = new Map<string, ChainFold>();
  for (const { file } of ways) {
    const folder = file.slice(0, file.indexOf('/', within.length) + 1);
    const known = folds.get(folder);
    if (known) known.count++;
    else folds.set(folder, { within: folder, count: 1, ...(outside ? { outside } : {}) });
  }
  const [only] = folds.keys();
  const isOne = folds.size === 1 && ways.length > 1 && !ways.some(({ file }) => isIn(file, only));
  return isOne ? byFolder(ways, outside, only) : [...folds.values()];
}
