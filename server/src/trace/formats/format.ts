/** What a format of frames is: one module each, put in order by formats.ts. */

import type { Assembly } from '../channel.ts';
import type { Segment } from '../lines/clean.ts';
import type { TraceText } from '../lines/text.ts';

/** One message of a line, as formats read it. */
export interface Message {
  /** line of the pasted text, 1-based */
  line: number;
  segment: Segment;
  /** the segment's text without the blanks around it */
  text: string;
  /** no other message stands in its line, so that it may go on in the next one */
  whole: boolean;
  /** bits of `Mark` */
  marks: number;
}

/** What lines with frames have and most lines of a log have not, as bits: characters, and how the line begins and ends. */
export const Mark = {
  Plus: 1 << 0,
  Colon: 1 << 1,
  Bar: 1 << 2,
  Square: 1 << 3,
  Equals: 1 << 4,
  Less: 1 << 5,
  X: 1 << 6,
  /** `us `, of a time */
  Micro: 1 << 7,
  /** two blanks at the front */
  Indent: 1 << 8,
  /** `#`, `@`, `(` and `=` behind the blanks at the front */
  FirstHash: 1 << 9,
  FirstAt: 1 << 10,
  FirstParen: 1 << 11,
  FirstEquals: 1 << 12,
  /** `:` or `)` in front of the blanks at the end */
  LastColon: 1 << 13,
  LastParen: 1 << 14,
  /** a map of bpftrace is open */
  InMap: 1 << 15,
} as const;

const tableOf = (marks: Record<string, number>): Uint16Array => {
  const table = new Uint16Array(128);
  for (const [c, mark] of Object.entries(marks)) table[c.charCodeAt(0)] = mark;
  return table;
};
const ANYWHERE = tableOf({
  ...{ '+': Mark.Plus, ':': Mark.Colon, '|': Mark.Bar, '[': Mark.Square },
  ...{ '=': Mark.Equals, '<': Mark.Less, x: Mark.X },
});
const FIRST = tableOf({ '#': Mark.FirstHash, '@': Mark.FirstAt, '(': Mark.FirstParen, '=': Mark.FirstEquals });
const LAST = tableOf({ ':': Mark.LastColon, ')': Mark.LastParen });

/** The marks of a segment's text, `trimmed` without the blanks around it: found once, as a dozen formats ask for them. */
export function marksOf(text: string, trimmed: string): number {
  let marks = text.includes('us ') ? Mark.Micro : 0;
  // letters beyond ASCII may give a mark too many, which costs a look
  for (let i = 0; i < text.length; i++) marks |= ANYWHERE[text.charCodeAt(i) & 127];
  if (text.charCodeAt(0) === 32 && text.charCodeAt(1) === 32) marks |= Mark.Indent;
  const first = trimmed.charCodeAt(0);
  const last = trimmed.charCodeAt(trimmed.length - 1);
  if (first < 128) marks |= FIRST[first];
  if (last < 128) marks |= LAST[last];
  return marks;
}

/** What all formats share while a text is read. */
export interface Reading {
  source: TraceText;
  assembly: Assembly;
  /** a map of bpftrace is open: names alone belong to it */
  inMap: boolean;
}

/**
 * One form that frames come in. `State` is what it remembers of the lines before; each text begins with a new one. Time
 * must stay linear in the text, whatever that is.
 */
export interface Format<State = null> {
  name: string;
  /** bits of `Mark`: only lines with one of them are read. Most lines of a log have none of any format */
  marks: number;
  begin(): State;
  /** reads a message into the assembly; tells how many lines of the text that took, 0 where it is none of its own */
  read(message: Message, reading: Reading, state: State): number;
  /** the message was none of its own, nor of a format before it: what it held back is over. `below`: the message */
  pass?(below: string, reading: Reading, state: State): void;
  /** the text is over */
  close?(reading: Reading, state: State): void;
}

/** Formats without a state. */
export const stateless = (): null => null;

/** Cuts the front off a segment. */
export const segmentFrom = (segment: Segment, at: number): Segment => ({
  ...segment,
  text: segment.text.slice(at),
  base: segment.base + at,
  map: segment.map?.subarray(at) ?? null,
});
