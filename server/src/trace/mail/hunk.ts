/** One hunk of a mailed patch, as far as mailers and reviewers left it whole. */

import { type Line, placeIn, unquote } from './mailLines.ts';
import type { Hunk, HunkLine, HunkLineKind } from './patchTypes.ts';

/** Lines that are read as one hunk at most: a generated header's diff is that long. */
const LONGEST_HUNK = 200_000;
/** The line that begins a mail in a mailbox, and a commit in what git format-patch writes. */
export const MAILBOX = /^From [0-9a-f]{7,40} .{0,60}$/;

/** Lines of a mail, and how deep the part is quoted that is read. */
export interface QuotedLines {
  lines: Line[];
  depth: number;
}

/** Is the line at `index` the `--- old` of a `--- old` / `+++ new` pair? */
export function isFilePair({ lines }: Pick<QuotedLines, 'lines'>, index: number, text: string, depth: number): boolean {
  return text.startsWith('--- ') && newFileLine({ lines }, index, depth) >= 0;
}

/** Index of the `+++ new` below a `--- old`, -1 where there is none: a mailer may have wrapped the time stamp's end. */
export function newFileLine({ lines }: Pick<QuotedLines, 'lines'>, index: number, depth: number): number {
  for (let i = index + 1; i <= index + 2 && i < lines.length; i++) {
    const { text } = unquote(lines[i].text, depth);
    if (text.startsWith('+++ ')) return i;
    if (!/^(?:[+-]\d{4}|[\d:.]{8,20}(?: [+-]\d{4})?|\d{4}-\d\d-\d\d .{0,40})$/.test(text)) return -1;
  }
  return -1;
}

/** A line of a hunk before it is clear what it is. */
interface RawLine {
  text: string;
  line: number;
  column: number;
}

/** Lines of the hunk at `index`, up to what can't belong to one, and where the next part starts. */
function hunkLines(
  part: QuotedLines,
  index: number,
  oldCount: number,
  newCount: number,
): { raw: RawLine[]; next: number } {
  const { lines, depth } = part;
  const raw: RawLine[] = [];
  let oldLeft = oldCount;
  let newLeft = newCount;
  let next = index;
  for (; next < lines.length && raw.length < LONGEST_HUNK; next++) {
    const { text, column, depth: own } = unquote(lines[next].text, depth);
    // a reviewer's words in between
    if (own < depth) {
      if (/^(?:diff --(?:git|cc|combined) |From [0-9a-f]{7})/.test(text)) break;
      continue;
    }
    const isFull = oldLeft <= 0 && newLeft <= 0;
    if ((isFull && !text.startsWith('\\')) || beginsOther(text)) break;
    if (isSignature(lines, next, text, oldLeft <= 0) || (oldLeft <= 0 && isFilePair(part, next, text, depth))) break;
    const c = text.charCodeAt(0);
    if (c === 43) newLeft--;
    else if (c === 45) oldLeft--;
    else if (c !== 92) {
      oldLeft--;
      newLeft--;
    }
    raw.push({ text, ...placeIn(lines[next], column) });
  }
  return { raw, next };
}

const beginsOther = (text: string): boolean =>
  text.startsWith('@@ -') ||
  text.startsWith('@@@ -') ||
  /^diff --(?:git|cc|combined) /.test(text) ||
  text.startsWith('Index: ') ||
  MAILBOX.test(text);

/** git ends a mail with `-- ` and its version: no removed line, unless the hunk still wants one and no version follows. */
const isSignature = (lines: readonly Line[], at: number, text: string, isOldFull: boolean): boolean =>
  /^-- ?$/.test(text) && (isOldFull || at + 1 >= lines.length || /^(?:> ?)*\d+\.\d/.test(lines[at + 1].text));

const MARKERS: Record<string, HunkLineKind> = { ' ': 'context', '+': 'add', '-': 'remove' };

/** Gives each raw line its kind. A line without a marker is context that lost its blank, or a wrapped line's rest. */
function markLines(raw: RawLine[], unmarked: 'context' | 'wrapped'): HunkLine[] {
  const lines: HunkLine[] = [];
  for (const { text, line, column } of raw) {
    const last = lines[lines.length - 1];
    if (text.startsWith('\\')) {
      if (last) last.noNewline = true;
      continue;
    }
    const kind = MARKERS[text[0]];
    if (kind) lines.push({ kind, text: text.slice(1), line, column: column + 1, noNewline: false });
    else if (unmarked === 'wrapped' && text !== '' && last) last.text = `${last.text.trimEnd()} ${text}`;
    else lines.push({ kind: 'context', text, line, column, noNewline: false });
  }
  return lines;
}

