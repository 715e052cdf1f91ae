/** Frames of GDB (kgdb too), crash and drgn: numbered, one after the other, `#0` first. */

import { sourceAt } from '../headings.ts';
import type { Segment } from '../lines/clean.ts';
import { nameStart } from '../names.ts';
import type { Frame, StackKind } from '../types.ts';
import { makeFrame } from './frames.ts';

/** A numbered frame and the debugger whose form it has. */
export interface NumberedFrame {
  frame: Frame;
  kind: StackKind;
}

const NUMBER = /^\s{0,12}#(\d{1,5})\s{1,4}/;

/** Could a message be a debugger's frame? Its number's length with the blanks around, or 0. */
export function numberLength(text: string): number {
  let i = 0;
  while (i < 12 && text.charCodeAt(i) === 32) i++;
  if (text.charCodeAt(i) !== 35) return 0;
  return NUMBER.exec(text)?.[0].length ?? 0;
}

/** How GDB's text so far can go on: it is whole, or needs the next line (an open parenthesis, an ` at ` to come). */
export interface Balance {
  depth: number;
  /** inside a string that GDB prints as an argument */
  quoted: boolean;
}

/** Follows parentheses and strings through one more piece of text. */
export function balance(text: string, from: number, state: Balance): Balance {
  let { depth, quoted } = state;
  for (let i = from; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (quoted) {
      if (c === 92) i++;
      else if (c === 34) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 40) depth++;
    else if (c === 41) depth--;
  }
  return { depth, quoted };
}

