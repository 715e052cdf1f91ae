/** Frames that a debugger numbers, over several lines where GDB, a terminal or a mailer wrapped them. */
import { cleanLine, type Segment } from '../lines/clean.ts';
import { isHardWidth, rawLine, type TraceText } from '../lines/text.ts';
import { addFrame } from '../stacks.ts';
import type { Frame } from '../types.ts';
import { balance, numberedFrame, numberLength } from './debuggers.ts';
import { type Format, Mark, stateless } from './format.ts';

/** Wrapped lines that one frame of GDB may have, and their length together. */
const MOST_WRAPS = 60;
const LONGEST_FRAME = 32_768;

/** `#1  0xffffffff811b6288 in read_pages (rac=0x0) at mm/readahead.c:160` of GDB, and its like of crash and drgn. */
export const NUMBERED: Format = {
  name: 'debugger',
  marks: Mark.FirstHash,
  begin: stateless,
  read({ line, segment, whole }, { source, assembly }) {
    if (!whole || numberLength(segment.text) === 0) return 0;
    const index = line - 1;
    const alone = numberedFrame(segment, line);
    const isWhole = alone && (alone.kind !== 'gdb' || (alone.frame.source !== null && !isFrontOfCut(source, index)));
    const joined = isWhole ? null : joinWrapped(source, index, segment);
    const wide = joined && joined.parts.length > 1 ? numberedFrame(joined.segment, line) : null;
    if (joined && wide) relocate(wide.frame, joined.parts);
    const found = wide ?? alone;
    if (!found) return 0;
    addFrame(assembly, segment.caller, found.frame, found.kind);
    return joined && wide ? joined.parts.length : 1;
  },
};

/** A part of a wrapped frame: where it begins in the joined text, and where it stood. */
interface Part {
  at: number;
  line: number;
  segment: Segment;
}

/** The text of a frame so far, while lines are joined to it. */
interface Joined {
  text: string;
  parts: Part[];
  state: ReturnType<typeof balance>;
}

/** Joins the lines that a frame goes on in. */
function joinWrapped(source: TraceText, index: number, first: Segment): { segment: Segment; parts: Part[] } {
  const joined: Joined = {
    text: first.text,
    parts: [{ at: 0, line: index + 1, segment: first }],
    state: balance(first.text, 0, { depth: 0, quoted: false }),
  };
  for (let next = index + 1; next < source.starts.length && joined.parts.length < MOST_WRAPS; next++) {
    if (isWhole(joined) && !isFrontOfCut(source, next - 1)) break;
    if (!joinLine(source, joined, next)) break;
  }
  const { text, parts } = joined;
  return { segment: { text, base: 0, map: null, caller: first.caller, stamped: first.stamped }, parts };
}

const isWhole = ({ text, state }: Joined): boolean =>
  state.depth <= 0 && !state.quoted && /\b(?:at \S+:\d+|from \S+)\s*$/.test(text.slice(-500));

/** Joins a line to a frame; false where the frame does not go on in it. */
function joinLine(source: TraceText, joined: Joined, index: number): boolean {
  const { text, state, parts } = joined;
  const segments = cleanLine(rawLine(source, index));
  const { text: more } = segments[0];
  const trimmed = more.trim();
  if (segments.length > 1 || trimmed === '' || text.length + more.length > LONGEST_FRAME) return false;
  if (numberLength(more) > 0 || /^(?:\(gdb\)|```|crash>|>>>|---)/.test(trimmed)) return false;
  // a terminal cuts at its width, in the middle of a word; GDB and mailers break between words
  const word = state.depth <= 0 && /\b(?:at|from|in)\s*$/.test(text.slice(-40));
  const hard = !word && !/^\s/.test(more) && isHardWidth(source, rawLine(source, index - 1).length);
  const open = state.depth > 0 || state.quoted || hard;
  if (!open && !word && !/^(?:at\b|from\b|in\b|\()/.test(trimmed)) return false;
  const joint = hard ? '' : ' ';
  const indent = more.length - more.trimStart().length;
  parts.push({ at: text.length + joint.length - indent, line: index + 1, segment: segments[0] });
  joined.state = balance(more, 0, state);
  joined.text = text + joint + more.slice(indent);
  return true;
}

/** Puts a frame that was read from joined text back where its name stands. */
function relocate(frame: Frame, parts: readonly Part[]): void {
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
function isFrontOfCut(source: TraceText, index: number): boolean {
  if (index + 1 >= source.starts.length) return false;
  const next = source.starts[index + 1];
  const end = source.starts[index + 2] ?? source.text.length;
  if (end - next > 40 || !isHardWidth(source, rawLine(source, index).length)) return false;
  return /^\d{1,6}$/.test(cleanLine(rawLine(source, index + 1))[0].text);
}
