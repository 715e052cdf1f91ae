/** What a pasted trace holds, as plain data. Lines are 1-based; columns are 0-based UTF-16 units of the pasted text. */
import type { ToolKind } from './formats/kinds.ts';

/**
 * What a frame's place in the code stands for:
 * - `pc`: the exact place where a CPU was (RIP, PC, NIP, epc, the interrupted place inside a stack);
 * - `lr`: what the link register held; printed beside `pc`, it may be stale and is no frame of its own;
 * - `call`: a return address, that is: behind the call to the frame above;
 * - `place`: a place that a message names (`BUG: KASAN: … in f+0x1/0x2`, `, at: f+0x1/0x2`), not part of a chain;
 * - `event`: a function that a tracer saw entered.
 */
export type FrameKind = 'pc' | 'lr' | 'call' | 'place' | 'event';

/** A file and line that a trace names, as printed: `../fs/ext4/inode.c`, 3308. */
export interface SourcePlace {
  file: string;
  line: number;
  column: number | null;
  discriminator: number | null;
  /** the function there, where the text names it */
  function?: string;
}

/** One function of a stack, as the text prints it; what is not printed is null or empty. */
export interface Frame {
  /** line of the pasted text, 1-based */
  line: number;
  /** columns of the function's name in that line, [start, end) */
  start: number;
  end: number;
  /** the function as printed, compiler suffixes included; the address where no name is known, `??` in GDB */
  text: string;
  /** the function without compiler suffixes; '' where the trace knows no name */
  function: string;
  /** compiler suffixes in their order: `.isra.0`, `.cold` */
  suffixes: string[];
  /** position in the function, and the function's size, in bytes */
  offset: number | null;
  size: number | null;
  module: string | null;
  buildId: string | null;
  /** hexadecimal digits as printed, without 0x; 64 bits do not fit a number */
  address: string | null;
  source: SourcePlace | null;
  /** the lines of what was inlined there, innermost first, where decode_stacktrace.sh prints them before `source` */
  inlinedAt: SourcePlace[];
  /** false for `? f` and `(unreliable)`: an address found on the stack that may belong to no call */
  reliable: boolean;
  /** this function was inlined into the frame below */
  inlined: boolean;
  kind: FrameKind;
  /** number of the frame, where the debugger prints one */
  number: number | null;
  /** `IRQ`, `NMI`, `TASK`: the section of the stack that the frame stands in */
  section: string | null;
  /** nesting in a function_graph trace, 0 for the outermost */
  depth: number | null;
  /** what the line says about the place: a lock's name, the message before it */
  label: string | null;
  /** code of a program or a library, not of the kernel */
  user: boolean;
}

/** The report that a stack belongs to, or the tool that printed it. `plain`: nothing says. */
export type StackKind =
  | 'oops'
  | 'bug'
  | 'warning'
  | 'panic'
  | 'kasan'
  | 'kmsan'
  | 'kcsan'
  | 'kfence'
  | 'ubsan'
  | 'lockdep'
  | 'hung-task'
  | 'rcu-stall'
  | 'soft-lockup'
  | 'hard-lockup'
  | 'nmi'
  | 'sysrq'
  | 'oom'
  | 'leak'
  | 'plain'
  | ToolKind;

/** How frames follow each other as printed. `none`: they are places beside each other, not a chain. */
export type FrameOrder = 'innermost-first' | 'outermost-first' | 'none';

/** Frames that belong together, in the order of the text, and what the lines around them say of them. */
export interface Stack {
  /** the line above the frames, without its colon: `Call Trace`, `Freed by task 12`; '' where there is none */
  title: string;
  /** first line of the report that the stack belongs to: `BUG: KASAN: use-after-free in …`; '' where there is none */
  heading: string;
  kind: StackKind;
  /** first and last line of the stack, its title included, 1-based */
  line: number;
  endLine: number;
  /** name of the task, pid and CPU, where they are printed */
  task: string | null;
  pid: number | null;
  cpu: number | null;
  /** a folder of arch/, guessed from registers, names and addresses */
  arch: string | null;
  /** of the running kernel: `6.1.0-56-cloud-amd64` */
  version: string | null;
  /** the source line that the report names: `kernel BUG at fs/x.c:12!` */
  at: SourcePlace | null;
  order: FrameOrder;
  frames: Frame[];
}

/** What could not be read as it stands, for a reader to know that the answer is partial. */
export interface Problem {
  line: number;
  message: string;
}

/** All stacks of a pasted text, and what could not be read in it. */
export interface Trace {
  stacks: Stack[];
  problems: Problem[];
  /** number of lines of the text */
  lines: number;
  /** line from which on nothing was read, as the text is too long; null where all of it was */
  cut: number | null;
}