const FRONT_ADDRESS = /0x([0-9a-f]{1,16}) in /y;
const CRASH =
  /\[[0-9a-f]{8,16}\] ([A-Za-z_.][\w.$]{0,200}|\(null\))(?:\+(0x[0-9a-f]{1,8}|\d{1,9}))? at ([0-9a-f]{8,16})(?:\s{1,3}\[([A-Za-z0-9_-]{1,64})\])?(?:\s{1,3}\((?=\S)|\s*$)/y;
const DRGN_LONG = /at 0x([0-9a-f]{1,16}) \(([^()\s]{1,300})\)(?: in (\S{1,300}))?(?: at )?/y;
const DRGN_SYMBOL = /([A-Za-z_.$][\w.$]{0,200})\+0x([0-9a-f]{1,8})\/0x([0-9a-f]{1,8})\s*$/y;
/** of a drgn frame without debugging information of its own: `entry_SYSCALL_64+0x7c/0x15b (…)` */
const OFFSET = /\+0x([0-9a-f]{1,8})\/0x([0-9a-f]{1,8})$/;
const GDB_NAME = /[A-Za-z_.$?<][^\s(]{0,300}/y;

/** End of the parenthesised part that starts at `at`, or -1. Strings inside it are skipped. */
function closing(s: string, at: number): number {
  let depth = 0;
  let quoted = false;
  for (let i = at; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (quoted) {
      if (c === 92) i++;
      else if (c === 34) quoted = false;
    } else if (c === 34) quoted = true;
    else if (c === 40) depth++;
    else if (c === 41 && --depth === 0) return i + 1;
  }
  return -1;
}

/**
 * crash: `#2 [ffffc90000c0fe18] __schedule at ffffffff81a0a5d1 [ext4]`; `__schedule+617` with -s, `+0x269` with -s -x;
 * what people note behind it is the source, `(fs/jbd2/commit.c:497)`
 */
function crashFrame(segment: Segment, line: number, at: number, number: number): NumberedFrame | null {
  CRASH.lastIndex = at;
  const m = CRASH.exec(segment.text);
  if (!m) return null;
  const [, name, offset, address, module = null] = m;
  const nameAt = segment.text.indexOf('] ', at) + 2;
  const frame = makeFrame(segment, line, nameAt, name, { number, address, module });
  if (offset !== undefined) frame.offset = Number(offset);
  if (m[0].endsWith('(')) frame.source = sourceAt(segment.text, CRASH.lastIndex)?.place ?? null;
  if (name === '(null)') frame.function = '';
  return { frame, kind: 'crash' };
}

/** drgn: `#0  f (./kernel/sched/core.c:4683:2)`, `#1  f+0x10/0x20`, `#2 at 0x… (f+0x10/0x20) in f at file:1:2 (inlined)` */
function drgnFrame(segment: Segment, line: number, at: number, number: number): NumberedFrame | null {
  const s = segment.text;
  DRGN_LONG.lastIndex = at;
  const long = DRGN_LONG.exec(s);
  if (long) {
    const symbol = /^(.*)\+0x([0-9a-f]{1,8})\/0x([0-9a-f]{1,8})$/.exec(long[2]);
    const name = long[3] ?? symbol?.[1] ?? long[2];
    const nameAt = s.indexOf(name, s.indexOf(long[3] ? ') in ' : '(', at) + (long[3] ? 5 : 1));
    const source = sourceAt(s, DRGN_LONG.lastIndex);
    const inlined = source !== null && s.startsWith(' (inlined)', source.end);
    const frame = makeFrame(segment, line, nameAt, name, {
      number,
      address: long[1],
      // of an inlined function the offset is one in the function around it
      offset: symbol && !inlined ? Number.parseInt(symbol[2], 16) : null,
      size: symbol && !inlined ? Number.parseInt(symbol[3], 16) : null,
      source: source?.place ?? null,
      inlined,
    });
    return { frame, kind: 'drgn' };
  }
  DRGN_SYMBOL.lastIndex = at;
  const symbol = DRGN_SYMBOL.exec(s);
  if (symbol) {
    const frame = makeFrame(segment, line, at, symbol[1], {
      number,
      offset: Number.parseInt(symbol[2], 16),
      size: Number.parseInt(symbol[3], 16),
    });
    return { frame, kind: 'drgn' };
  }
  const paren = s.indexOf(' (', at);
  if (paren < 0 || paren - at > 300) return null;
  const offset = OFFSET.exec(s.slice(at, paren));
  const name = s.slice(at, offset ? at + offset.index : paren);
  const source = sourceAt(s, paren + 2);
  if (!source || !/^\)\s*$/.test(s.slice(source.end, source.end + 40)) || nameStart(name, name.length) !== 0)
    return null;
  const frame = makeFrame(segment, line, at, name, {
    number,
    offset: offset ? Number.parseInt(offset[1], 16) : null,
    size: offset ? Number.parseInt(offset[2], 16) : null,
    source: source.place,
  });
  return { frame, kind: 'drgn' };
}

/** Is the text between GDB's parentheses a list of arguments? `()`, `(...)`, `(a=1, b=<optimized out>)`. */
const isArguments = (args: string) => /^\((?:\s*|\.\.\.|[^=]{0,200}=[\s\S]*)\)$/.test(args);

/** GDB: `#1  0xffffffff811b6288 in read_pages (gfp=<optimised out>) at ../mm/readahead.c:121`, `from …`, `in ?? ()` */
function gdbFrame(segment: Segment, line: number, at: number, number: number): NumberedFrame | null {
  const s = segment.text;
  let i = at;
  FRONT_ADDRESS.lastIndex = i;
  const address = FRONT_ADDRESS.exec(s);
  if (address) i = FRONT_ADDRESS.lastIndex;
  if (s.startsWith('<signal handler called>', i)) {
    const text = '<signal handler called>';
    const frame = makeFrame(segment, line, i, text, {
      function: '',
      suffixes: [],
      number,
      address: address?.[1] ?? null,
    });
    return { frame, kind: 'gdb' };
  }
  GDB_NAME.lastIndex = i;
  const name = GDB_NAME.exec(s)?.[0];
  if (!name) return null;
  let open = i + name.length;
  while (s.charCodeAt(open) === 32 && open < i + name.length + 4) open++;
  const end = s.charCodeAt(open) === 40 ? closing(s, open) : -1;
  // cut off in the arguments: the name is still there
  const args = end < 0 ? '' : s.slice(open, end);
  const tail = end < 0 ? '' : s.slice(end).trim();
  const behind = /^(?:at|from)\s{1,200}(?=\S)/.exec(tail);
  if (end < 0 ? !(address && s.charCodeAt(open) === 40) : !isArguments(args) && !behind) return null;
  if (tail !== '' && !behind && !address) return null;
  const source = behind && tail.startsWith('at') ? sourceAt(tail, behind[0].length) : null;
  const library = behind && tail.startsWith('from') ? tail.slice(behind[0].length, behind[0].length + 300) : null;
  const frame = makeFrame(segment, line, i, name, {
    number,
    address: address?.[1] ?? null,
    source: source?.place ?? null,
    ...objectOf(library),
  });
  if (name.startsWith('??')) {
    frame.function = '';
    frame.suffixes = [];
  }
  return { frame, kind: 'gdb' };
}

/** What the object says that GDB prints behind `from`. */
function objectOf(library: string | null): Pick<Frame, 'module' | 'user'> {
  if (library === null || VMLINUX.test(library)) return { module: null, user: false };
  return { module: moduleOf(library), user: !/\.ko\b/.test(library) };
}

/** `/usr/lib/debug/boot/vmlinux-6.1`: the kernel itself */
const VMLINUX = /(?:^|\/)vmlinux(?:[-.][^/]{1,200})?$/;

/** `/lib/modules/6.1/kernel/fs/ext4/ext4.ko.debug` -> `ext4`; other objects keep their path. */
function moduleOf(path: string): string {
  const m = /([\w-]{1,64})\.ko(?:\.debug)?$/.exec(path);
  return m ? m[1].replaceAll('-', '_') : path;
}

/** The frame of a debugger in a message that starts with `#N`, wrapped lines joined already; null where it is none. */
export function numberedFrame(segment: Segment, line: number): NumberedFrame | null {
  const m = NUMBER.exec(segment.text);
  if (!m) return null;
  const number = Number(m[1]);
  const at = m[0].length;
  if (segment.text.charCodeAt(at) === 91) return crashFrame(segment, line, at, number);
  return drgnFrame(segment, line, at, number) ?? gdbFrame(segment, line, at, number);
}

/** crash: `    [exception RIP: sysrq_handle_crash+22]`, a decimal offset */
export function exceptionFrame(segment: Segment, line: number): Frame | null {
  const m = /^\s*\[exception (?:RIP|EIP|NIP|PC|pc): ([A-Za-z_.][\w.$]{0,200})\+(0x[0-9a-f]{1,8}|\d{1,9})\]/.exec(
    segment.text,
  );
  if (!m) return null;
  return makeFrame(segment, line, segment.text.indexOf(m[1]), m[1], { offset: Number(m[2]), kind: 'pc' });
}

/** crash -l: `    /usr/src/linux/kernel/sched/core.c: 3400`, the source of the frame above */
export function crashSource(text: string): { file: string; line: number } | null {
  const m = /^\s{1,12}([\w./+~-]{3,400}\.[chS]): {1,4}(\d{1,9})\s*$/.exec(text.length > 500 ? '' : text);
  return m ? { file: m[1], line: Number(m[2]) } : null;
}

/**
 * Marks what GDB shows as inlined: an outer frame that is printed without an address shares it with the frame above,
 * which is thus inlined into it. Says nothing where no frame has an address (`set print address off`).
 */
export function markInlined(frames: Frame[]): void {
  if (!frames.some((f) => f.address !== null)) return;
  for (let i = 0; i + 1 < frames.length; i++) {
    const below = frames[i + 1];
    if (below.address === null && below.function !== '' && below.number === (frames[i].number ?? -2) + 1) {
      frames[i].inlined = true;
    }
  }
}
