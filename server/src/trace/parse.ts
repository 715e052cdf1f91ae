/** Pasted text -> stacks of frames. Reads each line once; never fails, says what it could not read. */

import { newAssembly } from './channel.ts';
import { type Format, Mark, type Message, marksOf, type Reading, segmentFrom } from './formats/format.ts';
import { FORMATS } from './formats/formats.ts';
import { cleanLine, columnOf, linesDown, type Segment } from './lines/clean.ts';
import { isTooLong, LONGEST_LINE, newTraceText, rawLine } from './lines/text.ts';
import { joinWraps } from './lines/wraps.ts';
import { type DecodedLine, decodeMail } from './mail/decode.ts';
import { sectionOf } from './marks.ts';
import { addMessage, endOpen, finishAssembly, setSection } from './stacks.ts';
import type { Frame, Problem, Trace } from './types.ts';

/** Lines and frames that are read of one text: a day's log, and more frames than anybody looks through. */
const MOST_LINES = 1_000_000;
const MOST_FRAMES = 200_000;
/** Problems that are listed; what follows is only counted. */
const MOST_PROBLEMS = 100;
/** A title so near to the text's end has lost its frames. */
const NEAR_END = 20;

/** A format with what it remembers of this text. All have one shape: every line asks them. */
interface FormatInUse {
  marks: number;
  read: Format<unknown>['read'];
  pass: Format<unknown>['pass'] | null;
  close: Format<unknown>['close'] | null;
  state: unknown;
}

const inUse = (format: Format<unknown>): FormatInUse => {
  const { marks, read, pass = null, close = null } = format;
  return { marks, read, pass, close, state: format.begin() };
};

/** A text while it is read. */
interface Parse {
  reading: Reading;
  formats: readonly FormatInUse[];
  problems: Problem[];
  unlisted: number;
  /** control characters were seen */
  binary: boolean;
  /** the messages of the line looked at last */
  ahead: { index: number; segments: Segment[]; length: number } | null;
}

function report(parse: Parse, line: number, message: string): void {
  if (parse.problems.length < MOST_PROBLEMS) parse.problems.push({ line, message });
  else parse.unlisted++;
}

/** Takes a section's marker off a message's front, and notes it. Null where nothing else stands in the message. */
function withoutSection({ assembly }: Reading, message: Message): Message | null {
  const { segment, text } = message;
  const section = sectionOf(text);
  if (!section) return message;
  const { caller } = segment;
  setSection(assembly, caller, section.name);
  // x86 prints nothing of a stack behind its task's part
  if (text.startsWith('</TASK>')) endOpen(assembly, caller);
  const rest = text.slice(section.end).trim();
  if (rest === '' || /^-+$/.test(rest)) return null;
  const own = segmentFrom(segment, segment.text.indexOf(text) + section.end);
  return { ...message, segment: own, text: rest, marks: marksOf(own.text, rest) };
}

/** Reads one message; returns the lines that it takes, the rest of its own included. */
function readMessage({ reading, formats }: Parse, line: number, whole: boolean, segment: Segment): number {
  const text = segment.text.trim();
  // a mail's subject may quote a frame
  if (text.startsWith('Subject: ') && !segment.stamped) return 1;
  const message = withoutSection(reading, { line, segment, text, whole, marks: marksOf(segment.text, text) });
  if (!message) return 1;
  const marks = message.marks | (reading.inMap && message.text !== '' ? Mark.InMap : 0);
  for (let i = 0; i < formats.length; i++) {
    const format = formats[i];
    if ((marks & format.marks) !== 0) {
      const lines = format.read(message, reading, format.state);
      if (lines > 0) return lines;
    }
    if (format.pass) format.pass(message.text, reading, format.state);
  }
  addMessage(reading.assembly, segment.caller, line, message.text, segment.stamped);
  return 1;
}

/** The messages of a line. Wraps are looked for one line ahead, so that those of the next line are kept. */
function segmentsAt(parse: Parse, index: number): { segments: Segment[]; length: number } {
  const { ahead } = parse;
  if (ahead?.index === index) return ahead;
  const raw = rawLine(parse.reading.source, index);
  parse.ahead = { index, segments: cleanLine(raw), length: raw.length };
  if (!parse.binary && raw.includes('\0')) {
    parse.binary = true;
    report(parse, index + 1, 'Binary data: control characters were left out.');
  }
  return parse.ahead;
}

