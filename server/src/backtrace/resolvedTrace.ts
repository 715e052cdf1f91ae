/** A trace's frames in a tree, as plain data: what the editor, the CLI and a reply on the list are made of. */

import type { World } from '../resolve/world.ts';
import type { Frame, Stack, Trace } from '../trace/types.ts';
import { type Bodies, openBodies } from './bodies/bodies.ts';
import type { FunctionPlace } from './functions/functionPlaces.ts';

/** How sure a call's line is: `likely` where other lines are possible, `guess` where others are as good. */
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
  /** the table that holds the frame above: `ext4_aops`; null where several do and none is likelier than the others */
  table: string | null;
  /** how many tables hold it, as far as the frame's code can see */
  tables: number;
  /** what makes `table`, or some of them, likelier than the others: `fs/ext4 is in the trace` */
  why: string | null;
  evidence: 'typed' | 'flow' | 'signature' | 'name' | null;
}

/** What a debugger would print for a frame: the functions inlined there, innermost first, and the line in its own. */
export interface ExactPlace {
  inlined: InlinedFrame[];
  call: CodePlace;
}

/** A function that may stand for one that is gone. */
export interface Successor {
  function: string;
  file: string;
  line: number;
  /** why it is named: `in address_space_operations.readahead, which read_pages calls` */
  why: string;
}

/** What a reader has to know of a frame: it is not here, it is elsewhere, it may be another. */
export type FrameNote =
  /** the stack has too many frames */
  | { kind: 'not-looked-up' }
  /** the index is still being built, and has no such function yet */
  | { kind: 'not-indexed' }
  /** nor the files of its module: what was found may be another function of that name */
  | { kind: 'module-not-indexed'; module: string }
  /** the tree lacks the function, and perhaps the module that it ran in */
  | { kind: 'missing'; module: string | null }
  /** other architectures and programs have it, this one has not */
  | { kind: 'elsewhere'; architecture: string }
  /** a function of that name was found, but the tree makes no such module, or makes it of other files */
  | { kind: 'no-module' | 'outside-module'; module: string }
  /** the printed line is not in the function here; `line` is where the call stands now, where that is known */
  | { kind: 'moved-line'; printed: number; line: number | null }
  /** the function was in this file, as printed */
  | { kind: 'moved-file'; printed: string }
  | { kind: 'one-of'; count: number }
  | { kind: 'declared' };

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
  note: FrameNote | null;
  /** where the tree lacks the function: what may stand for it, likeliest first */
  successors: Successor[];
}

/** A stack with its frames, in the order printed. */
export interface ResolvedStack {
  stack: Stack;
  frames: ResolvedFrame[];
}

/**
 * What all stacks of one trace share; keep it as long as the index stays as it is. Its architecture is for stacks that
 * don't tell their own.
 */
export interface TraceContext extends World {
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

/** The same for a stack of another architecture. What is found out about it is shared. */
export const contextFor = (context: TraceContext, architecture: string | null): TraceContext =>
  architecture === null || architecture === context.architecture ? context : { ...context, architecture };

/** Bodies as code of the context's architecture has them. */
export function bodiesOf(context: TraceContext): Bodies {
  let bodies = context.bodies.get(context.architecture);
  if (!bodies) {
    bodies = openBodies(context);
    context.bodies.set(context.architecture, bodies);
  }
  return bodies;
}
