/**
 * Hunks of a combined diff (`git diff --cc`, of a merge): a column of marks for each parent. Held against the first parent
 * they are hunks like any other; see git-diff(1), “Combined diff format”.
 */
import type { QuotedLines } from './hunk.ts';
import { placeIn, unquote } from './mailLines.ts';
import type { Hunk, HunkLineKind } from './patchTypes.ts';

/** `@@@ -1261,3 -1261,4 +1261,4 @@@ section`: one more `@` than there are parents */
const HEADER = /^(@{3,9}) -(\d{1,9})(?:,(\d{1,9}))? ((?:-[\d,]{1,20} ){1,8})\+(\d{1,9})(?:,(\d{1,9}))? @{3,9} ?(.*)$/;

/** A hunk of a merge, still without lines, and the number of its parents. */
export interface CombinedHunk {
  hunk: Hunk;
  parents: number;
  /** lines of each side: the parents', then the result */
  counts: number[];
}

/** The header of a combined diff's hunk; null where the text is none. */
export function combinedHeader(text: string, line: number): CombinedHunk | null {
  const m = text.length < 2000 ? HEADER.exec(text) : null;
  if (!m) return null;
  const [, signs, oldStart, oldCount = '1', others, newStart, newCount = '1', section] = m;
  const parents = signs.length - 1;
  const counts = others
    .trim()
    .split(' ')
    .map((o) => Number(o.split(',')[1] ?? 1));
  if (counts.length !== parents - 1) return null;
  const hunk: Hunk = {
    ...{ line, oldStart: Number(oldStart), oldCount: Number(oldCount) },
    ...{ newStart: Number(newStart), newCount: Number(newCount), section: section.trim() },
    lines: [],
    damage: [`of a merge of ${parents}, judged against the first parent`],
  };
  return { hunk, parents, counts: [hunk.oldCount, ...counts, hunk.newCount] };
}

/** Reads the lines of a combined hunk whose header stands at `index`; returns the index where the next part starts. */
export function readCombined(
  { lines, depth }: QuotedLines,
  index: number,
  { hunk, parents, counts }: CombinedHunk,
): number {
  const left = [...counts];
  let next = index + 1;
  for (; next < lines.length && left.some((n) => n > 0); next++) {
    const { text, column } = unquote(lines[next].text, depth);
    const marks = text.slice(0, parents).padEnd(parents);
    if (!/^[ +-]*$/.test(marks)) break;
    const isGone = marks.includes('-');
    countLine(left, marks, isGone);
    const kind: HunkLineKind | null = isGone
      ? marks[0] === '-'
        ? 'remove'
        : null
      : marks[0] === '+'
        ? 'add'
        : 'context';
    if (kind)
      hunk.lines.push({ kind, text: text.slice(parents), ...placeIn(lines[next], column + parents), noNewline: false });
  }
  if (left.some((n) => n !== 0)) hunk.damage.push('its lines are not as many as its header says');
  return next;
}

/** Takes a line off what is left of each side: a parent has it unless the result added it, or another parent alone lost it. */
function countLine(left: number[], marks: string, isGone: boolean): void {
  for (let p = 0; p < marks.length; p++) if (marks[p] === (isGone ? '-' : ' ')) left[p]--;
  if (!isGone) left[marks.length]--;
}
