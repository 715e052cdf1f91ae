/** Stacks that are keys of bpftrace's maps. */

import type { Segment } from '../../lines/clean.ts';
import { addFrame, announce, endOpen } from '../../stacks.ts';
import type { Frame } from '../../types.ts';
import { type Format, Mark, type Message, type Reading, stateless } from '../format.ts';
import { makeFrame } from '../frames.ts';

/** bpftrace: `    vfs_read+1`, a decimal offset alone on its line. `plain` takes a name without an offset (bcc). */
export function bpfFrame(segment: Segment, line: number, plain: boolean): Frame | null {
  const s = segment.text;
  if (s.length > 600) return null;
  const m =
    /^\s{1,24}(?:b')?([A-Za-z_.$][\w.$]{0,400})(?:\+(0x[0-9a-f]{1,8}|\d{1,9}))?(?: \[([\w-]{1,64})\])?'?\s*$/.exec(s);
  if (!m || (m[2] === undefined && !plain)) return null;
  return makeFrame(segment, line, s.indexOf(m[1]), m[1], {
    offset: m[2] === undefined ? null : Number(m[2]),
    module: m[3] === undefined || m[3] === 'kernel' ? null : m[3],
  });
}

const MAP = /^@\w{0,100}\[(?:.{0,200},)?$/;

const isIndented = ({ text }: Segment): boolean => text.charCodeAt(0) === 32 || text.charCodeAt(0) === 9;

/** `@stacks[`, its frames, `]: 12`; and frames with a decimal offset wherever they stand. */
export const BPFTRACE: Format = {
  name: 'bpftrace',
  marks: Mark.FirstAt | Mark.Plus | Mark.InMap,
  begin: stateless,
  read(message, reading) {
    const { line, segment, text, marks } = message;
    const { assembly } = reading;
    if (text.startsWith('@') && MAP.test(text)) {
      endOpen(assembly, segment.caller);
      announce(assembly, segment.caller, line, { title: text.replace(/\[?,?$/, ''), kind: 'bpf' }, '');
      reading.inMap = true;
      return 1;
    }
    if (reading.inMap && readInMap(message, reading)) return 1;
    // a line of the kernel's log that another CPU's message cut short looks the same
    const isSure = isIndented(segment) && !segment.stamped && (marks & Mark.Plus) !== 0;
    const frame = isSure ? bpfFrame(segment, line, false) : null;
    if (!frame) return 0;
    addFrame(assembly, segment.caller, frame, 'bpf');
    return 1;
  },
};

/** A frame of a map's key, or what ends the key. Any other line ends the map. */
function readInMap({ line, segment, text }: Message, reading: Reading): boolean {
  const { assembly } = reading;
  const isEnd = text.startsWith(']') || text.startsWith(',');
  const frame = isEnd ? null : bpfFrame(segment, line, true);
  if (frame) {
    addFrame(assembly, segment.caller, frame, 'bpf');
    return true;
  }
  if (!isEnd) {
    reading.inMap = false;
    return false;
  }
  if (text.startsWith(']') || text.includes(']: ')) reading.inMap = false;
  endOpen(assembly, segment.caller);
  if (reading.inMap) announce(assembly, segment.caller, line, { title: '@', kind: 'bpf' }, null);
  return true;
}
