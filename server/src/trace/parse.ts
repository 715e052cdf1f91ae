/** Pasted text -> stacks of frames. Reads each line once; never fails, says what it could not read. */
import { cleanLine, type Segment } from './clean.ts';
import { balance, crashSource, exceptionFrame, numberedFrame, numberLength } from './formats/debuggers.ts';
import { calleeOf, decodedFrame, offsetFrames, rawFrame } from './formats/frames.ts';
import { headingOf, sectionOf } from './formats/headings.ts';
import {
  arrowFrame,
  bpfFrame,
  eventFrames,
  ftraceLine,
  graphLine,
  isFtraceStack,
  isLoneName,
  perfFrame,
  perfHeader,
} from './formats/tracers.ts';
import { isNameCode } from './names.ts';
import {
  type Assembly,
  addFrame,
  addFreshFrame,
  addMessage,
  addPlace,
  addStack,
  announce,
  endOpen,
  finishAssembly,
  hasChain,
  hasPlaceIn,
  isOpen,
  lastFrame,
  newAssembly,
  noteArch,
  openKind,
  setSection,
  tracerStack,
} from './stacks.ts';
import type { Frame, Problem, Stack, Trace } from './types.ts';

/** Longest part of a line that is read, in UTF-16 units; a frame of GDB with many strings stays far below. */
export const LONGEST_LINE = 65_536;
/** Wrapped lines that one frame of GDB may have, and their length together. */
const MOST_WRAPS = 60;
const LONGEST_FRAME = 32_768;
/** Lines and frames that are read of one text: a day's log, and more frames than anybody looks through. */
const MOST_LINES = 1_000_000;
const MOST_FRAMES = 200_000;
/** Problems that are listed; what follows is only counted. */
const MOST_PROBLEMS = 100;

interface Reader {
  text: string;
  /** start of each line in the text */
  starts: number[];
  assembly: Assembly;
  problems: Problem[];
  /** stack of the function_graph tracer per CPU */
  graphs: Map<number, Stack>;
  /** kprobe events in a row */
  events: Stack | null;
  /** last event per CPU: what the stack trace behind it belongs to */
  lastEvent: Map<number, { pid: number; text: string }>;
  /** names alone on their lines, until it is clear whether they are a stack */
  lone: { frames: Frame[]; indent: number };
  /** length at which a terminal cut lines, -1 for none, 0 for too few lines to tell; null until someone asks */
  hardWidth: number | null;
  inBpf: boolean;
  binary: boolean;
  unlisted: number;
}

/** Where lines start. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  if (starts.length > 1 && starts[starts.length - 1] === text.length) starts.pop();
  return starts;
}

function report(reader: Reader, line: number, message: string): void {
  if (reader.problems.length < MOST_PROBLEMS) reader.problems.push({ line, message });
  else reader.unlisted++;
}

/** Line `index` (0-based) as it stands, without its end, cut to what is read. */
function rawLine(reader: Reader, index: number): string {
  const { text, starts } = reader;
  const start = starts[index];
  let end = index + 1 < starts.length ? starts[index + 1] - 1 : text.length;
  if (index + 1 === starts.length && text.charCodeAt(end - 1) === 10) end--;
  while (end > start && text.charCodeAt(end - 1) === 13) end--;
  if (end - start > LONGEST_LINE) end = start + LONGEST_LINE;
  return text.slice(start, end);
}

function isTooLong(reader: Reader, index: number): boolean {
  const { text, starts } = reader;
  return (index + 1 < starts.length ? starts[index + 1] : text.length) - starts[index] > LONGEST_LINE + 2;
}

/** Ends runs that only stand while their kind of line goes on. */
function endEvents(reader: Reader): void {
  if (!reader.events) return;
  addStack(reader.assembly, reader.events);
  reader.events = null;
}

/** What bcc's tools print below a stack: a count, a rule, `bash (1234)`, `-  bash (1234)`. */
const BELOW_NAMES = /^(?:\d{1,15}$|-{1,2}(?:\s|$)|(?:- {1,20})?\S{1,32} [[(]\d{1,9}[\])]$)/;

