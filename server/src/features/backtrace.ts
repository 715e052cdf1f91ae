/** A parsed trace -> its frames in this tree: definitions, call lines, what was inlined, what became of the unknown. */
import type { IndexReader } from '../index/reader.ts';
import { type FunctionPlace, functionPlaces } from '../resolve/functionPlaces.ts';
import type { Frame, Stack, Trace } from '../trace/types.ts';

export type Confidence = 'certain' | 'likely' | 'guess';

/** A line of the tree, 1-based. */
export interface CodePlace {
  file: string;
  line: number;
}

/** A function that was inlined at a frame's address, and the line that is executing in it. */
export interface InlinedFrame extends CodePlace {
  function: string;
}

/** How the frame above is reached from this one. */
export interface Via {
  kind: 'call' | 'dispatch' | 'pointer' | 'tail' | 'syscall' | 'exception' | 'tracepoint' | 'assembly';
  /** `address_space_operations.readahead`; the pointer's name for a call through a pointer */
  slot: string | null;
  /** the table that holds the frame above: `ext4_aops` */
  table: string | null;
  evidence: 'typed' | 'flow' | 'signature' | 'name' | null;
}

/** What may have become of a function that this tree lacks. */
export interface Successor extends CodePlace {
  function: string;
  why: string;
}

/** One frame, resolved. */
export interface ResolvedFrame {
  frame: Frame;
  /** position among the stack's frames, 0-based */
  index: number;
  definition: FunctionPlace | null;
  /** the definition is the only one that can be meant */
  certain: boolean;
  /** other definitions that may be meant, best first */
  alternatives: FunctionPlace[];
  /** the file and line that the trace prints, in this tree; `moved`: that line isn't in the function here */
  source: (CodePlace & { moved: boolean }) | null;
  /** the line in the function itself that is executing: the call that leads to the frame above */
  call: (CodePlace & { confidence: Confidence }) | null;
  /** innermost first */
  inlined: InlinedFrame[];
  via: Via | null;
  /** what a reader has to know: moved, not in this tree, one of several */
  note: string | null;
  /** where the tree lacks the function: what may stand for it, likeliest first */
  successors: Successor[];
}

export interface ResolvedStack {
  stack: Stack;
  frames: ResolvedFrame[];
}

/** What all stacks of one trace share. */
export interface TraceContext {
  index: IndexReader;
  /** folder of arch/ for stacks that don't tell their own */
  architecture: string;
}

/** Resolves one stack: an editor asks for those in view. */
export function resolveStack(context: TraceContext, stack: Stack): ResolvedStack {
  const architecture = stack.arch ?? context.architecture;
  const frames = stack.frames.map((frame, index): ResolvedFrame => {
    const answer =
      frame.function === '' || frame.user
        ? { places: [], certain: false }
        : functionPlaces(context.index, {
            name: frame.function,
            file: frame.source?.file ?? null,
            moduleFiles: null,
            inModule: frame.module !== null,
            near: [],
            architecture,
          });
    return {
      frame,
      index,
      definition: answer.places[0] ?? null,
      certain: answer.certain,
      alternatives: answer.places.slice(1),
      source: null,
      call: null,
      inlined: [],
      via: null,
      note: null,
      successors: [],
    };
  });
  return { stack, frames };
}

/** Resolves every stack of a trace, in their order. */
export const resolveTrace = (context: TraceContext, trace: Trace): ResolvedStack[] =>
  trace.stacks.map((stack) => resolveStack(context, stack));
