/** Puts frames together into stacks: what belongs to which, under which title, on which CPU and of which task. */

import { archOfMessage } from './arch.ts';
import { type Assembly, begin, type Channel, channelOf, close, finish, isDebugger, noReport, push } from './channel.ts';
import { traitsOf } from './formats/kinds.ts';
import { headingOf } from './headings.ts';
import { endsReport, endsStack, isNeutral } from './marks.ts';
import { type Running, runningOf } from './running.ts';
import { type Title, titleOf } from './titles.ts';
import type { Frame, Stack, StackKind } from './types.ts';

/** Foreign lines among frames that a stack survives: consoles mix in what other drivers say. */
const TITLED_GAP = 8;
const UNTITLED_GAP = 2;
/** What programs write to the console has no time stamp; it parts the lines of a stamped stack less. */
const UNSTAMPED_WEIGHT = 0.25;

/** Adds a frame of the chain, or beside it (`pc`, `lr`). `kind` says which tool printed it, null for the kernel. */
export function addFrame(assembly: Assembly, caller: string, frame: Frame, kind: StackKind | null): void {
  const channel = channelOf(assembly, caller);
  let { open } = channel;
  const debugger_ = kind !== null && isDebugger(kind);
  if (open) {
    const last = open.frames[open.frames.length - 1];
    const other = kind !== null ? open.kind !== kind : isDebugger(open.kind);
    const restarts = debugger_ && frame.number !== null && (last?.number ?? -1) >= frame.number;
    const places = open.order === 'none' && open.frames.length > 0;
    if (other || restarts || places) close(assembly, channel);
    open = channel.open;
  }
  const { lead } = channel;
  // `ref_tracker: … has 1/1 users at`: whatever came before, the frames below are another matter
  if (lead?.text.endsWith(' at') && frame.line === lead.line + 1 && frame.kind === 'call' && !channel.pending) {
    if (channel.chained || !open) {
      close(assembly, channel);
      channel.lead = lead;
      channel.report = noReport();
      forgetTask(channel);
      open = null;
    }
  }
  if (!open) {
    // x86 prints RIP and the registers once more behind the end mark
    if (channel.report.ended && frame.kind === 'pc' && isRepeated(assembly, frame)) return;
    if (channel.report.ended && frame.kind !== 'pc') channel.report = noReport();
    open = channel.open = begin(channel, frame.line, kind);
  }
  // `Preemption disabled at:` and its like print a place as if it were a frame
  if (open.order === 'none' && frame.kind === 'call') frame.kind = 'place';
  push(assembly, channel, open, frame);
}

/** Stacks among which a place that is printed once more is looked for. */
const NEAR_STACKS = 8;

const isRepeated = ({ stacks }: Assembly, { function: name, offset }: Frame): boolean =>
  stacks
    .slice(-NEAR_STACKS)
    .some((s) => s.frames.some((f) => f.kind === 'pc' && f.function === name && f.offset === offset));

/** sparc lists the callers that its registers name behind the trace: a stack of its own, unless there was no trace. */
export function openCallers(assembly: Assembly, caller: string, line: number): void {
  const channel = channelOf(assembly, caller);
  const { open } = channel;
  if (open?.title === CALLERS) return;
  if (open && !channel.chained) {
    open.title ||= CALLERS;
    return;
  }
  close(assembly, channel);
  channel.pending = { title: CALLERS, line };
}

const CALLERS = 'Caller';

/** Adds the exact place of a CPU that starts a report on its own: what was open ends first. */
export function addFreshFrame(assembly: Assembly, caller: string, frame: Frame): void {
  const channel = channelOf(assembly, caller);
  if (channel.open && channel.chained) close(assembly, channel);
  addFrame(assembly, caller, frame, null);
}

/** Adds a place that a message names. It never ends a stack that is being printed. */
export function addPlace(assembly: Assembly, caller: string, frame: Frame): void {
  const channel = channelOf(assembly, caller);
  if (channel.open && channel.beyondPlaces) {
    const stack = begin({ ...channel, pending: null, lead: null }, frame.line, null);
    assembly.frames++;
    stack.frames.push(frame);
    finish(stack, channel);
    assembly.stacks.push(stack);
    return;
  }
  if (channel.report.ended && !channel.open) channel.report = noReport();
  channel.open ??= begin(channel, frame.line, null);
  push(assembly, channel, channel.open, frame);
}