/** Three names in a row, most of them unlike an English word, and bcc's count below them make a stack. */
function endLone(reader: Reader, below: string): void {
  const { frames } = reader.lone;
  if (frames.length === 0) return;
  reader.lone.frames = [];
  if (frames.length < 3 || frames.filter((f) => f.text.includes('_')).length * 2 < frames.length) return;
  if (!BELOW_NAMES.test(below)) return;
  const stack = tracerStack('bpf', frames[0].line, { frames, endLine: frames[frames.length - 1].line });
  addStack(reader.assembly, stack);
}

/**
 * Did a terminal cut lines of this length? Then nearly all long lines of the text have the same length; where lines
 * were broken between words, their lengths differ. Of few lines, the usual widths of terminals decide.
 */
function isHardWidth(reader: Reader, width: number): boolean {
  if (width < 40) return false;
  if (reader.hardWidth === null) {
    const counts = new Map<number, number>();
    let widest = 0;
    for (let i = 0; i < reader.starts.length; i++) {
      const length = rawLine(reader, i).length;
      counts.set(length, (counts.get(length) ?? 0) + 1);
      if (length > widest) widest = length;
    }
    let near = 0;
    let other = 0;
    for (const [length, count] of counts) {
      if (length <= widest - 15) continue;
      near += count;
      if (length !== widest && count > other) other = count;
    }
    const most = counts.get(widest) ?? 0;
    reader.hardWidth = most >= 3 && most >= other * 3 ? widest : near >= 6 ? -1 : 0;
  }
  if (reader.hardWidth !== 0) return width === reader.hardWidth;
  return width >= 80 && (width % 10 === 0 || width === 132);
}

