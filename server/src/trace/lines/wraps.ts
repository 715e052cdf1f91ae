/** Line breaks that a console put into a frame. */

import type { Assembly } from '../channel.ts';
import { offsetFrames } from '../formats/frames.ts';
import { isNameCode } from '../names.ts';
import { isOpen } from '../stacks.ts';
import type { Segment } from './clean.ts';
import { rawLine, type TraceText } from './text.ts';

const BROKEN_TAIL = /(?:^|[\s(])[A-Za-z_][\w.]{0,200}(?:\+(?:0(?:x[0-9a-f]{0,8}(?:\/(?:0(?:x[0-9a-f]{0,8})?)?)?)?)?)?$/;
const FRAGMENT = /^[\w.+/]{1,120}(?:\s\[[\w-]{1,64}(?: [0-9a-f]{6,40})?\])?\s*$/;

/**
 * The segment of line `index` (0-based) with the next line's text behind it: a stamped line that ends within a frame,
 * and an unstamped line that goes on. Null where both lines stand for themselves.
 */
export function joinBroken(source: TraceText, assembly: Assembly, index: number, segment: Segment): Segment | null {
  const { text } = segment;
  if (!segment.stamped || text.length > 400 || !mayGoOn(source, index) || !BROKEN_TAIL.test(text.slice(-260)))
    return null;
  const next = rawLine(source, index + 1);
  if (next.length > 240 || !FRAGMENT.test(next)) return null;
  const whole = offsetFrames(segment, index + 1)[0]?.frame;
  // complete as it stands, unless the offset lies behind the function's end
  if (whole && !isBehindEnd(whole)) return null;
  if (!text.includes('+') && !(isOpen(assembly, segment.caller) && /^\s+(?:\? )?[\w.]+$/.test(text))) return null;
  const joined: Segment = { ...segment, text: text + next.trimEnd() };
  const found = offsetFrames(joined, index + 1)[0];
  if (found?.frame.kind !== 'call' || found.strength !== 'frame') return null;
  return isBehindEnd(found.frame) ? null : joined;
}

/** A stamp, an indent or a quote mark says that the next line stands for itself. */
function mayGoOn({ text, starts }: TraceText, index: number): boolean {
  if (index + 1 >= starts.length) return false;
  const front = text.charCodeAt(starts[index + 1]);
  return isNameCode(front) || front === 43 || front === 47;
}

const isBehindEnd = ({ offset, size }: { offset: number | null; size: number | null }): boolean =>
  offset !== null && size !== null && offset > size;
