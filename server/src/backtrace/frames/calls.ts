/** The call line of a frame and what was inlined there, from the frame above it and the source alone. */

import { assemblyCall } from '../bodies/assemblyCalls.ts';
import type { Bodies } from '../bodies/bodies.ts';
import { eventsOfFunction } from '../events.ts';
import { type FunctionPlace, placesNamed } from '../functions/functionPlaces.ts';
import { bodiesOf, type InlinedFrame, type ResolvedFrame, type TraceContext, type Via } from '../resolvedTrace.ts';
import { routesTo } from '../routes/routes.ts';
import { targetOf } from '../routes/target.ts';
import { confidenceOf, type Ranked, rank } from './ranks.ts';
import { tablesSaid } from './tables.ts';

/** A call of a 32-bit displacement at a function's start ends here. */
const FENTRY_END = 5;

const viaOf = (kind: Via['kind'], more: Partial<Via> = {}): Via => ({
  ...{ kind, slot: null, table: null, tables: 0, why: null, evidence: null },
  ...more,
});

/** Finds the call line of a frame, and what was inlined there, from the frame above it. */
export function reachAbove(context: TraceContext, lower: ResolvedFrame, upper: ResolvedFrame): void {
  const { definition } = lower;
  if (!definition) return;
  if (lower.frame.kind === 'pc' || isEntry(upper)) {
    // the place is where an exception came, not a call
    lower.via = viaOf('exception');
    if (lower.frame.kind === 'pc') return;
  }
  if (definition.kind === 'declaration') {
    lower.call = { file: definition.file, line: definition.line, confidence: 'guess' };
    return;
  }
  const bodies = bodiesOf(context);
  if (definition.kind === 'assembly') reachFromAssembly(bodies, lower, upper, definition);
  else if (!comesFromFentry(bodies, lower, definition)) reachFromSource(context, bodies, lower, upper, definition);
}

function reachFromAssembly(bodies: Bodies, lower: ResolvedFrame, upper: ResolvedFrame, { file }: FunctionPlace): void {
  const call =
    lower.definition && assemblyCall(bodies, lower.definition, upper.definition?.name ?? upper.frame.function);
  if (!call) return;
  const printed = lower.source;
  lower.call = { file, line: call.line, confidence: call.named ? 'certain' : 'likely' };
  lower.via = viaOf('assembly');
  if (!printed || printed.moved || printed.line === call.line) return;
  lower.source = { file, line: call.line, moved: true };
  lower.note = { kind: 'moved-line', printed: printed.line, line: call.line };
}

/** Nothing fits in front of the call of __fentry__ on x86: that is where ftrace and kprobes come in. */
function comesFromFentry(bodies: Bodies, lower: ResolvedFrame, definition: FunctionPlace): boolean {
  if (bodies.architecture !== 'x86' || lower.frame.offset !== FENTRY_END) return false;
  const body = bodies.body(definition);
  if (!body || body.notrace) return false;
  lower.call = { file: definition.file, line: body.open, confidence: 'certain' };
  return true;
}

function reachFromSource(
  context: TraceContext,
  bodies: Bodies,
  lower: ResolvedFrame,
  upper: ResolvedFrame,
  definition: FunctionPlace,
): void {
  const { definition: above } = upper;
  const ranked = above
    ? ranksOf(context, bodies, lower, upper.frame.function, above)
    : ranksOfGone(context, bodies, lower, upper);
  const isPrinted = lower.source !== null && !lower.source.moved;
  const best = isPrinted && lower.source ? printedRoute(lower, upper, ranked, lower.source.line) : ranked[0];
  if (!best) return;
  const { route } = best;
  const { kind, slot, holders, evidence, jumped } = route.via;
  // a function that others may register, too, may be in tables that are not indexed yet
  const isKnown = context.index.isWhole() || above?.static === true;
  const tables = tablesSaid(context, definition.file, isKnown ? holders : []);
  lower.via = viaOf(jumped.length && kind === 'call' ? 'tail' : kind, { slot, evidence, ...tables });
  if (isPrinted) return;
  lower.call = { file: definition.file, line: route.line, confidence: above ? confidenceOf(ranked) : 'guess' };
  lower.inlined = route.inlined.flatMap((step) => (isSplit(bodies, definition, step) ? [step, step] : [step]));
  // the head of a function that was cut in two is inlined where the rest is called
  if (above && upper.frame.suffixes.some((s) => s.startsWith('.part')))
    lower.inlined.unshift({ function: above.name, file: above.file, line: above.line });
}

