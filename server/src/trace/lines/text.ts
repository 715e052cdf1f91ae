/** The lines of a pasted text, cut out when asked for: a day's log is not worth a string for each of its lines. */

/** Longest part of a line that is read, in UTF-16 units; a frame of GDB with many strings stays far below. */
export const LONGEST_LINE = 65_536;

/** A text by its lines. Indexes of lines are 0-based. */
export interface TraceText {
  text: string;
  /** where each line starts */
  starts: number[];
  /** length at which a terminal cut lines, -1 for none, 0 for too few lines to tell; null until someone asks */
  hardWidth: number | null;
}

/** Finds the lines of a text; one that ends in a line break has no empty line behind it. */
export function newTraceText(text: string): TraceText {
  if (text === '') return { text, starts: [], hardWidth: null };
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  if (starts.length > 1 && starts[starts.length - 1] === text.length) starts.pop();
  return { text, starts, hardWidth: null };
}

/** A line as it stands, without its end, cut to what is read. */
export function rawLine({ text, starts }: TraceText, index: number): string {
  const start = starts[index];
  let end = index + 1 < starts.length ? starts[index + 1] - 1 : text.length;
  if (index + 1 === starts.length && text.charCodeAt(end - 1) === 10) end--;
  while (end > start && text.charCodeAt(end - 1) === 13) end--;
  if (end - start > LONGEST_LINE) end = start + LONGEST_LINE;
  return text.slice(start, end);
}

/** Is only the front of a line read? */
export function isTooLong({ text, starts }: TraceText, index: number): boolean {
  return (index + 1 < starts.length ? starts[index + 1] : text.length) - starts[index] > LONGEST_LINE + 2;
}

/** Narrower than any terminal. */
const NARROWEST = 40;

/**
 * Did a terminal cut lines of this length? Then nearly all long lines of the text have the same length; where lines
 * were broken between words, their lengths differ. Of few lines, the usual widths of terminals decide.
 */
export function isHardWidth(source: TraceText, width: number): boolean {
  if (width < NARROWEST) return false;
  source.hardWidth ??= hardWidthOf(source);
  if (source.hardWidth !== 0) return width === source.hardWidth;
  return width >= 80 && (width % 10 === 0 || width === 132);
}

function hardWidthOf(source: TraceText): number {
  const counts = new Map<number, number>();
  let widest = 0;
  for (let i = 0; i < source.starts.length; i++) {
    const length = rawLine(source, i).length;
    counts.set(length, (counts.get(length) ?? 0) + 1);
    if (length > widest) widest = length;
  }
  let near = 0;
  let other = 0;
  for (const [length, count] of counts) {
    if (length <= widest - 15) continue;
    near += count;
    if (length !== widest && count > other) other = count;
  }
  const most = counts.get(widest) ?? 0;
  if (most >= 3 && most >= other * 3) return widest;
  return near >= 6 ? -1 : 0;
}
