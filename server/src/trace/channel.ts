/** What has been read of one printk caller: its open stack, its report, who runs there. */
import { archByAddress, archByName, archOfPath } from './arch.ts';
import { isChain } from './chain.ts';
import { markInlined } from './formats/debuggers.ts';
import { TOOLS, traitsOf } from './formats/kinds.ts';
import type { Title } from './titles.ts';
import type { Frame, SourcePlace, Stack, StackKind } from './types.ts';

/** What has been read of one printk caller, or of a text without callers. */
export interface Channel {
  open: Stack | null;
  /** of its frames: one of a chain, one that is no place, and the functions that a CPU was in */
  chained: boolean;
  beyondPlaces: boolean;
  exact: Set<string>;
  /** the title of frames to come, and its line */
  pending: (Title & { line: number }) | null;
  report: {
    heading: string;
    kind: StackKind;
    line: number;
    at: SourcePlace | null;
    hasFrames: boolean;
    ended: boolean;
  };
  task: string | null;
  pid: number | null;
  cpu: number | null;
  /** the CPU that the caller id names */
  ownCpu: number | null;
  version: string | null;
  arch: string | null;
  section: string | null;
  /** a time stamp stood before the last title or heading, or before a message since */
  stamped: boolean;
  /** foreign lines since the last frame */
  gap: number;
  /** the last message, when it ends in a colon: a title that no list knows */
  lead: { text: string; line: number } | null;
}

/** Stacks in the making. */
export interface Assembly {
  stacks: Stack[];
  channels: Map<string, Channel>;
  version: string | null;
  /** frames so far */
  frames: number;
}

/** Does a debugger print stacks of this kind? */
export const isDebugger = (kind: StackKind): boolean => traitsOf(kind).debugger === true;

/** An assembly without any line read. */
export function newAssembly(): Assembly {
  return { stacks: [], channels: new Map(), version: null, frames: 0 };
}

/** A report of which no line was read. */
export const noReport = (): Channel['report'] => ({
  heading: '',
  kind: 'plain',
  line: 0,
  at: null,
  hasFrames: false,
  ended: false,
});

/** The channel of a printk caller; a new one knows the CPU that the caller id names. */
export function channelOf(assembly: Assembly, caller: string): Channel {
  let channel = assembly.channels.get(caller);
  if (!channel) {
    channel = {
      open: null,
      chained: false,
      beyondPlaces: false,
      exact: new Set(),
      pending: null,
      report: noReport(),
      task: null,
      pid: null,
      cpu: caller.startsWith('C') ? Number(caller.slice(1)) : null,
      ownCpu: caller.startsWith('C') ? Number(caller.slice(1)) : null,
      version: null,
      arch: null,
      section: null,
      stamped: false,
      gap: 0,
      lead: null,
    };
    assembly.channels.set(caller, channel);
  }
  return channel;
}

/** Ends the stack that is open. A stack of places alone has no order. */
export function close(assembly: Assembly, channel: Channel): void {
  const { open } = channel;
  channel.section = null;
  channel.gap = 0;
  if (!open) return;
  channel.open = null;
  // s390's last branch is part of a report; what is left of a log does not make it a stack
  const before = assembly.stacks.at(-1);
  if (open.title.startsWith('Last Breaking-Event') && (!before || before.kind in TOOLS)) return;
  finish(open, channel);
  assembly.stacks.push(open);
}

/** A BUG's or warning's first line names the source line where the CPU was. In a header it is one of what was inlined. */
function noteReportedLine({ kind, heading, at, frames }: Stack): void {
  if (!at || at.file.endsWith('.h') || !heading.includes(`${at.file}:${at.line}`)) return;
  if (kind !== 'bug' && kind !== 'warning') return;
  const pc = frames.find((f) => f.kind === 'pc');
  const named = frames.filter((f) => f.kind === 'place' && f.label?.includes(`${at.file}:${at.line}`));
  for (const frame of pc ? [pc, ...named] : named) frame.source ??= at;
}

/** Says of a stack that is complete what its frames give away. */
export function finish(stack: Stack, channel: Channel | null): void {
  if (stack.frames.every((f) => f.kind === 'place')) stack.order = 'none';
  noteReportedLine(stack);
  if (traitsOf(stack.kind).sharesAddress) markInlined(stack.frames);
  stack.arch ??= archOfPath(stack.at?.file) ?? archByName(stack.frames) ?? channel?.arch ?? archByAddress(stack.frames);
  stack.version ??= channel?.version ?? null;
}

/** A stack that holds no frame yet, with what the channel knows. */
export function begin(channel: Channel, line: number, kind: StackKind | null): Stack {
  const { pending, report } = channel;
  channel.pending = null;
  channel.chained = false;
  channel.beyondPlaces = false;
  if (channel.exact.size > 0) channel.exact = new Set();
  const lead = channel.gap === 0 && !pending && channel.lead && line - channel.lead.line <= 2 ? channel.lead : null;
  channel.lead = null;
  report.hasFrames = true;
  // kdb shows the kernel's own frames
  const reported = kind === null && isDebugger(report.kind) ? 'plain' : report.kind;
  // GDB and drgn don't say whose stack it is: what a log before it said is another matter
  const isOther = pending?.past || (kind !== null && traitsOf(kind).anonymous && report.kind !== kind);
  const known = isOther ? { task: null, pid: null, cpu: null } : channel;
  return {
    title: pending?.title ?? lead?.text.replace(/:{1,3}$/, '') ?? '',
    heading: report.heading,
    kind: kind ?? pending?.kind ?? reported,
    line: pending?.line ?? lead?.line ?? line,
    endLine: line,
    task: pending?.task ?? (pending?.pid !== undefined && pending.pid !== known.pid ? null : known.task),
    pid: pending?.pid ?? known.pid,
    cpu: pending?.cpu ?? known.cpu,
    arch: null,
    version: channel.version,
    at: report.at,
    order: pending?.places ? 'none' : 'innermost-first',
    frames: [],
  };
}

/** Puts a frame into the open stack. */
export function push(assembly: Assembly, channel: Channel, stack: Stack, frame: Frame): void {
  assembly.frames++;
  channel.chained ||= isChain(frame);
  channel.beyondPlaces ||= frame.kind !== 'place';
  if (frame.kind === 'pc') channel.exact.add(frame.function);
  frame.section ??= channel.section;
  stack.frames.push(frame);
  stack.endLine = Math.max(stack.endLine, frame.line);
  channel.gap = 0;
}
