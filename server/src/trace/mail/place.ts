/** Where a hunk belongs in a file's present lines: found by content, as line numbers drift. */
import type { Hunk, HunkLine } from './patchTypes.ts';

/**
 * - `applies`: the old side stands where the hunk says;
 * - `drifted`: the old side stands elsewhere;
 * - `applied`: the new side stands there already;
 * - `conflicts`: neither is found whole.
 */
export type PlacementState = 'applies' | 'applied' | 'drifted' | 'conflicts';

/** Where a hunk stands in a file's present lines, and how surely. */
export interface Placement {
  state: PlacementState;
  /** first line of the hunk in the file, 1-based; for `conflicts` the best guess */
  line: number;
  /** lines between where it is and where the hunk says, 0 where it did not move */
  drift: number;
  /** share of the side's lines that stand there, 0 to 1 */
  matched: number;
  /** false: white space had to be left out, or context at the ends */
  exact: boolean;
  /** false: it stands in several places, and the nearest was taken */
  unique: boolean;
}

/** A file's lines with what finding needs; build it once for all hunks of a file. */
export interface LineIndex {
  lines: string[];
  /** a number per distinct line, trailing white space left out */
  exact: Int32Array;
  /** the same, any white space left out */
  loose: Int32Array;
  exactIds: Map<string, number>;
  looseIds: Map<string, number>;
}

const looseKey = (line: string) => line.replace(/\s+/g, '');

function idsOf(lines: string[], key: (line: string) => string): { ids: Int32Array; map: Map<string, number> } {
  const map = new Map<string, number>();
  const ids = new Int32Array(lines.length);
  for (let i = 0; i < lines.length; i++) {
    const k = key(lines[i]);
    let id = map.get(k);
    if (id === undefined) {
      id = map.size;
      map.set(k, id);
    }
    ids[i] = id;
  }
  return { ids, map };
}

/** Prepares a file's lines (without line ends) for `placeHunk`. */
export function indexLines(lines: string[]): LineIndex {
  const exact = idsOf(lines, (l) => l.trimEnd());
  const loose = idsOf(lines, looseKey);
  return { lines, exact: exact.ids, loose: loose.ids, exactIds: exact.map, looseIds: loose.map };
}

/** Every place of `side` in `file`, 0-based, by Knuth, Morris and Pratt: linear whatever the lines are. */
function findAll(file: Int32Array, side: number[]): number[] {
  const places: number[] = [];
  if (side.length === 0 || side.length > file.length || side.includes(-1)) return places;
  const back = new Int32Array(side.length);
  for (let i = 1, k = 0; i < side.length; i++) {
    while (k > 0 && side[i] !== side[k]) k = back[k - 1];
    if (side[i] === side[k]) k++;
    back[i] = k;
  }
  for (let i = 0, k = 0; i < file.length; i++) {
    while (k > 0 && file[i] !== side[k]) k = back[k - 1];
    if (file[i] === side[k]) k++;
    if (k === side.length) {
      places.push(i - k + 1);
      k = back[k - 1];
    }
  }
  return places;
}

interface Found {
  at: number;
  unique: boolean;
  exact: boolean;
  matched: number;
}

function nearest(places: number[], expected: number): { at: number; unique: boolean } | null {
  let best = -1;
  for (const at of places) if (best < 0 || Math.abs(at - expected) < Math.abs(best - expected)) best = at;
  return best < 0 ? null : { at: best, unique: places.length === 1 || best === expected };
}

/** Context lines that may be missing at both ends together, as patch(1)'s fuzz allows. */
const FUZZ = [0, 1, 2];

/** Looks for one side: exactly, without white space, and with context taken off its ends. */
function findSide(index: LineIndex, side: HunkLine[], expected: number): Found | null {
  const passes: [Int32Array, Map<string, number>, (l: string) => string, boolean][] = [
    [index.exact, index.exactIds, (l) => l.trimEnd(), true],
    [index.loose, index.looseIds, looseKey, false],
  ];
  const leading = side.findIndex((l) => l.kind !== 'context');
  const trailing = [...side].reverse().findIndex((l) => l.kind !== 'context');
  for (const fuzz of FUZZ) {
    // of a side that is context alone nothing may go: any line would do then
    const top = Math.min(fuzz, Math.max(0, leading));
    const bottom = Math.min(fuzz, Math.max(0, trailing));
    if (fuzz > 0 && top + bottom === 0) break;
    const core = side.slice(top, side.length - bottom);
    if (core.length < 3 && fuzz > 0) break;
    for (const [file, ids, key, exact] of passes) {
      const numbers = core.map((l) => ids.get(key(l.text)) ?? -1);
      const found = nearest(findAll(file, numbers), expected + top);
      if (found) {
        return {
          at: found.at - top,
          unique: found.unique,
          exact: exact && fuzz === 0,
          matched: core.length / side.length,
        };
      }
    }
  }
  return null;
}

