/** Lines that a console, a mailer or a web form broke in two, or more: put together again, as far as the parts tell. */
import type { Assembly } from '../channel.ts';
import { offsetFrames } from '../formats/frames.ts';
import { headingOf } from '../headings.ts';
import { runningOf } from '../running.ts';
import { isOpen } from '../stacks.ts';
import { titleOf } from '../titles.ts';
import { columnOf, linesDown, packPlace, type Segment } from './clean.ts';

/** A message with the lines that it goes on in. */
export interface Joined {
  segment: Segment;
  /** lines of the text that it takes, its first one included */
  lines: number;
  /** the break stood within a word */
  broken: boolean;
}

/** Lines that one message may go on in: a frame with many inlined functions, each on a line of its own. */
const MOST_LINES = 40;
/** Longest message that is joined to. */
const LONGEST = 4000;

/**
 * The message of a line together with what stands in the lines below it; null where it is whole. `length` is the length
 * of the line as it stands, `next(n)` the message of the line `n` further down: null where the text is over, or where
 * that line holds several.
 */
export function joinWraps(
  assembly: Assembly,
  segment: Segment,
  length: number,
  next: (n: number) => { segment: Segment; length: number } | null,
): Joined | null {
  let joined: Joined | null = null;
  let before = length;
  for (let n = 1; n < MOST_LINES; n++) {
    const below = next(n);
    if (!below || below.segment.stamped || below.segment.text === '') break;
    const so: Segment = joined ? joined.segment : segment;
    if (so.text.length > LONGEST) break;
    const joint = jointOf(assembly, so, below.segment, before);
    if (joint === null) break;
    joined = { segment: joinedSegment(so, below.segment, joint, n), lines: n + 1, broken: joint === '' };
    before = below.length;
    if (joint === '') break;
  }
  return joined;
}

function joinedSegment(front: Segment, rest: Segment, joint: string, down: number): Segment {
  const head = joint === '' ? front.text : front.text.trimEnd();
  const indent = joint === '' ? 0 : rest.text.length - rest.text.trimStart().length;
  const tail = rest.text.slice(indent).trimEnd();
  const map = new Uint32Array(head.length + joint.length + tail.length);
  for (let i = 0; i < head.length; i++) map[i] = packPlace(linesDown(front, i), columnOf(front, i));
  if (joint) map[head.length] = head === '' ? packPlace(0, front.base) : map[head.length - 1];
  for (let i = 0; i < tail.length; i++)
    map[head.length + joint.length + i] = packPlace(down, columnOf(rest, indent + i));
  return { ...front, text: head + joint + tail, base: 0, map };
}

/** What belongs between a message and the line below it: nothing within a word, else a blank; null where they are two. */
function jointOf(assembly: Assembly, front: Segment, rest: Segment, length: number): string | null {
  if (!front.stamped && !mayGoOn(front.text, rest.text)) return null;
  const head = front.text.trimEnd();
  const tail = rest.text.trim();
  if (head.trimStart().startsWith('#') || tail === '') return null;
  const c = tail.charCodeAt(0);
  const isFrameWrap =
    (c === 91 && MODULE.test(tail) && wantsModule(front, head, tail, length)) ||
    (c === 40 && SOURCE.test(tail) && NAME_END.test(head.slice(-300))) ||
    (tail.includes('+0x') &&
      FRAME_FRONT.test(head.slice(-120)) &&
      FRAME_START.test(tail) &&
      (head !== '' || front.stamped)) ||
    goesOnInSource(head, tail) ||
    goesOnInLock(head, c);
  if (isFrameWrap || goesOnInReport(front, head, tail, length)) return ' ';
  return isBroken(assembly, front, rest) ? '' : null;
}

/** Most lines of a text without stamps stand for themselves: a look at both ends tells. */
function mayGoOn(front: string, rest: string): boolean {
  let at = 0;
  while (rest.charCodeAt(at) === 32 || rest.charCodeAt(at) === 9) at++;
  const c = rest.charCodeAt(at);
  if (c === 91 || c === 40 || c === 38) return true;
  if (front.endsWith(' ') || front.endsWith(',')) return true;
  const word = front.slice(front.lastIndexOf(' ') + 1);
  if (word.length < 3 || LAST_WORDS.has(word)) return true;
  if (rest.includes('+0x') && (!front.includes('+0x') || front.includes(' from'))) return true;
  return front.includes('(');
}

/** Words that no first line of a report ends in, nor a line that says who runs. */
const LAST_WORDS: ReadonlySet<string> = new Set(
  'in at by from of for to address PID: UID: Comm: CPU: pid task'.split(' '),
);

/** A frame in front of its module. */
const OFFSET_END = /\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8}$/;
const MODULE = /^\[[A-Za-z0-9_-]{2,64}(?:\([A-Z+-]{1,12}\))?(?: [0-9a-f]{6,40})?\]$/;
/** what people write for lines that they left out */
const LEFT_OUT = /^\[(?:snip|cut|trimmed|truncated|end|omitted|skipped|deleted)\w*\]$/i;
/** Mailers break lines between these widths. */
const NARROWEST = 60;
const WIDEST = 80;

