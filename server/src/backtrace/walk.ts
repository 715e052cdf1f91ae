/** Walking a resolved stack: the line to look at, what a frame calls and who calls it. */

import { chainOfResolved } from './backtrace.ts';
import type { CodePlace, ResolvedFrame, ResolvedStack } from './resolvedTrace.ts';

/** The line that executes, as far as it is known: printed by a debugger, found out, or else the function's own. */
export function lineOf({ source, call, definition }: ResolvedFrame): CodePlace | null {
  if (source && !source.moved) return source;
  return call ?? definition;
}

/** Frames that have one above them: what they call is known. */
export const framesWithCallee = (stack: ResolvedStack): Set<ResolvedFrame> =>
  new Set(chainOfResolved(stack.stack, stack.frames).slice(1));

/** A frame's neighbours in the chain of control: `above` is what it calls, `below` its caller. */
export function neighbours(
  stack: ResolvedStack,
  frame: ResolvedFrame,
): { above: ResolvedFrame | null; below: ResolvedFrame | null } {
  const chain = chainOfResolved(stack.stack, stack.frames);
  const at = chain.indexOf(frame);
  if (at < 0) return { above: null, below: null };
  return { above: chain[at - 1] ?? null, below: chain[at + 1] ?? null };
}