/** Adds a whole stack that stands for itself. */
export function addStack(assembly: Assembly, stack: Stack): void {
  finish(stack, null);
  assembly.stacks.push(stack);
}

/** A stack of a tracer, without frames. */
export function tracerStack(kind: StackKind, line: number, known: Partial<Stack>): Stack {
  return {
    title: '',
    heading: '',
    kind,
    line,
    endLine: line,
    task: null,
    pid: null,
    cpu: null,
    arch: null,
    version: null,
    at: null,
    order: 'innermost-first',
    frames: [],
    ...known,
  };
}

/** Is a stack being printed, so that a line without proof of its own may be one of its frames? */
export function isOpen(assembly: Assembly, caller: string): boolean {
  const channel = assembly.channels.get(caller);
  return (
    channel !== undefined && (channel.pending !== null || (channel.open !== null && channel.open.order !== 'none'))
  );
}

/** The tool whose stack is being printed, or null. */
export function openKind(assembly: Assembly, caller: string): StackKind | null {
  const channel = assembly.channels.get(caller);
  return channel?.open?.kind ?? channel?.pending?.kind ?? null;
}

/** The frame read last in a stack that is still open. */
export function lastFrame(assembly: Assembly, caller: string): Frame | null {
  return assembly.channels.get(caller)?.open?.frames.at(-1) ?? null;
}

/** Has the open stack a frame of its chain already? */
export function hasChain(assembly: Assembly, caller: string): boolean {
  const channel = assembly.channels.get(caller);
  return channel !== undefined && channel.open !== null && channel.chained;
}

/** Does the open stack say already that a CPU was in this function? */
export function hasPlaceIn(assembly: Assembly, caller: string, name: string): boolean {
  const channel = assembly.channels.get(caller);
  return channel !== undefined && channel.open !== null && channel.exact.has(name);
}

/** Takes from a line with a frame what it gives away about the architecture. */
export function noteArch(assembly: Assembly, caller: string, message: string): void {
  const arch = archOfMessage(message);
  if (arch) channelOf(assembly, caller).arch = arch;
}

/** Says which section the frames to come stand in; '' ends it. */
export function setSection(assembly: Assembly, caller: string, name: string): void {
  channelOf(assembly, caller).section = name || null;
}

/** Ends what is open in a channel. */
export function endOpen(assembly: Assembly, caller: string): void {
  const channel = assembly.channels.get(caller);
  if (!channel) return;
  close(assembly, channel);
  channel.pending = null;
}

/** Opens a tool's stack: what was open ends, the frames to come get this title. */
export function announce(assembly: Assembly, caller: string, line: number, title: Title, heading: string | null): void {
  const channel = channelOf(assembly, caller);
  close(assembly, channel);
  channel.pending = { ...title, line };
  channel.task = title.task ?? null;
  channel.pid = title.pid ?? null;
  channel.cpu = title.cpu ?? null;
  if (heading !== null) channel.report = { ...noReport(), heading, kind: title.kind ?? 'plain', line };
}

function applyRunning(assembly: Assembly, channel: Channel, line: number, running: Running): void {
  if (running.opens) {
    close(assembly, channel);
    channel.task = null;
    channel.cpu = channel.ownCpu;
    if (running.kind) channel.report = { ...noReport(), kind: running.kind };
    // a title such as `grace-period kthread stack dump` stays: it speaks of this task
    if (channel.pending && line - channel.pending.line > 2) channel.pending = null;
  }
  if (running.version !== undefined) {
    channel.version = running.version;
    assembly.version ??= running.version;
  }
  if (running.pid === undefined) return;
  channel.task = running.task ?? null;
  channel.pid = running.pid;
  channel.cpu = running.cpu ?? channel.cpu;
  const { open } = channel;
  if (open && !channel.chained && open.order !== 'none') {
    open.task = channel.task;
    open.pid = channel.pid;
    open.cpu = channel.cpu;
    open.version = channel.version;
  }
}

function applyTitle(assembly: Assembly, channel: Channel, line: number, title: Title): void {
  const { open, pending } = channel;
  if (title.generic) {
    // RIP and its like came before: the call trace goes on from there
    if (open && open.order !== 'none' && !channel.chained) {
      if (open.title === '') open.title = title.title;
      open.endLine = line;
      channel.gap = 0;
      return;
    }
    if (pending && !open && !pending.places) return;
  }
  close(assembly, channel);
  channel.pending = { ...title, line };
  if (title.cpu !== undefined) channel.cpu = title.cpu;
  if (title.pid !== undefined && title.task !== undefined) return;
}

