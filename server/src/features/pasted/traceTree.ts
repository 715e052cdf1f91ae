/** A trace as a view shows it: stacks, their frames with what was inlined, stacks that share frames put together. */

import type { Location } from 'vscode-languageserver';
import type { CodePlace, ResolvedFrame, Via } from '../../backtrace/resolvedTrace.ts';
import { framesWithCallee, lineOf } from '../../backtrace/walk.ts';
import { type Steps, toEnd } from '../../resolve/steps.ts';
import { chainOf } from '../../trace/chain.ts';
import { mergeStacks, type SharedRun } from '../../trace/merge.ts';
import type { PastedText } from '../../trace/pastedText.ts';
import { uriOf } from '../request.ts';
import { newCallLines } from './callLine.ts';
import { type PastedRequest, resolvedStackSteps } from './request.ts';
import { stackDetail, stackTitle } from './traceOutline.ts';
import { evidenceText, remarkOf, viaBrief, viaText } from './traceWords.ts';

/** One stack, before anything of it is looked up. */
export interface StackItem {
  title: string;
  /** `reader/431 · CPU 1 · x86` */
  detail: string;
  kind: string;
  frames: number;
  /** line of the text, 0-based */
  line: number;
}

/** Everything about a text's stacks that needs no tree. */
export interface StackList {
  stacks: StackItem[];
  /** the same stacks merged where their inner frames agree */
  merged: SharedRun[];
  /** hunks of patches in the text */
  hunks: number;
}

/** A row of a stack: a frame, or a function that was inlined into the frame that follows. */
export interface FrameItem {
  /** number of the frame in its stack, also for what was inlined into it */
  frame: number;
  function: string;
  inlined: boolean;
  reliable: boolean;
  /** line and column of the frame in the text, 0-based */
  line: number;
  character: number;
  /** it was worked out that the function was inlined here: nothing printed it */
  inferred: boolean;
  /** where the call stands in the line that executes; null where nothing is known */
  location: Location | null;
  /** `fs/ext4/inode.c:47`, or '' */
  where: string;
  /** how the row above is reached: `through ->readahead of ext4_aops`; '' for a plain call */
  edge: string;
  /** the same in a word or two: `->readahead` */
  brief: string;
  /** what that rests on: `typed, likely` */
  evidence: string;
  /** what a reader has to know: moved, not in this tree */
  note: string;
  /** the stack's remark says what the note does */
  isTold: boolean;
  /** the line of source, without blanks around it; '' where it can't be read */
  source: string;
}

/** A stack's rows, and what is to be said of most of them at once. */
export interface FrameRows {
  frames: FrameItem[];
  /** null: nothing */
  remark: string | null;
}

/** From so many lines that have moved on, it is said once. */
const MANY_MOVED = 3;

/** Stacks that are listed. */
const MAX_STACKS = 5000;

/** The stacks of a text. */
export function stackList(text: PastedText): StackList {
  const { stacks: all, cut } = text.trace();
  const stacks = all.length > MAX_STACKS ? all.slice(0, MAX_STACKS) : all;
  const items = stacks.map((s) => ({
    title: stackTitle(s),
    detail: stackDetail(s),
    kind: s.kind,
    frames: s.frames.length,
    line: s.line - 1,
  }));
  // the list ends with a row that has no frames and says why
  const rest = all[MAX_STACKS]?.line ?? cut;
  if (rest !== null)
    items.push({
      title: `The text is read up to line ${rest - 1}`,
      detail: '',
      kind: 'plain',
      frames: 0,
      line: rest - 1,
    });
  return {
    stacks: items,
    merged: mergeStacks(stacks),
    hunks: text.mail().patches.reduce((n, p) => n + p.files.reduce((m, f) => m + f.hunks.length, 0), 0),
  };
}

/**
 * The rows of one stack, each frame with what was inlined above it: its chain of control, innermost first; where it has
 * none, its places as printed. With `all`, every frame as printed: registers that a report repeats, too.
 */
export const frameItems = (request: PastedRequest, stack: number, all = false): FrameItem[] =>
  toEnd(frameItemsSteps(request, stack, all));

