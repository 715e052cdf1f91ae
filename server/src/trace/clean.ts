/**
 * Takes off what terminals, loggers, mailers and web pages put around a kernel's lines, and remembers where each
 * character stood.
 */

/** The text of one message, cleaned. A line holds several where a console lost the line break between them. */
export interface Segment {
  text: string;
  /** column of the text's first character in the line, for texts without a map */
  base: number;
  /** column of each character, where characters were dropped or decoded */
  map: Uint32Array | null;
  /** printk's caller, `T123` or `C0` (CONFIG_PRINTK_CALLER), or '' */
  caller: string;
  /** a prefix of a logger stood before it */
  stamped: boolean;
}

/** Column in the pasted line of the segment's character `at`. */
export function columnOf(segment: Segment, at: number): number {
  if (!segment.map) return segment.base + at;
  const { map } = segment;
  if (map.length === 0) return segment.base;
  return at < map.length ? map[at] : map[map.length - 1] + 1;
}

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

const isControl = (c: number) => (c < 32 && c !== 9) || c === 127;

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

const isDigit = (c: number) => c >= 48 && c <= 57;

/** End of printk's time stamp at `at`: `[  640.907585]`, dmesg -H `[  +0.000012]`, -d `[  1.2345 <  0.0001>]`; or -1. */
function stampEnd(s: string, at: number): number {
  if (s.charCodeAt(at) !== 91) return -1;
  let i = at + 1;
  while (i < at + 14 && s.charCodeAt(i) === 32) i++;
  if (s.charCodeAt(i) === 43) i++;
  const digits = i;
  while (i < digits + 12 && isDigit(s.charCodeAt(i))) i++;
  if (i === digits || s.charCodeAt(i) !== 46) return -1;
  const fraction = ++i;
  while (i < fraction + 10 && isDigit(s.charCodeAt(i))) i++;
  if (i <= fraction + 2) return -1;
  if (s.charCodeAt(i) === 93) return i + 1;
  if (s.charCodeAt(i) !== 32 || s.charCodeAt(i + 1) !== 60) return -1;
  const close = s.slice(i, i + 24).indexOf('>]');
  return close < 0 ? -1 : i + close + 2;
}

/** End of printk's caller id at `at`: `[T123]`, `[    C0]`. -1 where there is none. */
function callerEnd(s: string, at: number): number {
  if (s.charCodeAt(at) !== 91) return -1;
  let i = at + 1;
  while (i < at + 12 && s.charCodeAt(i) === 32) i++;
  const kind = s.charCodeAt(i++);
  if (kind !== 84 && kind !== 67) return -1;
  const digits = i;
  while (i < digits + 10 && isDigit(s.charCodeAt(i))) i++;
  return i > digits && s.charCodeAt(i) === 93 ? i + 1 : -1;
}

