/** A parsed trace -> its frames in this tree: definitions, call lines, what was inlined, what became of the unknown. */
import type { IndexReader } from '../index/reader.ts';
import { assemblyCall } from '../resolve/assemblyCalls.ts';
import { type Bodies, openBodies } from '../resolve/bodyCalls.ts';
import { eventsOfFunction } from '../resolve/events.ts';
import { type FunctionPlace, functionPlaces } from '../resolve/functionPlaces.ts';
import { type Route, routesTo, targetOf } from '../resolve/reach.ts';
import { chainOf } from '../trace/stacks.ts';
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
  kind: 'call' | 'dispatch' | 'pointer' | 'tail' | 'syscall' | 'exception' | 'event' | 'assembly';
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

/** What all stacks of one trace share; keep it as long as the index stays as it is. */
export interface TraceContext {
  index: IndexReader;
  /** folder of arch/ for stacks that don't tell their own */
  architecture: string;
  /** functions that the trace shows as frames of their own */
  outOfLine: ReadonlySet<string>;
  /** bodies read so far, by architecture */
  bodies: Map<string, Bodies>;
}

/** Prepares a trace for `resolveStack`. Nothing is looked up yet. */
export function newTraceContext(index: IndexReader, architecture: string, trace: Trace): TraceContext {
  const outOfLine = new Set<string>();
  for (const stack of trace.stacks)
    for (const f of stack.frames) if (f.function && !f.inlined && f.suffixes.length === 0) outOfLine.add(f.function);
  return { index, architecture, outOfLine, bodies: new Map() };
}

function bodiesOf(context: TraceContext, architecture: string): Bodies {
  let bodies = context.bodies.get(architecture);
  if (!bodies) {
    bodies = openBodies(context.index, architecture);
    context.bodies.set(architecture, bodies);
  }
  return bodies;
}

/** Resolves one stack: an editor asks for those in view. */
export function resolveStack(context: TraceContext, stack: Stack): ResolvedStack {
  const architecture = stack.arch ?? context.architecture;
  const frames = definitions(context, stack, architecture);
  const byFrame = new Map(frames.map((f) => [f.frame, f]));
  const chain = chainOf(stack)
    .filter((f) => f.reliable && !f.user)
    .flatMap((f) => byFrame.get(f) ?? []);
  chain.forEach((lower, i) => {
    if (i > 0) reachAbove(context, architecture, lower, chain[i - 1]);
  });
  return { stack, frames };
}

function definitions(context: TraceContext, stack: Stack, architecture: string): ResolvedFrame[] {
  const ask = (frame: Frame, near: readonly string[]) =>
    frame.function === '' || frame.user
      ? { places: [], certain: false }
      : functionPlaces(context.index, {
          name: frame.function,
          file: frame.source?.file ?? null,
          moduleFiles: null,
          inModule: frame.module !== null,
          near,
          architecture,
        });
  const first = stack.frames.map((frame) => ask(frame, []));
  return stack.frames.map((frame, index) => {
    let answer = first[index];
    if (!answer.certain && answer.places.length > 1) {
      const near: string[] = [];
      for (let d = 1; d < 6; d++)
        for (const other of [first[index - d], first[index + d]]) if (other?.certain) near.push(other.places[0].file);
      answer = ask(frame, near);
    }
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
}

/** A call of a 32-bit displacement at a function's start ends here. */
const FENTRY_END = 5;

/** How much a route's place in the source may differ from the frame's place in the code. */
const POSITION_WEIGHT = 2.5;
const COLD_START = 0.85;

/** The call line and what was inlined there, for a frame and the one above it. */
function reachAbove(context: TraceContext, architecture: string, lower: ResolvedFrame, upper: ResolvedFrame): void {
  const { definition } = lower;
  if (!definition) return;
  if (definition.kind === 'declaration') {
    lower.call = { file: definition.file, line: definition.line, confidence: 'guess' };
    return;
  }
  const bodies = bodiesOf(context, architecture);
  if (definition.kind === 'assembly') {
    const call = assemblyCall(bodies, definition, upper.definition?.name ?? upper.frame.function);
    if (call) {
      lower.call = { file: definition.file, line: call.line, confidence: call.named ? 'certain' : 'likely' };
      lower.via = { kind: 'assembly', slot: null, table: null, evidence: null };
    }
    return;
  }
  const body = bodies.body(definition);
  if (architecture === 'x86' && lower.frame.offset === FENTRY_END && body && !body.notrace) {
    // nothing fits in front of the call of __fentry__: that is where ftrace and kprobes come in
    lower.call = { file: definition.file, line: body.open, confidence: 'certain' };
    return;
  }
  const name = upper.definition?.name ?? upper.frame.function;
  const target = targetOf(bodies, name, upper.definition, context.outOfLine);
  const { offset, size, suffixes } = lower.frame;
  const share = offset !== null && size ? Math.min(1, Math.max(0, (offset - 1) / size)) : null;
  const isCold = suffixes.includes('.cold');
  const ranked = routesTo(bodies, definition, target)
    .map((route) => ({ route, cost: route.cost + placeCost(route, share, isCold) }))
    .sort((a, b) => a.cost - b.cost);
  const [best] = ranked;
  if (process.env.KT_DEBUG) (lower as unknown as Record<string, unknown>).debug = ranked;
  if (!best) return;
  const { route } = best;
  lower.call = { file: definition.file, line: route.line, confidence: confidenceOf(ranked) };
  lower.inlined = route.inlined.flatMap((step) => (isSplit(bodies, definition, step) ? [step, step] : [step]));
  if (upper.frame.suffixes.some((s) => s.startsWith('.part')) && upper.definition)
    lower.inlined = [
      { function: upper.definition.name, file: upper.definition.file, line: upper.definition.line },
      ...lower.inlined,
    ];
  const { kind, slot, table, evidence } = route.via;
  lower.via = { kind: route.via.jumped.length && kind === 'call' ? 'tail' : kind, slot, table, evidence };
}

/**
 * Was the function cut in two before it was inlined? GCC does that with a tracepoint that a file uses more than once:
 * the test stays, the rest becomes a function of its own, and both are inlined.
 */
const isSplit = (bodies: Bodies, lower: FunctionPlace, step: InlinedFrame): boolean =>
  (bodies.callCounts(lower.file).get(step.function) ?? 0) > 1 &&
  step.function.startsWith('trace_') &&
  eventsOfFunction(bodies.index, step.function).length > 0;

function placeCost(route: Route, share: number | null, isCold: boolean): number {
  const tail = route.tail ? 1 : 0;
  if (isCold) return tail + (route.cold ? 0 : 1);
  if (share === null) return tail + (route.cold ? 0.5 : 0);
  // compilers put what is seldom done behind the rest
  const at = route.cold || route.leaves || route.via.kind === 'event' ? Math.max(route.at, COLD_START) : route.at;
  return tail + POSITION_WEIGHT * Math.abs(share - at);
}

function confidenceOf(ranked: { route: Route; cost: number }[]): Confidence {
  const [best, second] = ranked;
  const { via } = best.route;
  const sure = via.evidence === null || via.evidence === 'typed';
  if (!second && sure && via.jumped.length === 0) return 'certain';
  if (!sure || (second && second.cost - best.cost < 0.5)) return 'guess';
  return 'likely';
}

/** Resolves every stack of a trace, in their order. */
export const resolveTrace = (context: TraceContext, trace: Trace): ResolvedStack[] =>
  trace.stacks.map((stack) => resolveStack(context, stack));