/** Lines more common than this say nothing about the place. */
const COMMON = 8;

/** Where most of the side's rarer lines stand: the best guess for what is not there as a whole. */
function guess(index: LineIndex, side: HunkLine[], expected: number): { at: number; matched: number } {
  const places = new Map<number, number[]>();
  const wanted = new Set(side.map((l) => index.looseIds.get(looseKey(l.text)) ?? -1));
  for (let i = 0; i < index.loose.length; i++) {
    const id = index.loose[i];
    if (!wanted.has(id)) continue;
    const list = places.get(id);
    if (list) list.push(i);
    else places.set(id, [i]);
  }
  const votes = new Map<number, number>();
  side.forEach((l, offset) => {
    const at = places.get(index.looseIds.get(looseKey(l.text)) ?? -1);
    if (!at || at.length > COMMON) return;
    for (const i of at) votes.set(i - offset, (votes.get(i - offset) ?? 0) + 1);
  });
  let best = expected;
  let most = 0;
  for (const [at, count] of votes) {
    if (count > most || (count === most && Math.abs(at - expected) < Math.abs(best - expected))) {
      best = at;
      most = count;
    }
  }
  let matched = 0;
  side.forEach((l, offset) => {
    const at = best + offset;
    if (at >= 0 && at < index.loose.length && index.loose[at] === index.looseIds.get(looseKey(l.text))) matched++;
  });
  return { at: Math.max(0, best), matched: side.length === 0 ? 0 : matched / side.length };
}

/**
 * Finds a hunk in a file: its old side at its line, near it, anywhere; else its new side, which means that it is
 * applied already. Where both stand there (a hunk at a file's end has no context behind it), the longer one decides.
 * O(file + hunk) for an index of lines.
 */
export function placeHunk(hunk: Hunk, file: string[] | LineIndex): Placement {
  const index = Array.isArray(file) ? indexLines(file) : file;
  const oldSide = hunk.lines.filter((l) => l.kind !== 'add');
  const newSide = hunk.lines.filter((l) => l.kind !== 'remove');
  // line 0 with no lines stands for “before the first line”
  const oldLine = hunk.oldStart - (hunk.oldCount === 0 ? 0 : 1);
  const newLine = hunk.newStart - (hunk.newCount === 0 ? 0 : 1);
  const asOld = findSide(index, oldSide, oldLine);
  const asNew = findSide(index, newSide, newLine);
  const whole = (f: Found | null, side: HunkLine[]) => (f ? f.matched * side.length + (f.exact ? 0.5 : 0) : -1);
  if (asNew && hunk.lines.some((l) => l.kind !== 'context') && whole(asNew, newSide) > whole(asOld, oldSide)) {
    const { at, unique, exact, matched } = asNew;
    return { state: 'applied', line: at + 1, drift: at - newLine, matched, exact, unique };
  }
  if (asOld) {
    const { at, unique, exact, matched } = asOld;
    const drift = at - oldLine;
    return { state: drift === 0 ? 'applies' : 'drifted', line: at + 1, drift, matched, exact, unique };
  }
  if (oldSide.length === 0) {
    const empty = index.lines.length === 0 || (index.lines.length === 1 && index.lines[0] === '');
    const line = Math.max(1, Math.min(oldLine + 1, index.lines.length));
    return {
      state: empty || hunk.oldStart > 0 ? 'applies' : 'conflicts',
      line,
      drift: 0,
      matched: 0,
      exact: true,
      unique: true,
    };
  }
  const { at, matched } = guess(index, oldSide, oldLine);
  return { state: 'conflicts', line: at + 1, drift: at - oldLine, matched, exact: false, unique: false };
}