/** Lines of the old and of the new side. */
function sizes(lines: HunkLine[]): { old: number; new: number } {
  const added = lines.filter((l) => l.kind === 'add').length;
  const removed = lines.filter((l) => l.kind === 'remove').length;
  return { old: lines.length - added, new: lines.length - removed };
}

/** Cuts lines that the counts of the header leave no room for. */
function cutTo(lines: HunkLine[], oldCount: number, newCount: number): HunkLine[] {
  let oldLeft = oldCount;
  let newLeft = newCount;
  let end = 0;
  for (; end < lines.length && (oldLeft > 0 || newLeft > 0); end++) {
    if (lines[end].kind !== 'add') oldLeft--;
    if (lines[end].kind !== 'remove') newLeft--;
  }
  return end === lines.length ? lines : lines.slice(0, end);
}

/** `@@ -oldStart,oldCount +newStart,newCount @@ section` */
const HUNK = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)$/;

/** An empty hunk, as its header has it; null where the text is no header of one. A count that is left out is 1. */
export function hunkOfHeader(text: string, line: number): Hunk | null {
  const m = text.startsWith('@@ -') && text.length < 2000 ? HUNK.exec(text) : null;
  if (!m) return null;
  return {
    line,
    oldStart: Number(m[1]),
    oldCount: m[2] === undefined ? 1 : Number(m[2]),
    newStart: Number(m[3]),
    newCount: m[4] === undefined ? 1 : Number(m[4]),
    section: m[5].trim(),
    lines: [],
    damage: [],
  };
}

const isUnmarked = (l: RawLine): boolean => l.text !== '' && MARKERS[l.text[0]] === undefined && l.text[0] !== '\\';

function fits(lines: HunkLine[], { oldCount, newCount }: Hunk): boolean {
  const size = sizes(lines);
  return size.old === oldCount && size.new === newCount;
}

/** Reads the lines of a hunk whose header stands at `index` into it; returns the index where the next part starts. */
export function readHunk(part: QuotedLines, index: number, hunk: Hunk): number {
  const { oldCount, newCount } = hunk;
  let body = index + 1;
  let { raw, next } = hunkLines(part, body, oldCount, newCount);
  const stripped = mostLostBlank(raw);
  if (raw.length > 0 && isUnmarked(raw[0]) && !stripped) {
    // the header itself was wrapped
    hunk.section = `${hunk.section} ${raw[0].text}`.trim();
    hunk.damage.push('its header was wrapped');
    while (part.lines[body].line < raw[0].line) body++;
    body++;
    ({ raw, next } = hunkLines(part, body, oldCount, newCount));
  }
  const unmarked = raw.filter(isUnmarked).length;
  hunk.lines = markLines(raw, 'context');
  const joined = unmarked > 0 && !stripped ? joinWrapped(part, body, hunk, unmarked) : null;
  if (joined) {
    hunk.lines = joined.lines;
    next = joined.next;
    hunk.damage.push('lines were wrapped');
  }
  if (unmarked > 0 && hunk.damage.length === 0) hunk.damage.push('leading white space was stripped');
  if (!fits(hunk.lines, hunk)) {
    const size = sizes(hunk.lines);
    hunk.damage.push(
      `the header says ${oldCount} old and ${newCount} new lines, ${size.old} and ${size.new} are there`,
    );
  }
  return next;
}

/** A wrapped line's rest took the room of a line that comes later: what the hunk is with the rests joined, if that fits. */
function joinWrapped(
  part: QuotedLines,
  body: number,
  hunk: Hunk,
  unmarked: number,
): { lines: HunkLine[]; next: number } | null {
  const { oldCount, newCount } = hunk;
  const wide = hunkLines(part, body, oldCount + unmarked + 8, newCount + unmarked + 8);
  const lines = cutTo(markLines(wide.raw, 'wrapped'), oldCount, newCount);
  if (!fits(lines, hunk) && fits(hunk.lines, hunk)) return null;
  const lastLine = lines.at(-1)?.line ?? 0;
  let next = body;
  while (next < wide.next && part.lines[next].line <= lastLine) next++;
  return { lines, next };
}

/** Did the text lose the blank before every context line? Then no line starts with one that has text behind it. */
function mostLostBlank(raw: RawLine[]): boolean {
  const blank = raw.filter((l) => l.text.startsWith(' ') && l.text.length > 1).length;
  const bare = raw.filter(isUnmarked).length;
  return bare > blank;
}
