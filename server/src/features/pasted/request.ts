/** A pasted text joined with a tree, as features ask about it. What was resolved of it is kept. */

import { resolveStackSteps } from '../../backtrace/backtrace.ts';
import { newPatchView, type PatchView } from '../../backtrace/patches/patchPoints.ts';
import {
  newTraceContext,
  type ResolvedFrame,
  type ResolvedStack,
  type TraceContext,
} from '../../backtrace/resolvedTrace.ts';
import { textView } from '../../resolve/cursor/textView.ts';
import { type Steps, toEnd } from '../../resolve/steps.ts';
import type { FrameRef, PastedText } from '../../trace/pastedText.ts';
import type { Request } from '../request.ts';

/** A question about a pasted text, with a tree to answer from. `file` is empty: the text belongs to no program. */
export interface PastedRequest extends Request {
  text: PastedText;
  context: TraceContext;
  /** stacks resolved so far, by their number */
  resolved: Map<number, ResolvedStack>;
  patches: PatchView;
}

/** Joins a text with a tree. Texts may share the bodies that they read of it. */
export function newPastedRequest(
  text: PastedText,
  tree: Omit<Request, 'file'>,
  bodies?: TraceContext['bodies'],
): PastedRequest {
  const { index } = tree;
  return {
    ...tree,
    // the trace's own words are what is asked about, whoever answers plain C
    besideOther: false,
    file: { path: '', text: textView(''), facts: null },
    text,
    context: newTraceContext({ index, architecture: tree.architecture }, text.trace(), bodies),
    resolved: new Map(),
    patches: newPatchView({ index, architecture: tree.architecture }, text.mail),
  };
}

/** A stack of the text with its places in the tree; what was found out before is kept. */
export const resolvedStack = (request: PastedRequest, stack: number): ResolvedStack =>
  toEnd(resolvedStackSteps(request, stack));

/** The same in steps. */
export function* resolvedStackSteps(request: PastedRequest, stack: number): Steps<ResolvedStack> {
  let resolved = request.resolved.get(stack);
  if (!resolved) {
    const { exact } = request.context;
    resolved = yield* resolveStackSteps(request.context, request.text.trace().stacks[stack]);
    // a vmlinux may have told more in the meantime
    if (request.context.exact === exact) request.resolved.set(stack, resolved);
  }
  return resolved;
}

/** A frame of the text with its places in the tree. */
export const resolvedFrame = (request: PastedRequest, ref: FrameRef): ResolvedFrame =>
  resolvedStack(request, ref.stack).frames[ref.frame];
