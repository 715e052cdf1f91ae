/** Pasted text -> stacks of frames. Reads each line once; never fails, says what it could not read. */

import { newAssembly } from './channel.ts';
import { type Format, Mark, type Message, marksOf, type Reading, segmentFrom } from './formats/format.ts';
import { FORMATS } from './formats/formats.ts';
import { cleanLine, type Segment } from './lines/clean.ts';
import { isTooLong, LONGEST_LINE, newTraceText, rawLine } from './lines/text.ts';
import { joinBroken } from './lines/wraps.ts';
import { sectionOf } from './marks.ts';
import { addMessage, endOpen, finishAssembly, lastFrame, setSection } from './stacks.ts';
import type { Problem, Trace } from './types.ts';

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

/** Reads the line at `index` (0-based); returns the number of lines that it takes with those that belong to it. */
function readLine(parse: Parse, index: number): number {
  const { source, assembly } = parse.reading;
  const raw = rawLine(source, index);
  if (isTooLong(source, index))
    report(parse, index + 1, `Only the first ${LONGEST_LINE} characters of this line were read.`);
  if (!parse.binary && raw.includes('\0')) {
    parse.binary = true;
    report(parse, index + 1, 'Binary data: control characters were left out.');
  }
  const segments = cleanLine(raw);
  if (segments.length > 1) {
    for (const segment of segments) readMessage(parse, index + 1, false, segment);
    return 1;
  }
  const [segment] = segments;
  const joined = joinBroken(source, assembly, index, segment);
  if (!joined) return readMessage(parse, index + 1, true, segment);
  const before = lastFrame(assembly, segment.caller);
  readMessage(parse, index + 1, false, joined);
  const frame = lastFrame(assembly, segment.caller);
  if (frame && frame !== before) frame.end = Math.min(frame.end, raw.length);
  report(parse, index + 1, 'A line break inside this frame was taken out.');
  return 2;
}

/**
 * Reads every stack in a text of any origin: logs with or without prefixes, debuggers, tracers, mails that quote them.
 * Frames come in the order printed (`Stack.order` says which end is first). Never throws; `problems` says where the
 * answer is partial. Time is linear in the text; of a very long one only the front is read.
 */
export function parseTrace(text: string): Trace {
  const source = newTraceText(text);
  const assembly = newAssembly();
  const parse: Parse = {
    reading: { source, assembly, inMap: false },
    formats: FORMATS.map(inUse),
    problems: [],
    unlisted: 0,
    binary: false,
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
