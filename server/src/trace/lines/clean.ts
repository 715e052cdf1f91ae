/**
 * Takes off what terminals, loggers, mailers and web pages put around a kernel's lines, and remembers where each
 * character stood.
 */
import { callerEnd, cpuColumnAt, mayHavePrefix, prefixAt, quoteEnd, stampEnd } from './prefixes.ts';

/** The text of one message, cleaned. A line holds several where a console lost the line break between them. */
export interface Segment {
  text: string;
  /** column of the text's first character in the line, for texts without a map */
  base: number;
  /**
   * where each character stood, where characters were dropped or decoded: its column, and above COLUMN_BITS how many
   * lines further down, where lines were joined
   */
  map: Uint32Array | null;
  /** printk's caller, `T123` or `C0` (CONFIG_PRINTK_CALLER), or '' */
  caller: string;
  /** a prefix of a logger stood before it */
  stamped: boolean;
}

/** Columns take the lower bits of a segment's map; no line that is read is as long. */
const COLUMN_BITS = 17;
const COLUMN_MASK = (1 << COLUMN_BITS) - 1;

/** A place in a segment's map: a 0-based column, `down` lines below the segment's own. */
export const packPlace = (down: number, column: number): number =>
  ((down << COLUMN_BITS) | Math.min(column, COLUMN_MASK)) >>> 0;

const placeAt = ({ map, base }: Segment, at: number): number => {
  if (!map) return base + at;
  if (map.length === 0) return base;
  return at < map.length ? map[at] : map[map.length - 1] + 1;
};

/** Column in the pasted line of the segment's character `at`. */
export const columnOf = (segment: Segment, at: number): number => placeAt(segment, at) & COLUMN_MASK;

/** How many lines below the segment's first one its character `at` stands. */
export const linesDown = (segment: Segment, at: number): number => placeAt(segment, at) >>> COLUMN_BITS;

const ENTITIES: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&apos;': "'",
  '&#39;': "'",
  '&#34;': '"',
  '&#x27;': "'",
  '&#43;': '+',
  '&nbsp;': ' ',
  '&#160;': ' ',
};
const ENTITY = /&(?:lt|gt|amp|quot|apos|nbsp|#39|#34|#x27|#43|#160);/g;
const BREAK_TAG = /<br ?\/?>\s*$/i;

const isControl = (c: number) =>
  (c < 32 && c !== 9) || c === 127 || (c >= 0x200b && c <= 0x200f) || c === 0x2060 || c === 0xfeff;
/** Blanks that mailers and web pages put in the place of plain ones. */
const WIDE_BLANK = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/;
const WIDE_BLANKS = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g;

/** End of the escape sequence at `at` (ECMA-48: CSI, OSC, or two characters). */
function escapeEnd(line: string, at: number): number {
  const kind = line.charCodeAt(at + 1);
  let i = at + 2;
  if (kind === 91) {
    while (i < line.length && line.charCodeAt(i) >= 32 && line.charCodeAt(i) <= 63) i++;
    return Math.min(i + 1, line.length);
  }
  if (kind === 93) {
    const limit = Math.min(line.length, at + 2048);
    while (i < limit && line.charCodeAt(i) !== 7 && line.charCodeAt(i) !== 27) i++;
    if (i >= limit) return at + 2;
    return line.charCodeAt(i) === 27 ? Math.min(i + 2, line.length) : i + 1;
  }
  return Math.min(i, line.length);
}

/** Text and columns of a line with escape sequences and control characters taken out. */
function withoutControls(line: string): { text: string; map: Uint32Array } {
  const map = new Uint32Array(line.length);
  const parts: string[] = [];
  let count = 0;
  let from = 0;
  for (let i = 0; i < line.length; ) {
    const c = line.charCodeAt(i);
    if (!isControl(c)) {
      map[count++] = i++;
      continue;
    }
    parts.push(line.slice(from, i));
    if (c === 13) {
      // a carriage return of its own: what follows was printed as a new line
      map[count++] = i;
      parts.push(' ');
    }
    i = c === 27 ? escapeEnd(line, i) : i + 1;
    from = i;
  }
  parts.push(line.slice(from));
  return { text: parts.join(''), map: map.subarray(0, count) };
}

/** Decodes the entities that web archives of logs and mails use. */
function withoutEntities(text: string, map: Uint32Array | null): { text: string; map: Uint32Array } {
  const out = new Uint32Array(text.length);
  const parts: string[] = [];
  let count = 0;
  let from = 0;
  const keep = (end: number) => {
    parts.push(text.slice(from, end));
    for (let i = from; i < end; i++) out[count++] = map ? map[i] : i;
  };
  ENTITY.lastIndex = 0;
  for (let m = ENTITY.exec(text); m; m = ENTITY.exec(text)) {
    keep(m.index);
    parts.push(ENTITIES[m[0]]);
    out[count++] = map ? map[m.index] : m.index;
    from = m.index + m[0].length;
  }
  keep(text.length);
  return { text: parts.join(''), map: out.subarray(0, count) };
}

/** A line while its prefixes are taken off: its text so far, its columns, and where the message begins. */
interface Front {
  text: string;
  map: Uint32Array | null;
  from: number;
  caller: string;
  stamped: boolean;
}

/** Cuts a segment out of a line. */
const segmentOf = ({ text, map, from, caller, stamped }: Front, to: number): Segment => ({
  text: from === 0 && to === text.length ? text : text.slice(from, to),
  base: from,
  map: map ? map.subarray(from, to) : null,
  caller,
  stamped,
});

/** Most lines: nothing but plain characters, and no sign of a web page. */
const PLAIN = /^[\t\x20-\x25\x27-\x3d\x3f-\x7e]*$/;

/** Takes out what terminals put into a line, and decodes what web pages make of it. */
function decode(front: Front): void {
  if (PLAIN.test(front.text)) return;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\x00-\x08\x0a-\x1f\x7f\u200b-\u200f\u2060\ufeff]/.test(front.text))
    Object.assign(front, withoutControls(front.text));
  for (let i = 0; i < 2 && front.text.includes('&') && front.text.search(ENTITY) >= 0; i++)
    Object.assign(front, withoutEntities(front.text, front.map));
  if (WIDE_BLANK.test(front.text)) front.text = front.text.replace(WIDE_BLANKS, ' ');
  const { text } = front;
  if (!text.endsWith('>')) return;
  const tail = Math.min(12, text.length);
  const tag = text.slice(-tail).search(BREAK_TAG);
  if (tag >= 0) front.text = text.slice(0, text.length - tail + tag);
}

