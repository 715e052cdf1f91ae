/** A pasted text (log, backtrace, mail, notes) by its lines: which frames and expressions stand where. Each part is read once, when asked for. */

import { parsePatch } from './mail/patch.ts';
import type { PatchMail } from './mail/patchTypes.ts';
import { type Expression, expressionsIn } from './mail/prose.ts';
import { parseTrace } from './parse.ts';
import type { Frame, Trace } from './types.ts';

/** Where a frame stands among the stacks of a trace, both 0-based. */
export interface FrameRef {
  stack: number;
  frame: number;
}

/** A pasted text whose parts (trace, patches, prose) are read once each, when they are first asked for. */
export interface PastedText {
  lines: string[];
  trace(): Trace;
  mail(): PatchMail;
  /** frames of a line (1-based), in the order of their columns */
  framesOf(line: number): FrameRef[];
}

/** Prepares a text; nothing of it is parsed yet. */
export function newPastedText(text: string): PastedText {
  let trace: Trace | null = null;
  let mail: PatchMail | null = null;
  let byLine: Map<number, FrameRef[]> | null = null;
  const traceOf = (): Trace => {
    trace ??= parseTrace(text);
    return trace;
  };
  return {
    // a line ends where the trace's reader ends it
    lines: text.split(/\r*\n/),
    trace: traceOf,
    mail() {
      mail ??= parsePatch(text);
      return mail;
    },
    framesOf(line) {
      byLine ??= framesByLine(traceOf());
      return byLine.get(line) ?? [];
    },
  };
}

function framesByLine(trace: Trace): Map<number, FrameRef[]> {
  const out = new Map<number, FrameRef[]>();
  trace.stacks.forEach((s, stack) => {
    s.frames.forEach((f, frame) => {
      const list = out.get(f.line);
      if (list) list.push({ stack, frame });
      else out.set(f.line, [{ stack, frame }]);
    });
  });
  for (const list of out.values()) {
    const startOf = (r: FrameRef): number => trace.stacks[r.stack].frames[r.frame].start;
    if (list.length > 1) list.sort((a, b) => startOf(a) - startOf(b));
  }
  return out;
}

/** Columns [start, end) of a line, 0-based UTF-16. */
export interface Columns {
  start: number;
  end: number;
}

/** Parts of a frame's line: the function's name, and what tells the place in it. */
export interface FrameParts {
  name: Columns;
  /** `+0x14/0x20`, `fs/ext4/inode.c:47`; where a frame has neither, its number, address or arrow */
  places: Columns[];
}

/** Finds the parts of a frame in its line. */
export function partsOf(text: PastedText, frame: Frame): FrameParts {
  const line = text.lines[frame.line - 1] ?? '';
  const name = { start: frame.start, end: frame.end };
  const places: Columns[] = [];
  const offset = /^\+(?:0x)?[0-9a-f]+(?:\/(?:0x)?[0-9a-f]+)?/.exec(line.slice(frame.end, frame.end + 40));
  if (offset) places.push({ start: frame.end, end: frame.end + offset[0].length });
  if (frame.source) {
    // a long line of GDB may be wrapped: then the place stands further down, and is a link as any path is
    const printed = `${frame.source.file}:${frame.source.line}`;
    const at = line.indexOf(printed, frame.end);
    if (at >= 0) places.push({ start: at, end: at + printed.length });
  }
  if (places.length === 0) {
    const before = /(?:=>|#\d+|\[<[0-9a-f]+>\]|\b(?:0x)?[0-9a-f]{8,16})(?=(?: in)?\s*$)/.exec(
      line.slice(0, frame.start),
    );
    if (before) places.push({ start: before.index, end: before.index + before[0].length });
  }
  return { name, places };
}

/** What stands at a place of the text. */
export type Pointed =
  | { kind: 'frame'; ref: FrameRef; part: 'name' | 'place'; columns: Columns }
  | { kind: 'expression'; expression: Expression; columns: Columns };

const within = ({ start, end }: Columns, character: number): boolean => start <= character && character <= end;

/** The frame or the expression of prose at a line (1-based) and a 0-based UTF-16 column; null elsewhere. */
export function pointedAt(text: PastedText, line: number, character: number): Pointed | null {
  for (const ref of text.framesOf(line)) {
    const frame = text.trace().stacks[ref.stack].frames[ref.frame];
    if (frame.user) continue;
    const { name, places } = partsOf(text, frame);
    if (within(name, character)) return { kind: 'frame', ref, part: 'name', columns: name };
    const columns = places.find((p) => within(p, character));
    if (columns) return { kind: 'frame', ref, part: 'place', columns };
  }
  const expression = expressionsIn(text.lines[line - 1] ?? '').find((e) => within(e, character));
  return expression ? { kind: 'expression', expression, columns: expression } : null;
}

/** Does the text hold a frame, or a hunk of a patch? */
export const holdsTrace = (text: string): boolean =>
  parseTrace(text).stacks.some((s) => s.frames.length > 0) ||
  parsePatch(text).patches.some((p) => p.files.some((f) => f.hunks.length > 0));

/** Is the text worth being shown as a trace: does it hold a stack, or a patch in a mail? */
export function looksLikeTrace(text: string): boolean {
  const { stacks } = parseTrace(text);
  if (stacks.some((s) => s.frames.length >= 3 || (s.heading !== '' && s.frames.length > 0))) return true;
  return parsePatch(text).patches.some((p) => p.files.some((f) => f.hunks.length > 0));
}
