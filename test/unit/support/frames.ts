/** Frames of pasted traces, looked up in a tree as x86 has it. */
import { resolveStack } from '../../../server/src/backtrace/backtrace.ts';
import { newTraceContext, type ResolvedFrame } from '../../../server/src/backtrace/resolvedTrace.ts';
import { parseTrace } from '../../../server/src/trace/parse.ts';
import type { IndexedTree } from './marked.ts';

/** The frames of all stacks of a text. */
export function framesOfText({ index }: Pick<IndexedTree, 'index'>, text: string): ResolvedFrame[] {
  const trace = parseTrace(text);
  const context = newTraceContext({ index, architecture: 'x86' }, trace);
  return trace.stacks.map((stack) => resolveStack(context, stack)).flatMap((s) => s.frames);
}

/** The frames of a call trace, given as `f+0x1/0x2` from the inside out. */
export const framesOfCalls = (tree: Pick<IndexedTree, 'index'>, ...lines: string[]): ResolvedFrame[] =>
  framesOfText(tree, callTrace(...lines));

/** A call trace as the kernel prints it. */
export const callTrace = (...lines: string[]): string => `Call Trace:\n${lines.map((l) => ` ${l}\n`).join('')}`;