/** The same in steps, with what is said of all of them. */
export function* frameRowsSteps(request: PastedRequest, stack: number): Steps<FrameRows> {
  const frames = yield* frameItemsSteps(request, stack);
  const { frames: resolved } = yield* resolvedStackSteps(request, stack);
  const moved = new Set(resolved.flatMap((f) => (f.note?.kind === 'moved-line' ? f.index : [])));
  const printed = resolved.filter((f) => f.source !== null).length;
  if (moved.size < MANY_MOVED || moved.size * 2 < printed) return { frames, remark: null };
  return {
    frames: frames.map((row) => ({ ...row, isTold: !row.inferred && moved.has(row.frame) })),
    remark: `The trace is of another version: ${moved.size} of the ${printed} lines that it prints are elsewhere here.`,
  };
}

/** The same rows alone. */
export function* frameItemsSteps(request: PastedRequest, stack: number, all = false): Steps<FrameItem[]> {
  const resolved = yield* resolvedStackSteps(request, stack);
  const leading = framesWithCallee(resolved);
  const byFrame = new Map(resolved.frames.map((f) => [f.frame, f]));
  const chain = all ? [] : chainOf(resolved.stack).flatMap((f) => byFrame.get(f) ?? []);
  const rows = chain.length ? chain : resolved.frames;
  const lineAt = newCallLines(request);
  const out: FrameItem[] = [];
  let above = '';
  for (const f of rows) {
    yield;
    const name = f.via?.slot?.split('.').pop() ?? above;
    out.push(...rowsOf(request, f, leading.has(f) ? { via: f.via, name } : null, lineAt));
    if (f.frame.reliable) above = f.frame.function;
  }
  return out;
}

/** How a frame goes on, and the name that its line calls. */
type Callee = { via: Via | null; name: string };

/** The same without a tree: names alone. */
export function bareItems(text: PastedText, stack: number): FrameItem[] {
  const found = text.trace().stacks[stack];
  const chain = chainOf(found);
  const numbers = new Map(found.frames.map((f, n) => [f, n]));
  return (chain.length ? chain : found.frames).map((f) => ({
    frame: numbers.get(f) ?? 0,
    function: f.function || f.text,
    inlined: f.inlined,
    reliable: f.reliable,
    line: f.line - 1,
    character: f.start,
    inferred: false,
    location: null,
    where: f.source ? `${f.source.file}:${f.source.line}` : '',
    edge: '',
    brief: '',
    evidence: '',
    note: '',
    isTold: false,
    source: '',
  }));
}

function rowsOf(
  request: PastedRequest,
  f: ResolvedFrame,
  callee: Callee | null,
  lineAt: ReturnType<typeof newCallLines>,
): FrameItem[] {
  const at = { frame: f.index, reliable: f.frame.reliable, line: f.frame.line - 1, character: f.frame.start };
  const plain = { edge: '', brief: '', evidence: '' };
  const step = callee
    ? {
        edge: callee.via ? (viaText(callee.via) ?? '') : '',
        brief: callee.via ? viaBrief(callee.via) : '',
        evidence: evidenceText(f),
      }
    : plain;
  const placed = (place: CodePlace | null, called: string) => {
    if (!place) return { location: null, where: '', source: '' };
    const { text, character } = lineAt(place, called);
    return { location: locationAt(request, place, character), where: `${place.file}:${place.line}`, source: text };
  };
  const isInferred = !request.context.exact?.has(f.frame);
  const calls = (n: number): string => (n === 0 ? (callee?.name ?? '') : f.inlined[n - 1].function);
  const inlined = f.inlined.map(
    (i, n): FrameItem => ({
      ...at,
      function: i.function,
      inlined: true,
      inferred: isInferred,
      ...placed(i, calls(n)),
      // the innermost is the one that takes the step
      ...(n === 0 ? step : plain),
      note: '',
      isTold: false,
    }),
  );
  return [
    ...inlined,
    {
      ...at,
      function: f.frame.function || f.frame.text,
      inlined: f.frame.inlined,
      inferred: false,
      ...placed(lineOf(f), calls(inlined.length)),
      ...(inlined.length ? plain : step),
      note: remarkOf(f),
      isTold: false,
    },
  ];
}

function locationAt(request: PastedRequest, { file, line }: CodePlace, character: number): Location {
  const start = { line: Math.max(0, line - 1), character };
  return { uri: uriOf(request.root, file), range: { start, end: start } };
}