function applyHeading(assembly: Assembly, channel: Channel, line: number, message: string): boolean {
  const heading = headingOf(message);
  if (!heading) return false;
  close(assembly, channel);
  channel.pending = null;
  const { report } = channel;
  if (report.hasFrames || report.heading === '' || report.kind === 'plain' || isDebugger(heading.kind)) {
    channel.report = {
      heading: message.slice(0, 400),
      kind: heading.kind,
      line,
      at: heading.at ?? null,
      hasFrames: false,
      ended: false,
    };
    channel.task = heading.task ?? null;
    channel.pid = heading.pid ?? null;
    channel.cpu = heading.cpu ?? channel.ownCpu;
  } else {
    report.at ??= heading.at ?? null;
    channel.task ??= heading.task ?? null;
    channel.pid ??= heading.pid ?? null;
  }
  return true;
}

/** A line that ends whatever came before: a cut-here line, an end mark, a snippet's fence. */
function applyEnd(assembly: Assembly, channel: Channel, message: string, stamped: boolean): void {
  close(assembly, channel);
  channel.pending = null;
  channel.lead = null;
  channel.stamped = stamped;
  if (message.startsWith('---[ end')) {
    channel.report.ended = true;
    forgetTask(channel);
  } else if (endsReport(message)) channel.report = noReport();
  if (message.startsWith('```')) {
    // another snippet, perhaps of another machine
    channel.arch = null;
    channel.version = null;
    forgetTask(channel);
  }
}

function forgetTask(channel: Channel): void {
  channel.task = null;
  channel.pid = null;
  channel.cpu = channel.ownCpu;
}

/** Reads a message that holds no frame of a chain: a heading, a title, who runs, or nothing to do with stacks. */
export function addMessage(assembly: Assembly, caller: string, line: number, message: string, stamped: boolean): void {
  const channel = channelOf(assembly, caller);
  const { open } = channel;
  if (stamped) channel.stamped = true;
  if (message === '') {
    if (open && traitsOf(open.kind).endsAtBlank) close(assembly, channel);
    return;
  }
  if (endsStack(message)) {
    applyEnd(assembly, channel, message, stamped);
    return;
  }
  const arch = archOfMessage(message);
  if (arch) channel.arch = arch;
  if (applyHeading(assembly, channel, line, message)) {
    channel.lead = null;
    return;
  }
  const title = titleOf(message);
  if (title) {
    applyTitle(assembly, channel, line, title);
    channel.lead = null;
    return;
  }
  const running = runningOf(message);
  if (running) {
    applyRunning(assembly, channel, line, running);
    channel.lead = null;
    return;
  }
  if (isNeutral(message)) return;
  const isLead = message.length < 200 && (message.endsWith(':') || message.endsWith(' at'));
  channel.lead = isLead ? { text: message, line } : null;
  if (!channel.open || isDebugger(channel.open.kind)) return;
  channel.gap += stamped || !channel.stamped ? 1 : UNSTAMPED_WEIGHT;
  const titled = channel.open.title !== '' || channel.section !== null || !channel.chained;
  if (channel.gap > (titled ? TITLED_GAP : UNTITLED_GAP)) close(assembly, channel);
}

/** Ends everything. Stacks come in the order of their lines; what all others agree on fills what is not known. */
export function finishAssembly(assembly: Assembly): Stack[] {
  for (const channel of assembly.channels.values()) close(assembly, channel);
  const stacks = assembly.stacks.filter((s) => s.frames.length > 0);
  stacks.sort((a, b) => a.line - b.line || a.frames[0].line - b.frames[0].line);
  const archs = new Set(stacks.map((s) => s.arch).filter((a) => a !== null));
  const versions = new Set(stacks.map((s) => s.version).filter((v) => v !== null));
  const version = versions.size === 1 ? [...versions][0] : versions.size === 0 ? assembly.version : null;
  for (const stack of stacks) {
    if (archs.size === 1) stack.arch ??= [...archs][0];
    stack.version ??= version;
  }
  return stacks;
}