/** Begins the message behind a time stamp, and behind printk's caller id where one stands at `at`. */
function passStamp(front: Front, stamp: number, at: number): void {
  front.from = stamp;
  front.stamped = true;
  const id = callerEnd(front.text, at);
  if (id <= 0) return;
  front.caller = front.text.slice(at, id).replace(/[[\] ]/g, '');
  front.from = id;
}

/** The prefix at a place: a CPU's column only where a stamp stands before it. */
const prefixOf = ({ text, stamped, caller }: Front, at: number): { end: number; caller: string } | null =>
  (stamped && caller === '' ? cpuColumnAt(text, at) : null) ?? prefixAt(text, at);

/** Takes one prefix off: quote marks with what stands behind them, a time stamp, what a logger prints. False for none. */
function takePrefix(front: Front): boolean {
  const { text, from } = front;
  let end = quoteEnd(text, from);
  const quoted = end > from;
  if (text.charCodeAt(end) === 32) {
    // blanks before a prefix go with it; before anything else they are the message's
    let next = end;
    while (next < end + 3 && text.charCodeAt(next) === 32) next++;
    if (stampEnd(text, next) > 0 || callerEnd(text, next) > 0 || prefixOf(front, next)) end = next;
  }
  const stamp = stampEnd(text, end);
  if (stamp > 0) {
    passStamp(front, stamp, text.charCodeAt(stamp) === 32 ? stamp + 1 : stamp);
    return true;
  }
  // printk.time=0 leaves the caller id alone
  const id = callerEnd(text, end);
  if (id > 0) {
    passStamp(front, id, end);
    return true;
  }
  const prefix = end < text.length ? prefixOf(front, end) : null;
  if (prefix) {
    front.from = prefix.end;
    front.stamped = true;
    if (prefix.caller) front.caller = prefix.caller;
    return true;
  }
  // one blank belongs to the quote mark
  if (quoted) front.from = text.charCodeAt(end) === 32 ? end + 1 : end;
  return quoted;
}

/** What syslog daemons and JSON write for the line breaks in a message. */
const SPLIT = /#012|\\n/;
const SPLITS = /#012|\\n/g;

/** The parts of a message whose line breaks were written out; null where `\\n` is just text. */
function splitAt(front: Front): Segment[] | null {
  const { text } = front;
  if (!text.includes('#012') && !text.includes('+0x')) return null;
  const parts: Segment[] = [];
  const add = (to: number) => {
    if (!/\S/.test(text.slice(front.from, to))) return;
    // each may have a prefix of its own, above all a time stamp
    const part = { ...front, text: text.slice(0, to) };
    for (let turn = 0; turn < 4 && mayHavePrefix(part.text.charCodeAt(part.from)); turn++) if (!takePrefix(part)) break;
    parts.push(segmentOf(part, to));
  };
  SPLITS.lastIndex = front.from;
  for (let m = SPLITS.exec(text); m; m = SPLITS.exec(text)) {
    add(m.index);
    front.from = SPLITS.lastIndex;
  }
  add(text.length);
  return parts.length > 0 ? parts : null;
}

/**
 * The messages of one line without prefixes. Almost always one; more where a console printed a time stamp in the middle
 * of a line, as the text before it was never ended by a line break. Time is linear in the line's length.
 */
export function cleanLine(line: string): Segment[] {
  const front: Front = { text: line, map: null, from: 0, caller: '', stamped: false };
  decode(front);
  const { text } = front;
  // each turn takes off one prefix; a line has a handful
  for (let turn = 0; turn < 12 && mayHavePrefix(text.charCodeAt(front.from)); turn++) if (!takePrefix(front)) break;
  const parts = SPLIT.test(text) ? splitAt(front) : null;
  if (parts) return parts;
  // a stamp further on: another message begins there
  let next = text.indexOf('[', front.from + 1);
  let segments: Segment[] | null = null;
  while (next >= 0) {
    const stamp = stampEnd(text, next);
    if (stamp > 0) {
      segments ??= [];
      if (/\S/.test(text.slice(front.from, next))) segments.push(segmentOf(front, next));
      front.caller = '';
      passStamp(front, stamp, stamp);
    }
    next = text.indexOf('[', Math.max(next + 1, front.from));
  }
  const last = segmentOf(front, text.length);
  if (!segments) return [last];
  segments.push(last);
  return segments;
}
