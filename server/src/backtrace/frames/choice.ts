/** Of several functions of a name, the one that its neighbours in the stack fit. */
import type { FunctionPlace } from '../functions/functionPlaces.ts';
import { bodiesOf, type ResolvedFrame, type TraceContext } from '../resolvedTrace.ts';
import { routesTo } from '../routes/routes.ts';
import { targetOf } from '../routes/target.ts';
import { rank } from './ranks.ts';

/** Definitions looked at where several are possible. */
const MOST_CHOICES = 6;
/** How much likelier another definition must be, as a cost, to be taken instead of the first. */
const CLEARLY = 1;

/** What it costs that no way is found. */
const NO_WAY = 12;

/** Of several definitions, takes the one that the frame below can call and that can call the frame above. */
export function chooseByNeighbours(
  context: TraceContext,
  frame: ResolvedFrame,
  upper: ResolvedFrame | undefined,
  lower: ResolvedFrame | undefined,
): void {
  if (frame.certain || !frame.definition || frame.alternatives.length === 0 || frame.frame.source) return;
  const all = [frame.definition, ...frame.alternatives];
  const choices = all.slice(0, MOST_CHOICES).map((place, i) => {
    const toUpper = upper?.frame.function && place.kind === 'function' ? costToUpper(context, frame, place, upper) : 0;
    const fromLower = lower?.definition?.kind === 'function' ? costFromLower(context, lower, place) : 0;
    return { place, cost: i * 0.5 + toUpper + fromLower };
  });
  const [first] = choices;
  const best = choices.reduce((a, b) => (b.cost < a.cost ? b : a));
  if (first.cost - best.cost < CLEARLY) return;
  frame.alternatives = all.filter((p) => p !== best.place);
  frame.definition = best.place;
}

function costToUpper(
  context: TraceContext,
  { frame }: ResolvedFrame,
  place: FunctionPlace,
  { frame: above, definition }: ResolvedFrame,
): number {
  const bodies = bodiesOf(context);
  const target = targetOf(bodies, definition?.name ?? above.function, definition, context.outOfLine);
  return rank(routesTo(bodies, place, target), frame)[0]?.cost ?? NO_WAY;
}

function costFromLower(context: TraceContext, { frame, definition }: ResolvedFrame, place: FunctionPlace): number {
  if (!definition) return 0;
  const bodies = bodiesOf(context);
  const target = targetOf(bodies, place.name, place, context.outOfLine);
  return rank(routesTo(bodies, definition, target), frame)[0]?.cost ?? NO_WAY;
}