/** Reads the line at `index` (0-based); returns the number of lines that it takes with those that belong to it. */
function readLine(parse: Parse, index: number): number {
  const { source, assembly } = parse.reading;
  if (isTooLong(source, index))
    report(parse, index + 1, `Only the first ${LONGEST_LINE} characters of this line were read.`);
  const { segments, length } = segmentsAt(parse, index);
  if (segments.length > 1) {
    for (const segment of segments) readMessage(parse, index + 1, false, segment);
    return 1;
  }
  const [segment] = segments;
  const joined = joinWraps(assembly, segment, length, (n) => {
    if (index + n >= source.starts.length) return null;
    const below = segmentsAt(parse, index + n);
    return below.segments.length > 1 ? null : { segment: below.segments[0], length: below.length };
  });
  if (!joined) return readMessage(parse, index + 1, true, segment);
  readMessage(parse, index + 1, false, joined.segment);
  if (joined.broken) report(parse, index + 1, 'A line break inside this frame was taken out.');
  return joined.lines;
}

/**
 * Reads every stack in a text of any origin: logs with or without prefixes, debuggers, tracers, mails that quote them,
 * mails as they travel. Frames come in the order printed (`Stack.order` says which end is first). Never throws;
 * `problems` says where the answer is partial. Time is linear in the text; of a very long one only the front is read.
 */
export function parseTrace(text: string): Trace {
  const decoded = decodeMail(text);
  if (!decoded) return parseLines(text);
  const trace = parseLines(decoded.map((l) => l.text).join('\n'));
  return placedInMail(trace, decoded, newTraceText(text).starts.length);
}

/** A trace of a decoded mail, with the lines and columns of the mail. */
function placedInMail(trace: Trace, decoded: readonly DecodedLine[], lines: number): Trace {
  const lineAt = (line: number): number => decoded[line - 1]?.line ?? line;
  for (const problem of trace.problems) problem.line = lineAt(problem.line);
  const placed = new Set<Frame>();
  for (const stack of trace.stacks) {
    stack.line = lineAt(stack.line);
    for (const frame of stack.frames) {
      if (!placed.has(frame)) placeInMail(frame, decoded);
      placed.add(frame);
    }
    stack.endLine = Math.max(lineAt(stack.endLine), ...stack.frames.slice(-1).map((f) => f.line));
  }
  return { ...trace, lines, cut: trace.cut === null ? null : lineAt(trace.cut) };
}

function placeInMail(frame: Frame, decoded: readonly DecodedLine[]): void {
  const { line, map, text } = decoded[frame.line - 1] ?? { line: frame.line, map: null, text: '' };
  frame.line = line;
  if (!map || map.length === 0) return;
  const segment: Segment = { text, base: 0, map, caller: '', stamped: false };
  const down = linesDown(segment, frame.start);
  // of a name that a soft break cut in two, the first part
  let last = Math.max(frame.start, frame.end - 1);
  while (last > frame.start && linesDown(segment, last) !== down) last--;
  const end = frame.end > frame.start ? columnOf(segment, last) + 1 : columnOf(segment, frame.start);
  frame.start = columnOf(segment, frame.start);
  frame.end = end;
  frame.line += down;
}

function parseLines(text: string): Trace {
  const source = newTraceText(text);
  const assembly = newAssembly();
  const parse: Parse = {
    reading: { source, assembly, inMap: false },
    formats: FORMATS.map(inUse),
    problems: [],
    unlisted: 0,
    binary: false,
    ahead: null,
  };
  const lines = source.starts.length;
  let index = 0;
  while (index < lines && index < MOST_LINES && assembly.frames < MOST_FRAMES) index += readLine(parse, index);
  const cut = index < lines ? index + 1 : null;
  for (const { close, state } of parse.formats) close?.(parse.reading, state);
  if (cut === null) reportPending(parse);
  if (parse.unlisted > 0)
    parse.problems.push({ line: lines, message: `${parse.unlisted} more problems are not listed.` });
  if (cut !== null) {
    const message = `The text is read up to here: ${MOST_FRAMES} frames or ${MOST_LINES} lines at most. Cut out the part that matters.`;
    parse.problems.push({ line: cut, message });
  }
  return { stacks: finishAssembly(assembly), problems: parse.problems, lines, cut };
}

/** Titles whose frames never came. */
function reportPending(parse: Parse): void {
  const { assembly, source } = parse.reading;
  for (const { pending } of assembly.channels.values())
    if (pending && !pending.places && pending.line > source.starts.length - NEAR_END)
      report(parse, pending.line, `The text ends before the frames of “${pending.title}”.`);
}
