/** A trace's frames in a tree, as plain data: what the editor, the CLI and a reply on the list are made of. */

import type { IndexReader } from '../index/read/reader.ts';
import type { World } from '../resolve/world.ts';
import type { Frame, Stack, Trace } from '../trace/types.ts';
import { type Bodies, openBodies } from './bodies/bodies.ts';
import type { Successor } from './frames/successors.ts';
import type { FunctionPlace } from './functions/functionPlaces.ts';
import type { ExactPlace } from './vmlinux/vmlinux.ts';

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
  kind: 'call' | 'dispatch' | 'pointer' | 'tail' | 'syscall' | 'exception' | 'event' | 'assembly';
  /** `address_space_operations.readahead`; the pointer's name for a call through a pointer */
  slot: string | null;
  /** the table that holds the frame above: `ext4_aops` */
  table: string | null;
  evidence: 'typed' | 'flow' | 'signature' | 'name' | null;
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

/** What all stacks of one trace share; keep it as long as the index stays as it is. */
export interface TraceContext {
  index: IndexReader;
  /** folder of arch/ for stacks that don't tell their own */
  architecture: string;
  /** functions that the trace shows as frames of their own */
  outOfLine: ReadonlySet<string>;
  /** what a vmlinux tells of frames; null without one */
  exact: ReadonlyMap<Frame, ExactPlace> | null;
  /** ask git what became of functions that the tree lacks: it may take seconds for each */
  history: boolean;
  /** what may stand for functions that are gone, found so far */
  successors: Map<string, Successor[]>;
  /** bodies read so far, by architecture */
  bodies: Map<string, Bodies>;
}

/** Prepares a trace for `resolveStack`. Nothing is looked up yet. Traces may share the bodies that they read. */
export function newTraceContext(world: World, trace: Trace, bodies: TraceContext['bodies'] = new Map()): TraceContext {
  const { index, architecture } = world;
  const outOfLine = new Set<string>();
  for (const stack of trace.stacks)
    for (const f of stack.frames) if (f.function && !f.inlined && f.suffixes.length === 0) outOfLine.add(f.function);
  return { index, architecture, outOfLine, exact: null, history: false, successors: new Map(), bodies };
}

/** Bodies as code of an architecture has them. */
export function bodiesOf(context: TraceContext, architecture: string): Bodies {
  let bodies = context.bodies.get(architecture);
  if (!bodies) {
    bodies = openBodies({ index: context.index, architecture });
    context.bodies.set(architecture, bodies);
  }
  return bodies;
}