/** A numbered frame that GDB, a terminal or a mailer wrapped: the joined text and where each part of it stood. */
function joinWrapped(
  reader: Reader,
  index: number,
  first: Segment,
): { segment: Segment; parts: { at: number; line: number; segment: Segment }[] } {
  const parts = [{ at: 0, line: index + 1, segment: first }];
  let text = first.text;
  let state = balance(text, 0, { depth: 0, quoted: false });
  const whole = () => state.depth <= 0 && !state.quoted && /\b(?:at \S+:\d+|from \S+)\s*$/.test(text.slice(-500));
  for (let next = index + 1; next < reader.starts.length && parts.length < MOST_WRAPS; next++) {
    if (whole() && !isFrontOfCut(reader, next - 1)) break;
    const raw = rawLine(reader, next);
    const segments = cleanLine(raw);
    const { text: more } = segments[0];
    const trimmed = more.trim();
    if (segments.length > 1 || trimmed === '' || text.length + more.length > LONGEST_FRAME) break;
    if (numberLength(more) > 0 || /^(?:\(gdb\)|```|crash>|>>>|---)/.test(trimmed)) break;
    // a terminal cuts at its width, in the middle of a word; GDB and mailers break between words
    const word = state.depth <= 0 && /\b(?:at|from|in)\s*$/.test(text.slice(-40));
    const hard = !word && !/^\s/.test(more) && isHardWidth(reader, rawLine(reader, next - 1).length);
    const open = state.depth > 0 || state.quoted || hard;
    if (!open && !word && !/^(?:at\b|from\b|in\b|\()/.test(trimmed)) break;
    const joint = hard ? '' : ' ';
    const from = text.length + joint.length;
    const indent = more.length - more.trimStart().length;
    parts.push({ at: from - indent, line: next + 1, segment: segments[0] });
    state = balance(more, 0, state);
    text = text + joint + more.slice(indent);
  }
  return { segment: { text, base: 0, map: null, caller: first.caller, stamped: first.stamped }, parts };
}

/** Puts a frame that was read from joined text back where its name stands. */
function relocate(frame: Frame, parts: { at: number; line: number; segment: Segment }[]): void {
  let part = parts[0];
  for (const p of parts) if (p.at <= frame.start) part = p;
  const { segment, at } = part;
  const end = Math.min(frame.end - at, segment.text.length);
  const start = frame.start - at;
  const column = (i: number) => (segment.map ? (segment.map[i] ?? 0) : segment.base + i);
  frame.line = part.line;
  frame.start = column(start);
  frame.end = end > start ? column(end - 1) + 1 : frame.start;
}

/** Was a source's line number cut in two? Then the next line holds its other digits alone. */
function isFrontOfCut(reader: Reader, index: number): boolean {
  const next = reader.starts[index + 1];
  const end = reader.starts[index + 2] ?? reader.text.length;
  if (end - next > 40 || !isHardWidth(reader, rawLine(reader, index).length)) return false;
  return /^\d{1,6}$/.test(cleanLine(rawLine(reader, index + 1))[0].text);
}

/** A debugger's frame at line `index`; returns the lines that it takes, 0 where there is none. */
function readNumbered(reader: Reader, index: number, segment: Segment): number {
  let joined = { segment, parts: [{ at: 0, line: index + 1, segment }] };
  let found = numberedFrame(segment, index + 1);
  const cut = index + 1 < reader.starts.length && isFrontOfCut(reader, index);
  if (!found || (found.kind === 'gdb' && (found.frame.source === null || cut))) {
    const more = joinWrapped(reader, index, segment);
    if (more.parts.length > 1) {
      const wide = numberedFrame(more.segment, index + 1);
      if (wide) {
        joined = more;
        found = wide;
        relocate(found.frame, joined.parts);
      }
    }
  }
  if (!found) return 0;
  addFrame(reader.assembly, segment.caller, found.frame, found.kind);
  return joined.parts.length;
}

/** Lines of ftrace that carry no `+0x` frame of a stack: events, the start of a stack, function_graph. */
function readTracer(reader: Reader, line: number, segment: Segment): boolean {
  const { assembly } = reader;
  const { text } = segment;
  if (text.includes('|')) {
    const graph = graphLine(segment, line);
    if (graph) {
      readGraph(reader, line, graph.cpu ?? 0, graph);
      return true;
    }
  }
  const event = ftraceLine(text);
  if (event) {
    const what = text.slice(event.at, event.at + 300);
    const who = { task: event.task, pid: event.pid, cpu: event.cpu };
    if (isFtraceStack(what)) {
      endEvents(reader);
      const before = reader.lastEvent.get(event.cpu);
      const heading = before?.pid === event.pid ? before.text : '';
      announce(assembly, segment.caller, line, { title: '<stack trace>', kind: 'ftrace', ...who }, heading);
      return true;
    }
    endOpen(assembly, segment.caller);
    reader.lastEvent.set(event.cpu, { pid: event.pid, text: what });
    const frames = eventFrames(segment, line, event.at);
    assembly.frames += frames.length === 2 ? 2 : 0;
    if (frames.length === 2) addStack(assembly, tracerStack('ftrace', line, { ...who, title: 'function', frames }));
    else if (frames.length === 1) addEvent(reader, line, who, frames[0]);
    return true;
  }
  if (text.includes('=>')) {
    const frame = arrowFrame(segment, line);
    if (frame) {
      addFrame(assembly, segment.caller, frame, 'ftrace');
      return true;
    }
  }
  return false;
}

function addEvent(reader: Reader, line: number, who: { task: string; pid: number; cpu: number }, frame: Frame): void {
  reader.events ??= tracerStack('ftrace', line, { ...who, title: 'events', order: 'none' });
  const { events } = reader;
  if (events.pid !== who.pid) {
    events.task = null;
    events.pid = null;
  }
  if (events.cpu !== who.cpu) events.cpu = null;
  events.frames.push(frame);
  reader.assembly.frames++;
  events.endLine = line;
}

function readGraph(reader: Reader, line: number, cpu: number, graph: NonNullable<ReturnType<typeof graphLine>>): void {
  let stack = reader.graphs.get(cpu);
  if (graph.frame && (!stack || graph.frame.depth === 0)) {
    if (stack) addStack(reader.assembly, stack);
    stack = tracerStack('function-graph', line, { title: graph.frame.text, cpu, order: 'outermost-first' });
    reader.graphs.set(cpu, stack);
  }
  if (!stack) return;
  stack.task ??= graph.task;
  stack.pid ??= graph.pid;
  stack.endLine = line;
  if (!graph.frame) return;
  stack.frames.push(graph.frame);
  reader.assembly.frames++;
}

/** perf script and bpftrace, whose frames carry no size. */
function readProfile(reader: Reader, line: number, segment: Segment, message: string): boolean {
  const { assembly } = reader;
  const { text, caller } = segment;
  if (message.startsWith('@') && /^@\w{0,100}\[(?:.{0,200},)?$/.test(message)) {
    endOpen(assembly, caller);
    announce(assembly, caller, line, { title: message.replace(/\[?,?$/, ''), kind: 'bpf' }, '');
    reader.inBpf = true;
    return true;
  }
  if (reader.inBpf) {
    const close = message.startsWith(']') || message.startsWith(',');
    const frame = close ? null : bpfFrame(segment, line, true);
    if (frame) {
      addFrame(assembly, caller, frame, 'bpf');
      return true;
    }
    if (message.startsWith(']') || message.includes(']: ')) reader.inBpf = false;
    if (close) {
      endOpen(assembly, caller);
      if (reader.inBpf) announce(assembly, caller, line, { title: '@', kind: 'bpf' }, null);
      return true;
    }
    reader.inBpf = message === '';
  }
  const c = text.charCodeAt(0);
  if ((c === 32 || c === 9) && message.endsWith(')')) {
    const frame = perfFrame(segment, line);
    if (frame && (openKind(assembly, caller) === 'perf' || frame.offset !== null)) {
      addFrame(assembly, caller, frame, 'perf');
      return true;
    }
  }
  // a line of the kernel's log that another CPU's message cut short looks the same
  if ((c === 32 || c === 9) && !segment.stamped && message.includes('+')) {
    const frame = bpfFrame(segment, line, false);
    if (frame) {
      addFrame(assembly, caller, frame, 'bpf');
      return true;
    }
  }
  if (message.endsWith(':') && c !== 32 && c !== 9) {
    const header = perfHeader(text);
    if (header) {
      const { task, pid, cpu, event } = header;
      announce(assembly, caller, line, { title: event, kind: 'perf', task, pid, cpu: cpu ?? undefined }, message);
      return true;
    }
  }
  return false;
}

/** A name alone on its line joins the run of such lines, if it has the same indent. */
function readLone(reader: Reader, line: number, segment: Segment): boolean {
  const { lone } = reader;
  if (!isLoneName(segment.text)) {
    endLone(reader, segment.text.trim());
    return false;
  }
  const frame = bpfFrame(segment, line, true);
  if (!frame) return false;
  const indent = segment.text.length - segment.text.trimStart().length;
  if (indent !== lone.indent) endLone(reader, '');
  lone.indent = indent;
  lone.frames.push(frame);
  return true;
}

/** `+0x` frames of a message. True where the message is read with them. */
function readOffsets(reader: Reader, line: number, segment: Segment, message: string): boolean {
  const { assembly } = reader;
  const { caller, text } = segment;
  let found = offsetFrames(segment, line);
  if (found.length === 0) return false;
  if (found.every((f) => f.frame.kind === 'place')) {
    const sure = segment.stamped || headingOf(message) !== null || isOpen(assembly, caller);
    found = found.filter((f) => f.strength === 'frame' || sure);
    addMessage(assembly, caller, line, message, segment.stamped);
    for (const { frame } of found) addPlace(assembly, caller, frame);
    return true;
  }
  const from = message.includes(' from ');
  for (const { frame, strength, end } of found) {
    if (strength === 'loose' && !isOpen(assembly, caller)) continue;
    if (frame.kind === 'place') addPlace(assembly, caller, frame);
    else if (frame.kind !== 'call') {
      noteArch(assembly, caller, message);
      if (/^(?:pc|PC|epc|RIP {2}|ERA|IP:|EIP:)/.test(message)) addFreshFrame(assembly, caller, frame);
      else addFrame(assembly, caller, frame, null);
    } else {
      // arm's `callee from caller`: the callee stood in the line above, but for the first
      const isCallee = from && text.startsWith(' from ', end);
      const callee = isCallee ? frame : from ? calleeOf(segment, line) : null;
      const first = callee && !hasChain(assembly, caller) && !hasPlaceIn(assembly, caller, callee.function);
      if (first) addFrame(assembly, caller, callee, null);
      if (!isCallee) addFrame(assembly, caller, frame, null);
    }
  }
  return true;
}

const FADDR2LINE_INLINE = /^\s*\(inlined by\) ([A-Za-z_.][\w.$]{0,200}) at (?=\S)/;

/** addr2line -i and scripts/faddr2line: ` (inlined by) vfs_read at fs/read_write.c:450`; the frame above it is inlined. */
function readInlinedBy(reader: Reader, line: number, segment: Segment): boolean {
  const m = FADDR2LINE_INLINE.exec(segment.text);
  if (!m) return false;
  const at = segment.text.indexOf(m[1], segment.text.indexOf(')'));
  const decoded = decodedFrame(
    {
      ...segment,
      text: segment.text.slice(at).replace(/ at /, ' ('),
      base: segment.base + at,
      map: segment.map?.subarray(at) ?? null,
    },
    line,
  );
  const last = lastFrame(reader.assembly, segment.caller);
  if (last) last.inlined = true;
  const frame = decoded?.frame;
  if (frame) addFrame(reader.assembly, segment.caller, frame, null);
  return frame !== undefined;
}

/** One message. Prefilters first: most lines of a log hold none of what marks a frame. */
function readMessage(reader: Reader, line: number, segment: Segment): void {
  const { assembly } = reader;
  const { caller } = segment;
  let { text } = segment;
  let message = text.trim();
  const section = sectionOf(message);
  if (section) {
    setSection(assembly, caller, section.name);
    // x86 prints nothing of a stack behind its task's part
    if (message.startsWith('</TASK>')) endOpen(assembly, caller);
    const rest = message.slice(section.end);
    if (rest.trim() === '' || /^ ?-+$/.test(rest.trim())) return;
    const at = text.indexOf(message) + section.end;
    segment = { ...segment, text: text.slice(at), base: segment.base + at, map: segment.map?.subarray(at) ?? null };
    text = segment.text;
    message = rest.trim();
  }
  if (!reader.inBpf && readLone(reader, line, segment)) return;
  const hex = text.includes('+0x');
  if (text.includes('|') || text.includes('[') || text.includes('=>') || text.includes('<-') || text.includes('us ')) {
    if (readTracer(reader, line, segment)) return;
  }
  endEvents(reader);
  if (hex && readOffsets(reader, line, segment, message)) return;
  if (message !== '' && readProfile(reader, line, segment, message)) return;
  if (text.includes(':')) {
    if (text.includes('(inlined by)') && readInlinedBy(reader, line, segment)) return;
    const decoded = decodedFrame(segment, line);
    if (decoded && (decoded.strength === 'frame' || isOpen(assembly, caller))) {
      if (decoded.frame.kind === 'pc' && /^(?:pc|PC|epc)/.test(message)) addFreshFrame(assembly, caller, decoded.frame);
      else addFrame(assembly, caller, decoded.frame, null);
      return;
    }
    const exception = text.includes('[exception ') ? exceptionFrame(segment, line) : null;
    if (exception) {
      addFrame(assembly, caller, exception, openKind(assembly, caller) === 'crash' ? 'crash' : null);
      return;
    }
    if (openKind(assembly, caller) === 'crash') {
      const source = crashSource(text);
      const last = lastFrame(assembly, caller);
      if (source && last) {
        last.source = { ...source, column: null, discriminator: null };
        return;
      }
    }
  }
  if (text.includes('0x') && isOpen(assembly, caller)) {
    const raw = rawFrame(segment, line);
    if (raw) {
      addFrame(assembly, caller, raw, text.includes('=>') ? 'ftrace' : null);
      return;
    }
  }
  addMessage(assembly, caller, line, message, segment.stamped);
}

const BROKEN_TAIL = /(?:^|[\s(])[A-Za-z_][\w.]{0,200}(?:\+(?:0(?:x[0-9a-f]{0,8}(?:\/(?:0(?:x[0-9a-f]{0,8})?)?)?)?)?)?$/;
const FRAGMENT = /^[\w.+/]{1,120}(?:\s\[[\w-]{1,64}(?: [0-9a-f]{6,40})?\])?\s*$/;

/**
 * A console's line break inside a frame: a stamped line that ends within one, and an unstamped line that goes on. Null
 * where both lines stand for themselves.
 */
function joinBroken(reader: Reader, index: number, segment: Segment): Segment | null {
  if (!segment.stamped || index + 1 >= reader.starts.length || segment.text.length > 400) return null;
  // a stamp, an indent or a quote mark: the next line stands for itself
  const front = reader.text.charCodeAt(reader.starts[index + 1]);
  if (!isNameCode(front) && front !== 43 && front !== 47) return null;
  const { text } = segment;
  if (!BROKEN_TAIL.test(text.slice(-260))) return null;
  const next = rawLine(reader, index + 1);
  if (next.length > 240 || !FRAGMENT.test(next)) return null;
  const whole = offsetFrames(segment, index + 1)[0]?.frame;
  // complete as it stands, unless the offset lies behind the function's end
  if (whole && !(whole.offset !== null && whole.size !== null && whole.offset > whole.size)) return null;
  if (!text.includes('+') && !(isOpen(reader.assembly, segment.caller) && /^\s+(?:\? )?[\w.]+$/.test(text)))
    return null;
  const joined: Segment = { ...segment, text: text + next.trimEnd() };
  const found = offsetFrames(joined, index + 1)[0];
  if (found?.frame.kind !== 'call' || found.strength !== 'frame') return null;
  if ((found.frame.offset ?? 0) > (found.frame.size ?? 0)) return null;
  return joined;
}

function readLine(reader: Reader, index: number): number {
  const raw = rawLine(reader, index);
  if (isTooLong(reader, index)) {
    report(reader, index + 1, `Only the first ${LONGEST_LINE} characters of this line were read.`);
  }
  if (!reader.binary && raw.includes('\0')) {
    reader.binary = true;
    report(reader, index + 1, 'Binary data: control characters were left out.');
  }
  const segments = cleanLine(raw);
  if (segments.length === 1) {
    const [segment] = segments;
    if (numberLength(segment.text) > 0) {
      const taken = readNumbered(reader, index, segment);
      if (taken > 0) {
        endLone(reader, '');
        endEvents(reader);
        return taken;
      }
    }
    const joined = joinBroken(reader, index, segment);
    if (joined) {
      const before = lastFrame(reader.assembly, segment.caller);
      readMessage(reader, index + 1, joined);
      const frame = lastFrame(reader.assembly, segment.caller);
      if (frame && frame !== before) frame.end = Math.min(frame.end, raw.length);
      report(reader, index + 1, 'A line break inside this frame was taken out.');
      return 2;
    }
  }
  for (const segment of segments) readMessage(reader, index + 1, segment);
  return 1;
}

/**
 * Reads every stack in a text of any origin: logs with or without prefixes, debuggers, tracers, mails that quote them.
 * Frames come in the order printed (`Stack.order` says which end is first). Never throws; `problems` says where the
 * answer is partial. Time is linear in the text; of a very long one only the front is read.
 */
export function parseTrace(text: string): Trace {
  const reader: Reader = {
    text,
    starts: text === '' ? [] : lineStarts(text),
    assembly: newAssembly(),
    problems: [],
    graphs: new Map(),
    events: null,
    lastEvent: new Map(),
    lone: { frames: [], indent: -1 },
    hardWidth: null,
    inBpf: false,
    binary: false,
    unlisted: 0,
  };
  let index = 0;
  while (index < reader.starts.length && index < MOST_LINES && reader.assembly.frames < MOST_FRAMES)
    index += readLine(reader, index);
  const cut = index < reader.starts.length ? index + 1 : null;
  endLone(reader, '');
  endEvents(reader);
  for (const stack of reader.graphs.values()) addStack(reader.assembly, stack);
  for (const { pending } of reader.assembly.channels.values()) {
    if (cut === null && pending && !pending.places && pending.line > reader.starts.length - 20) {
      report(reader, pending.line, `The text ends before the frames of “${pending.title}”.`);
    }
  }
  if (reader.unlisted > 0) {
    reader.problems.push({ line: reader.starts.length, message: `${reader.unlisted} more problems are not listed.` });
  }
  if (cut !== null) {
    const message = `The text is read up to here: ${MOST_FRAMES} frames or ${MOST_LINES} lines at most. Cut out the part that matters.`;
    reader.problems.push({ line: cut, message });
  }
  return { stacks: finishAssembly(reader.assembly), problems: reader.problems, lines: reader.starts.length, cut };
}
