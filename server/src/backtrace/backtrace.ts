/** A parsed trace -> its frames in this tree: definitions, call lines, what was inlined, what became of the unknown. */
import { type Steps, toEnd } from '../resolve/steps.ts';
import { chainOf } from '../trace/chain.ts';
import { isInFront } from '../trace/names.ts';
import type { Stack } from '../trace/types.ts';
import { reachAbove } from './frames/calls.ts';
import { chooseByNeighbours } from './frames/choice.ts';
import { definitionsOf, frameLeftOut } from './frames/definitions.ts';
import { explainMissing } from './frames/missing.ts';
import { namedInlined, readSource } from './frames/printed.ts';
import {
  contextFor,
  type FrameNote,
  type ResolvedFrame,
  type ResolvedStack,
  type TraceContext,
} from './resolvedTrace.ts';

/** Frames of one stack that are looked up, as each takes a search: a kernel's stack has room for some hundred. */
const MAX_FRAMES = 1000;

/** Resolves one stack: an editor asks for those in view. */
export const resolveStack = (context: TraceContext, stack: Stack): ResolvedStack =>
  toEnd(resolveStackSteps(context, stack));

/**
 * The same in steps: a stack may have thousands of frames, and each may need bodies read. One pass after the other goes
 * over the frames, and each builds on what the one before found: which functions, which of several by their neighbours,
 * the lines that are printed, what became of the missing, and at last how each frame leads to the one above.
 */
export function* resolveStackSteps(trace: TraceContext, stack: Stack): Steps<ResolvedStack> {
  const context = contextFor(trace, stack.arch);
  const frames = yield* definitionsOf(context, stack, MAX_FRAMES);
  const chain = chainOfResolved(stack, frames);
  const below = new Map(chain.map((frame, i) => [frame, chain[i + 1]]));
  for (const [i, frame] of chain.entries()) {
    yield;
    chooseByNeighbours(context, frame, chain[i - 1], chain[i + 1]);
  }
  for (const frame of frames) {
    yield;
    readSource(context, frame);
  }
  for (const frame of frames) {
    yield;
    if (!frame.definition && !frame.frame.user) explainMissing(context, frame, below.get(frame));
  }
  for (const [i, lower] of chain.entries()) {
    yield;
    if (i > 0) reachAbove(context, lower, chain[i - 1]);
  }
  for (const frame of frames) {
    const named = namedInlined(context, frame);
    if (named.length) frame.inlined = named;
    const exact = trace.exact?.get(frame.frame);
    if (exact) {
      frame.call = { ...exact.call, confidence: 'certain' };
      frame.inlined = exact.inlined;
    }
    frame.note ??= noteOf(frame, context.index.isWhole());
  }
  const rest = stack.frames.slice(frames.length).map((frame, n) => frameLeftOut(frame, frames.length + n));
  return { stack, frames: rest.length ? [...frames, ...rest] : frames };
}

/** The frames of a stack's chain of control, innermost first, without those that may be left over from other calls. */
export function chainOfResolved(stack: Stack, frames: readonly ResolvedFrame[]): ResolvedFrame[] {
  const byFrame = new Map(frames.map((f) => [f.frame, f]));
  return chainOf(stack)
    .filter((f) => f.reliable && !f.user)
    .flatMap((f) => byFrame.get(f) ?? []);
}

function noteOf(
  { frame, definition, certain, alternatives, source }: ResolvedFrame,
  isWhole: boolean,
): FrameNote | null {
  if (!definition) return null;
  if (isInFront(frame.text)) return { kind: 'in-front' };
  if (source?.moved && frame.source)
    return source.file === definition.file
      ? { kind: 'moved-line', printed: frame.source.line, line: null }
      : { kind: 'moved-file', printed: frame.source.file };
  if (!certain && alternatives.length) return { kind: 'one-of', count: alternatives.length + 1 };
  if (definition.kind !== 'declaration') return null;
  return isWhole ? { kind: 'declared' } : { kind: 'not-indexed' };
}