/** The route at the line that the trace prints; where only another line calls the frame above, the code has moved. */
function printedRoute(
  lower: ResolvedFrame,
  upper: ResolvedFrame,
  ranked: readonly Ranked[],
  line: number,
): Ranked | undefined {
  const same = ranked.find(({ route }) => route.line === line);
  if (same) {
    if (lower.call) lower.call.confidence = 'certain';
    return same;
  }
  const [best] = ranked;
  const isPlain = best?.route.inlined.length === 0 && best.route.via.evidence !== 'signature';
  if (isPlain && upper.definition && lower.definition && best.route.cost < 1) {
    lower.call = { file: lower.definition.file, line: best.route.line, confidence: 'likely' };
    lower.inlined = [];
    lower.note = { kind: 'moved-line', printed: line, line: best.route.line };
  }
  return best;
}

/**
 * Was the function cut in two before it was inlined? GCC does that with a tracepoint that a file uses more than once:
 * the test stays, the rest becomes a function of its own, and both are inlined.
 */
const isSplit = (bodies: Bodies, lower: FunctionPlace, step: InlinedFrame): boolean =>
  (bodies.callCounts(lower.file).get(step.function) ?? 0) > 1 &&
  step.function.startsWith('trace_') &&
  eventsOfFunction(bodies.index, step.function).length > 0;

/** `[<0>] f+0x1/0x2` of /proc/PID/stack. */
const isFromProc = ({ frame }: ResolvedFrame): boolean => frame.address !== null && /^0+$/.test(frame.address);

/** Functions inlined at most on a way to a function that the tree lacks: more is no more than invention. */
const MOST_GUESSED = 2;

/** The ways from a frame to a function. */
function ranksOf(
  context: TraceContext,
  bodies: Bodies,
  lower: ResolvedFrame,
  name: string,
  place: FunctionPlace | null,
): Ranked[] {
  if (!lower.definition) return [];
  const target = targetOf(bodies, place?.name ?? name, place, context.outOfLine);
  return rank(routesTo(bodies, lower.definition, target, isFromProc(lower)), lower.frame);
}

/**
 * The ways to a function that the tree lacks: those to the first of its successors that is reached otherwise than by
 * types that happen to agree. A module from elsewhere can only be reached through a pointer: there they are all there is.
 */
function ranksOfGone(context: TraceContext, bodies: Bodies, lower: ResolvedFrame, upper: ResolvedFrame): Ranked[] {
  const isForeign = upper.frame.module !== null;
  for (const place of [...successorPlaces(bodies, upper), null]) {
    if (place && place.file === lower.definition?.file && place.line === lower.definition.line) continue;
    const found = ranksOf(context, bodies, lower, upper.frame.function, place).filter(
      ({ route }) => route.inlined.length <= MOST_GUESSED && (isForeign || route.via.evidence !== 'signature'),
    );
    if (found.length > 0) return found;
  }
  return [];
}

const successorPlaces = (bodies: Bodies, { successors }: ResolvedFrame): FunctionPlace[] =>
  successors.flatMap((s) => placesNamed(bodies.index, s.function).find((p) => p.file === s.file) ?? []);

/** Is the frame an entry of an interrupt or a fault, which no code calls? */
const isEntry = ({ frame, definition }: ResolvedFrame): boolean =>
  /^asm_(?:exc|sysvec|common|spurious|int)/.test(frame.function) ||
  (definition?.kind === 'assembly' &&
    /^(?:el[01]\w*_(?:irq|sync|fiq|error)|\w*_irq_entry|page_fault|error_entry)$/.test(frame.function));
