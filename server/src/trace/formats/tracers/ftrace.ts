/** Stacks and events of ftrace. See Documentation/trace/ftrace.rst. */

import type { Segment } from '../../lines/clean.ts';
import { isSymbol, nameStart } from '../../names.ts';
import { addStack, announce, endOpen, tracerStack } from '../../stacks.ts';
import type { Frame, Stack } from '../../types.ts';
import { type Format, Mark, type Message, type Reading } from '../format.ts';
import { hexAt, makeFrame } from '../frames.ts';

/** A line of ftrace's `trace` or of trace-cmd: who, where, and what follows the time. */
export interface FtraceLine {
  task: string;
  pid: number;
  cpu: number;
  /** column of the event in the segment */
  at: number;
}

const FTRACE =
  /^\s*(.{1,40}?)-(\d{1,9})\s{1,8}(?:\(\s{0,8}[\d-]{1,9}\)\s{1,4})?\[(\d{1,5})\]\s{1,12}(?:[\w.#@]{1,10}\s{1,16})?\d{1,12}(?:\.\d{1,9})?: {1,2}/;

/** The latency tracers' form: `  cat-123     1d..2   12us+: ` */
const LATENCY = /^\s{0,40}(\S{1,40})-(\d{1,9})\s{1,8}(\d{1,4})[a-zA-Z.#]\S{0,8}\s{1,8}\d{1,12}us[!+#*@$ ]{0,2}: {1,2}/;

/** The front of an ftrace event: `  cat-123  [001] d..2.  9.239393: `. */
export function ftraceLine(text: string): FtraceLine | null {
  if (text.includes('us')) {
    const latency = LATENCY.exec(text.slice(0, 200));
    if (latency) return { task: latency[1], pid: Number(latency[2]), cpu: Number(latency[3]), at: latency[0].length };
  }
  const bracket = text.indexOf(' [');
  if (bracket < 0 || bracket > 80) return null;
  const digit = text.charCodeAt(bracket + 2);
  if (digit < 48 || digit > 57) return null;
  const m = FTRACE.exec(text.slice(0, 200));
  return m ? { task: m[1].trim(), pid: Number(m[2]), cpu: Number(m[3]), at: m[0].length } : null;
}

/** Does an ftrace event start a stack? `<stack trace>`, trace-cmd's `kernel_stack: <stack trace>`. */
function isFtraceStack(event: string): boolean {
  return event.startsWith('<stack trace') || event.startsWith('kernel_stack:') || event.startsWith('<user stack');
}

/** kmem's events: `kfree: call_site=skb_release_data+0x10/0x20 ptr=…`, the place that allocates or frees */
function siteFrames(segment: Segment, line: number, at: number, from: number): Frame[] {
  const s = segment.text;
  const plus = s.indexOf('+0x', from);
  if (plus < 0 || nameStart(s, plus) !== from || !isSymbol(s.slice(from, plus))) return [];
  const offset = hexAt(s, plus + 3);
  const size = offset && s.startsWith('/0x', offset.end) ? hexAt(s, offset.end + 3) : null;
  if (!offset) return [];
  const module = size ? /^ \[([\w-]{1,64})\]/.exec(s.slice(size.end, size.end + 80)) : null;
  const known = { offset: offset.value, size: size?.value ?? null, module: module?.[1] ?? null };
  const label = s.slice(at, from - 1);
  return [makeFrame(segment, line, from, s.slice(from, plus), { kind: 'place', label, ...known })];
}

/** The function of a kprobe's event, `vfs_read: (vfs_read+0x0/0x310)`, or of the function tracer, `vfs_read <-ksys_read`. */
export function eventFrames(segment: Segment, line: number, at: number): Frame[] {
  const s = segment.text;
  const site = s.indexOf(' call_site=', at);
  if (site >= 0 && site - at < 200) return siteFrames(segment, line, at, site + 11);
  const open = s.indexOf(': (', at);
  if (open >= 0 && open - at < 200) {
    const plus = s.indexOf('+0x', open);
    if (plus < 0 || plus - open > 300) return [];
    const from = open + 3;
    const offset = hexAt(s, plus + 3);
    const size = offset && s.startsWith('/0x', offset.end) ? hexAt(s, offset.end + 3) : null;
    if (!offset || nameStart(s, plus) !== from || !isSymbol(s.slice(from, plus))) return [];
    return [
      makeFrame(segment, line, from, s.slice(from, plus), {
        kind: 'event',
        offset: offset.value,
        size: size?.value ?? null,
        label: s.slice(at, open),
      }),
    ];
  }
  const m = /^([A-Za-z_.][\w.$]{0,200})(?: \[\w{1,64}\])? {1,2}<-([A-Za-z_.][\w.$]{0,200})(?: \[\w{1,64}\])?\s*$/.exec(
    s.slice(at, at + 600),
  );
  if (!m) return [];
  return [
    makeFrame(segment, line, at, m[1], { kind: 'event' }),
    makeFrame(segment, line, s.indexOf(`<-${m[2]}`, at) + 2, m[2], {}),
  ];
}

/** What is known of the lines before. */
interface Events {
  /** kprobe events in a row, and the runs that are over */
  run: Stack | null;
  runs: Stack[];
  /** a stack was printed: then events are what triggered it */
  hasStacks: boolean;
  /** last event per CPU: what the stack trace behind it belongs to */
  last: Map<number, { pid: number; text: string }>;
}

/** Lines of ftrace that are no frame of a stack: events, and the start of a stack, which the event before it titles. */
export const FTRACE_EVENTS: Format<Events> = {
  name: 'ftrace',
  marks: Mark.Bar | Mark.Square | Mark.Equals | Mark.Less | Mark.Micro,
  begin: () => ({ run: null, runs: [], hasStacks: false, last: new Map() }),
  read(message, reading, events) {
    const event = ftraceLine(message.segment.text);
    if (!event) return 0;
    const text = message.segment.text.slice(event.at, event.at + 300);
    if (isFtraceStack(text)) announceStack(message, reading, events, event);
    else addEvent(message, reading, events, event, text);
    return 1;
  },
  pass: (_below, _reading, events) => endRun(events),
  close({ assembly }, events) {
    endRun(events);
    if (!events.hasStacks) for (const run of events.runs) addStack(assembly, run);
    else for (const list of placesOf(events.runs)) addStack(assembly, list);
  },
};

/** A list of places is cut where it gets longer than any stack. */
const MOST_PLACES = 500;

/** Events beside stacks: what triggered them, and what nothing was printed for; lists of their own. */
function placesOf(runs: readonly Stack[]): Stack[] {
  const frames = runs.flatMap((run) => run.frames);
  return Array.from({ length: Math.ceil(frames.length / MOST_PLACES) }, (_, n) => {
    const part = frames.slice(n * MOST_PLACES, (n + 1) * MOST_PLACES);
    const { line } = part[part.length - 1];
    return { ...tracerStack('ftrace-events', line, { title: 'places of events', order: 'none' }), frames: part };
  });
}

function endRun(events: Events): void {
  if (!events.run) return;
  events.runs.push(events.run);
  events.run = null;
}

function announceStack(message: Message, reading: Reading, events: Events, event: FtraceLine): void {
  endRun(events);
  events.hasStacks = true;
  const { task, pid, cpu } = event;
  const before = events.last.get(cpu);
  const heading = before?.pid === pid ? before.text : '';
  const title = { title: '<stack trace>', kind: 'ftrace', task, pid, cpu } as const;
  announce(reading.assembly, message.segment.caller, message.line, title, heading);
}

/** The function tracer's two functions are a stack; places of kprobes are gathered as long as their lines go on. */
function addEvent(message: Message, reading: Reading, events: Events, event: FtraceLine, text: string): void {
  const { assembly } = reading;
  const { line, segment } = message;
  const { task, pid, cpu } = event;
  endOpen(assembly, segment.caller);
  events.last.set(cpu, { pid, text });
  const frames = eventFrames(segment, line, event.at);
  assembly.frames += frames.length;
  if (frames.length === 2) {
    addStack(assembly, tracerStack('ftrace', line, { task, pid, cpu, title: 'function', frames }));
    return;
  }
  if (frames.length === 0) return;
  events.run ??= tracerStack('ftrace', line, { task, pid, cpu, title: 'events', order: 'none' });
  const { run } = events;
  if (run.pid !== pid) {
    run.task = null;
    run.pid = null;
  }
  if (run.cpu !== cpu) run.cpu = null;
  run.frames.push(...frames);
  run.endLine = line;
}
