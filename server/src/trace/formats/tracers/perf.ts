/** Stacks as perf script prints them. */

import type { Segment } from '../../lines/clean.ts';
import { addFrame, announce, openKind } from '../../stacks.ts';
import type { Frame } from '../../types.ts';
import { type Format, Mark, stateless } from '../format.ts';
import { hexAt, makeFrame } from '../frames.ts';

const PERF_HEADER =
  /^(\S.{0,30}?)\s{1,4}(\d{1,9})(?:\/(\d{1,9}))?\s{1,4}(?:\[(\d{1,5})\]\s{1,4})?\d{1,12}\.\d{1,9}:\s{1,20}(?:\d{1,15}\s{1,4})?([\w:./-]{1,80}):/;

/** perf script's line above a stack: `cat  1234 [001] 12.345: 250000 cycles:`. */
export function perfHeader(text: string): { task: string; pid: number; cpu: number | null; event: string } | null {
  if (text.length > 400 || text.charCodeAt(0) === 35) return null;
  const m = PERF_HEADER.exec(text);
  return m ? { task: m[1], pid: Number(m[3] ?? m[2]), cpu: m[4] ? Number(m[4]) : null, event: m[5] } : null;
}

/** perf script: `\tffffffff8123 vfs_read+0x9f ([kernel.kallsyms])`, `(inlined)`, `([ext4])`, `(/lib/libc.so.6)`. */
export function perfFrame(segment: Segment, line: number): Frame | null {
  const s = segment.text;
  if (s.length > 2000) return null;
  const front = /^\s{1,24}([0-9a-f]{3,16}) (?=\S)/.exec(s);
  const open = front ? s.lastIndexOf(' (') : -1;
  if (!front || open < front[0].length || !/\)\s*$/.test(s.slice(-8))) return null;
  const object = s.slice(open + 2, s.lastIndexOf(')'));
  const at = front[0].length;
  let text = s.slice(at, open);
  const plus = text.lastIndexOf('+0x');
  const offset = plus > 0 ? hexAt(text, plus + 3) : null;
  if (offset && offset.end === text.length) text = text.slice(0, plus);
  const module = /^\[([\w-]{1,64})\]$/.exec(object);
  const known = text !== '[unknown]';
  const frame = makeFrame(segment, line, at, text, {
    address: front[1],
    offset: offset?.value ?? null,
    inlined: object === 'inlined',
    module: module ? module[1] : (/([\w-]{1,64})\.ko/.exec(object)?.[1].replaceAll('-', '_') ?? null),
    user: object.startsWith('/') && !/\.ko|vmlinux|\/proc\/kcore/.test(object),
  });
  if (module && /^(?:kernel|guest\.kernel|unknown|vdso|vsyscall|bpf)/.test(object.slice(1))) frame.module = null;
  if (object === '[unknown]' || object === '[vdso]') frame.user = true;
  if (!known) {
    frame.function = '';
    frame.suffixes = [];
  }
  return frame;
}

const isBlankAt = (text: string, at: number): boolean => text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9;

/** `cat  1234 [001] 12.345: cycles:` and the frames below it. */
export const PERF: Format = {
  name: 'perf',
  marks: Mark.LastColon | Mark.LastParen,
  begin: stateless,
  read({ line, segment, text, marks }, { assembly }) {
    const { caller } = segment;
    if (isBlankAt(segment.text, 0)) {
      if ((marks & Mark.LastParen) === 0) return 0;
      const frame = perfFrame(segment, line);
      if (!frame || (openKind(assembly, caller) !== 'perf' && frame.offset === null)) return 0;
      addFrame(assembly, caller, frame, 'perf');
      return 1;
    }
    const header = marks & Mark.LastColon ? perfHeader(segment.text) : null;
    if (!header) return 0;
    const { task, pid, cpu, event } = header;
    announce(assembly, caller, line, { title: event, kind: 'perf', task, pid, cpu: cpu ?? undefined }, text);
    return 1;
  },
};
