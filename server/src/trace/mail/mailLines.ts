/** Lines of a mail: decoded, and without the marks of who quotes whom. */
import { columnOf, linesDown } from '../lines/clean.ts';
import { decodeMail } from './decode.ts';

/** A line of the input as it is read: decoded, its place kept. */
export interface Line {
  text: string;
  line: number;
  /** where its characters stand, where they were decoded (see `DecodedLine`) */
  map?: Uint32Array;
  /** a hunk's header that stood at the end of another line */
  split?: boolean;
}

/** A line without its quoting. */
interface Unquoted {
  depth: number;
  text: string;
  column: number;
}

/** Takes at most `most` levels of mail quoting off, each with one blank behind it. */
export function unquote(text: string, most: number): Unquoted {
  let at = 0;
  let depth = 0;
  while (depth < most) {
    let next = at;
    // `> >`: one blank between marks, more belong to the text
    if (text.charCodeAt(next) === 32 && text.charCodeAt(next + 1) === 62 && depth > 0) next++;
    if (text.charCodeAt(next) !== 62) break;
    at = next + 1;
    depth++;
  }
  if (depth > 0 && text.charCodeAt(at) === 32) at++;
  return { depth, text: at === 0 ? text : text.slice(at), column: at };
}

/** How often a line is quoted, by the marks at its front. */
export const quoteDepth = (text: string): number => (text.charCodeAt(0) === 62 ? unquote(text, 64).depth : 0);

const ENTITIES: Record<string, string> = { '&lt;': '<', '&gt;': '>', '&amp;': '&', '&quot;': '"', '&#39;': "'" };

/** The text of a mail by its lines, and for each the place of its characters; what transport encoded is decoded. */
function rawLines(text: string): Line[] {
  const decoded = decodeMail(text);
  if (decoded) return decoded.map(({ text: own, line, map }) => (map ? { text: own, line, map } : { text: own, line }));
  const raw = text.split('\n');
  if (raw.length > 1 && raw[raw.length - 1] === '') raw.pop();
  return raw.map((line, i) => ({ text: line.endsWith('\r') ? line.slice(0, -1) : line, line: i + 1 }));
}

/**
 * Decodes a mail's lines: line ends, transport encodings, a web page's entities, format=flowed's stuffed blanks, the
 * dashes that a signature's program puts before others.
 */
export function linesOf(text: string): Line[] {
  const head = text.slice(0, 20_000);
  const flowed = /format=flowed/i.test(head) && /^content-type:/im.test(head);
  const escaped = /&(?:lt|gt);/.test(text) && !text.includes('<');
  const dashed = head.includes('-----BEGIN PGP SIGNED MESSAGE-----');
  const lines = rawLines(text);
  for (const line of lines) {
    if (escaped) line.text = line.text.replace(/&(?:lt|gt|amp|quot|#39);/g, (e) => ENTITIES[e]);
    if (flowed && line.text.startsWith(' ')) cutFront(line, 1);
    if (dashed && line.text.startsWith('- -')) cutFront(line, 2);
  }
  return withSplitHeaders(lines);
}

function cutFront(line: Line, count: number): void {
  line.text = line.text.slice(count);
  if (line.map) line.map = line.map.subarray(count);
}

/** Where a character of a line stands in the mail: line, 1-based, and column. */
export function placeIn({ line, map, text }: Line, at: number): { line: number; column: number } {
  if (!map || map.length === 0) return { line, column: at };
  const segment = { text, base: 0, map, caller: '', stamped: false };
  return { line: line + linesDown(segment, at), column: columnOf(segment, at) };
}

/** A hunk's header at the end of another line: a mailer took the line break between them for white space. */
const MIDLINE = /^(.*\S) ?(@@ -\d{1,9}(?:,\d{1,9})? \+\d{1,9}(?:,\d{1,9})? @@.*)$/;
const HEADER = /^@@ -\d{1,9}(?:,(\d{1,9}))? \+\d{1,9}(?:,(\d{1,9}))? @@/;

/** Parts lines that hold a hunk's header at their end, where the hunk that they stand in wants but that one line more. */
function withSplitHeaders(lines: Line[]): Line[] {
  if (!lines.some((l) => l.text.includes(' @@ -'))) return lines;
  const out: Line[] = [];
  let left = { old: 0, new: 0 };
  for (const line of lines) {
    const depth = quoteDepth(line.text);
    const { text, column } = unquote(line.text, depth);
    const header = HEADER.exec(text);
    if (header) left = { old: Number(header[1] ?? 1), new: Number(header[2] ?? 1) };
    else {
      const c = text.charCodeAt(0);
      if (c !== 43) left.old--;
      if (c !== 45) left.new--;
    }
    const split = !header && left.old === 0 && left.new === 0 ? MIDLINE.exec(text) : null;
    if (!split) {
      out.push(line);
      continue;
    }
    out.push({ ...line, text: line.text.slice(0, column) + split[1] });
    out.push({ ...line, text: line.text.slice(0, column) + split[2], split: true });
    const [, oldCount = 1, newCount = 1] = HEADER.exec(split[2]) ?? [];
    left = { old: Number(oldCount), new: Number(newCount) };
  }
  return out;
}