const TIME = String.raw`\d\d:\d\d:\d\d(?:[.,]\d{1,9})?`;
/** Prefixes of loggers, each followed by the message; tried where the text before is used up. */
const PREFIXES: { first: string; pattern: RegExp; caller?: number }[] = [
  // <6>: the level of syslog(2) and pstore
  { first: '<', pattern: /<\d{1,3}>/y },
  // 6,1234,5678901,-,caller=T1;: /dev/kmsg
  {
    first: '0123456789',
    pattern: /\d{1,3},\d{1,20},\d{1,20},[-+cCfF](?:,(?:caller=([TC]\d{1,10}))?[^;\s]{0,100})?;/y,
    caller: 1,
  },
  // Jan  5 12:34:56 host kernel: syslog and journalctl
  {
    first: 'JFMASOND',
    pattern: new RegExp(
      String.raw`[A-Z][a-z]{2} {1,2}\d{1,2} ${TIME} [^\s:]{1,100} [^\s:[]{1,60}(?:\[\d{1,10}\])?: ?`,
      'y',
    ),
  },
  // 2024-01-05T12:34:56.123456+01:00 host kernel: journalctl -o short-iso, rsyslog
  {
    first: '0123456789',
    pattern: new RegExp(
      String.raw`\d{4}-\d\d-\d\d[T ]${TIME}(?:Z|[+-]\d\d:?\d\d)? [^\s:]{1,100} [^\s:[]{1,60}(?:\[\d{1,10}\])?: ?`,
      'y',
    ),
  },
  // 01-05 12:34:56.789  1234  1234 E kernel  : logcat -v threadtime
  {
    first: '0123456789',
    pattern: new RegExp(String.raw`\d\d-\d\d ${TIME} {1,6}\d{1,8} {1,6}\d{1,8} [VDIWEFS] [^:]{1,40}: ?`, 'y'),
  },
  // E/kernel  (  123): logcat -v brief
  { first: 'VDIWEF', pattern: /[VDIWEF]\/[^(\s]{1,30} {0,20}\( {0,8}\d{1,8}\): ?/y },
  // kern  :warn  : dmesg -x
  { first: 'kudsl', pattern: /(?:kern|user|daemon|syslog|local\d) {0,8}:[a-z]{3,6} {0,8}: ?/y },
  // [Fri Jan  5 12:34:56 2024] dmesg -T
  { first: '[', pattern: new RegExp(String.raw`\[[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} ${TIME} \d{4}\] ?`, 'y') },
  // [Jan 5 12:34] dmesg -H, where the minute changes
  { first: '[', pattern: /\[[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d\] ?/y },
  // Fri Jan  5 12:34:56 2024 kern.warn kernel: OpenWrt's logread
  {
    first: 'MTWFS',
    pattern: new RegExp(
      String.raw`[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} ${TIME} \d{4} \w{1,10}\.\w{1,10} [^\s:]{1,40}: ?`,
      'y',
    ),
  },
  // [2024-01-05 12:34:56.789] terminal programs
  { first: '[', pattern: new RegExp(String.raw`\[(?:\d{4}-\d\d-\d\d[T ])?${TIME}(?:Z|[+-]\d\d:?\d\d)?\] ?`, 'y') },
  // 2024-01-05T12:34:56.123456+01:00 alone: dmesg --time-format iso, CI systems
  { first: '0123456789', pattern: new RegExp(String.raw`\d{4}-\d\d-\d\d[T ]${TIME}(?:Z|[+-]\d\d:?\d\d)? `, 'y') },
  // [0:  kworker/0:1:   23] and (0)[123:comm]: vendors' Android kernels
  { first: '[', pattern: /\[\d{1,2}: {0,16}[^\]\s]{1,24}: {0,8}\d{1,8}\] ?/y },
  { first: '(', pattern: /\(\d{1,2}\)\[\d{1,8}:[^\]]{1,24}\] ?/y },
  { first: '[', pattern: /\[pid:\d{1,8},cpu\d{1,4},[^\]]{1,40}\] ?/y },
  { first: 'k', pattern: /kernel: /y },
  { first: '*', pattern: /\*\* \d{1,9} printk messages dropped (?:\*\*)? ?/y },
];

/** The prefixes that may start with a character, by its code. */
const PREFIXES_BY_CODE = Array.from({ length: 128 }, (_, code) =>
  PREFIXES.filter((p) => p.first.includes(String.fromCharCode(code))),
);

/** Does a prefix of a logger stand at `at`? Its end, and the caller it names. */
function prefixAt(s: string, at: number): { end: number; caller: string } | null {
  for (const { pattern, caller } of PREFIXES_BY_CODE[s.charCodeAt(at)] ?? []) {
    pattern.lastIndex = at;
    const m = pattern.exec(s);
    if (m) return { end: pattern.lastIndex, caller: (caller && m[caller]) || '' };
  }
  return null;
}

/** End of mail quoting at `at`: `> > `, `>>`, `| `. KASAN's memory dumps start with `>` too, which does no harm. */
function quoteEnd(s: string, at: number): number {
  let i = at;
  let end = at;
  for (let marks = 0; marks < 64 && i < s.length; ) {
    const c = s.charCodeAt(i);
    if (c === 62) {
      end = ++i;
      marks++;
    } else if (c === 32 && i === end && s.charCodeAt(i + 1) === 62) i++;
    else break;
  }
  return end;
}

/** May a prefix or a quote mark start with the character? */
function mayHavePrefix(c: number): boolean {
  return c === 62 || c === 32 || (c < 128 && PREFIXES_BY_CODE[c].length > 0);
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

/** Takes out what terminals put into a line, and decodes what web pages make of it. */
function decode(front: Front): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(front.text)) Object.assign(front, withoutControls(front.text));
  for (let i = 0; i < 2 && front.text.includes('&') && front.text.search(ENTITY) >= 0; i++)
    Object.assign(front, withoutEntities(front.text, front.map));
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

/** Takes one prefix off: quote marks with what stands behind them, a time stamp, what a logger prints. False for none. */
function takePrefix(front: Front): boolean {
  const { text, from } = front;
  let end = quoteEnd(text, from);
  const quoted = end > from;
  if (text.charCodeAt(end) === 32) {
    // blanks before a prefix go with it; before anything else they are the message's
    let next = end;
    while (next < end + 3 && text.charCodeAt(next) === 32) next++;
    if (stampEnd(text, next) > 0 || prefixAt(text, next)) end = next;
  }
  const stamp = stampEnd(text, end);
  if (stamp > 0) {
    passStamp(front, stamp, text.charCodeAt(stamp) === 32 ? stamp + 1 : stamp);
    return true;
  }
  const prefix = end < text.length ? prefixAt(text, end) : null;
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
