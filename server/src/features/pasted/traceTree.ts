/** A trace as a view shows it: stacks, their frames with what was inlined, stacks that share frames put together. */

import type { Location } from 'vscode-languageserver';
import type { CodePlace, ResolvedFrame } from '../../backtrace/resolvedTrace.ts';
import { framesWithCallee, lineOf } from '../../backtrace/walk.ts';
import { type Steps, toEnd } from '../../resolve/steps.ts';
import { chainOf } from '../../trace/chain.ts';
import { mergeStacks, type SharedRun } from '../../trace/merge.ts';
import type { PastedText } from '../../trace/pastedText.ts';
import { uriOf } from '../request.ts';
import { type PastedRequest, resolvedStackSteps } from './request.ts';
import { stackDetail, stackTitle } from './traceOutline.ts';
import { evidenceText, remarkOf, viaText } from './traceWords.ts';

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
  /** the line that executes; null where nothing is known */
  location: Location | null;
  /** `fs/ext4/inode.c:47`, or '' */
  where: string;
  /** how the row above is reached: `through ->readahead of ext4_aops`; '' for a plain call */
  edge: string;
  /** what that rests on: `typed, likely` */
  evidence: string;
  /** what a reader has to know: moved, not in this tree */
  note: string;
}

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

/** The same in steps. */
export function* frameItemsSteps(request: PastedRequest, stack: number, all = false): Steps<FrameItem[]> {
  const resolved = yield* resolvedStackSteps(request, stack);
  const leading = framesWithCallee(resolved);
  const byFrame = new Map(resolved.frames.map((f) => [f.frame, f]));
  const chain = all ? [] : chainOf(resolved.stack).flatMap((f) => byFrame.get(f) ?? []);
  return (chain.length ? chain : resolved.frames).flatMap((f) => rowsOf(request, f, leading.has(f)));
}

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
    location: null,
    where: f.source ? `${f.source.file}:${f.source.line}` : '',
    edge: '',
    evidence: '',
    note: '',
  }));
}

function rowsOf(request: PastedRequest, f: ResolvedFrame, leads: boolean): FrameItem[] {
  const at = { frame: f.index, reliable: f.frame.reliable, line: f.frame.line - 1, character: f.frame.start };
  const place = lineOf(f);
  const edge = leads && f.via ? (viaText(f.via) ?? '') : '';
  const evidence = leads ? evidenceText(f) : '';
  const inlined = f.inlined.map(
    (i, n): FrameItem => ({
      ...at,
      function: i.function,
      inlined: true,
      location: locationAt(request, i),
      where: `${i.file}:${i.line}`,
      // the innermost is the one that takes the step
      edge: n === 0 ? edge : '',
      evidence: n === 0 ? evidence : '',
      note: '',
    }),
  );
  return [
    ...inlined,
    {
      ...at,
      function: f.frame.function || f.frame.text,
      inlined: f.frame.inlined,
      location: place && locationAt(request, place),
      where: place ? `${place.file}:${place.line}` : '',
      edge: inlined.length ? '' : edge,
      evidence: inlined.length ? '' : evidence,
      note: remarkOf(f),
    },
  ];
}

function locationAt(request: PastedRequest, { file, line }: CodePlace): Location {
  const start = { line: Math.max(0, line - 1), character: 0 };
  return { uri: uriOf(request.root, file), range: { start, end: start } };
}