/** Would the first word below have made the line wider than mailers like? */
const isWide = (tail: string, length: number): boolean => length + 1 + tail.split(' ', 1)[0].length > NARROWEST;

const wantsModule = ({ stamped }: Segment, head: string, tail: string, length: number): boolean =>
  OFFSET_END.test(head.slice(-40)) && !LEFT_OUT.test(tail) && (stamped || isWide(tail, length));

/** `(fs/ext4/inode.c:12` below the name of a decoded frame */
const SOURCE = /^\([\w.+\-@/~]{1,400}\.(?:c|h|S|rs):\d/;
const NAME_END =
  /(?:^|\s)[A-Za-z_.$][\w.$]{0,250}(?:\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8})?(?: \[[\w-]{1,64}(?: [0-9a-f]{6,40})?\])?$/;
const SOURCE_BELOW = /^(?:[\w.+\-@/~]{1,400}\.(?:c|h|S|rs):\d|\(?discriminator )/;

/** The parenthesis of a decoded frame is open still: other lines of what was inlined follow. */
function goesOnInSource(head: string, tail: string): boolean {
  if (!SOURCE_BELOW.test(tail)) return false;
  if (head.endsWith(' at') && head.includes('(inlined by) ')) return true;
  const open = head.lastIndexOf(' (');
  if (open < 0 || head.indexOf(')', open) > 0) return false;
  return SOURCE.test(head.slice(open + 1)) && /:\d{1,9}$/.test(head);
}

/** `-> #0` and the address of a lock, above the lock's name */
const goesOnInLock = (head: string, c: number): boolean =>
  (c === 40 || c === 38) && head.length < 40 && /^(?:\s*(?:#\d{1,3}:\s{0,4})?[0-9a-f]{16}|-> #\d{1,3})$/.test(head);

/** What a frame starts with, and what a line holds that ends in front of one. */
const FRAME_START = /^(?:[0-9a-f]{4}:)?\(?[A-Za-z_.$][\w.$]{0,250}\+0x[0-9a-f]{1,8}\/0x[0-9a-f]{1,8}/;
const FRAME_FRONT =
  /^\s*(?:\?|(?:RIP|EIP|IP):?(?: {1,2}[0-9a-f]{4}:)?|(?:[Pp]C|LR|[lr]r|[rp]?ra|[ER]?IP|ip) is at|(?:pc|lr|epc|ra|NIP|LR|PC)\s{0,4}[:=]?(?:\s{0,4}\[?<?[0-9a-f]{8,16}>?\]?)?|(?:\[<?[0-9a-f]{8,16}>?\] ?){1,2}\??)?$| from(?: \[<[0-9a-f]{8,16}>\])?$/;

/** A report's first line, or one that says whose stack it is, which goes on below. */
function goesOnInReport({ text, stamped }: Segment, head: string, tail: string, length: number): boolean {
  const isDangling =
    head.endsWith(',') ||
    LAST_WORDS.has(head.slice(head.lastIndexOf(' ') + 1)) ||
    (text.endsWith(' ') && isWide(tail, length));
  if (!isDangling && !(stamped && length <= WIDEST && isWide(tail, length))) return false;
  if (tail.startsWith('[') || tail.startsWith('<') || tail.endsWith(':')) return false;
  const message = head.trim();
  if (!/^(?:CPU: |task:|Pid: )/.test(message) && headingOf(message) === null) return false;
  return headingOf(tail) === null && titleOf(tail) === null && runningOf(tail) === null;
}

const BROKEN_TAIL = /(?:^|[\s(])[A-Za-z_][\w.]{0,200}(?:\+(?:0(?:x[0-9a-f]{0,8}(?:\/(?:0(?:x[0-9a-f]{0,8})?)?)?)?)?)?$/;
const FRAGMENT = /^[\w.+/]{1,120}(?:\s\[[\w-]{1,64}(?: [0-9a-f]{6,40})?\])?\s*$/;

/** A stamped line that ends within a frame, and an unstamped one that ends the frame. */
function isBroken(assembly: Assembly, front: Segment, rest: Segment): boolean {
  const { text, caller, stamped } = front;
  // an indent or a quote mark says that the next line stands for itself
  if (!stamped || text.length > 400 || rest.base > 0 || rest.text.length > 240) return false;
  if (!BROKEN_TAIL.test(text.slice(-260)) || !FRAGMENT.test(rest.text)) return false;
  const whole = offsetFrames(front, 1)[0]?.frame;
  // complete as it stands, unless the offset lies behind the function's end
  if (whole && !isBehindEnd(whole)) return false;
  if (!text.includes('+') && !(isOpen(assembly, caller) && /^\s+(?:\? )?[\w.]+$/.test(text))) return false;
  const [found] = offsetFrames(joinedSegment(front, rest, '', 1), 1);
  return found?.frame.kind === 'call' && found.strength === 'frame' && !isBehindEnd(found.frame);
}

const isBehindEnd = ({ offset, size }: { offset: number | null; size: number | null }): boolean =>
  offset !== null && size !== null && offset > size;
