/** Routes held against a frame's place in its function: what fits best, and how sure it is. */

import type { Confidence, ResolvedFrame } from '../resolvedTrace.ts';
import type { Route } from '../routes/route.ts';

/** How much a route's place in the source may differ from the frame's place in the code. */
const POSITION_WEIGHT = 2.5;
const COLD_START = 0.85;
const COLD_COST = 0.5;

/** A route and its cost once the frame's place counts, too. */
export interface Ranked {
  route: Route;
  cost: number;
}

/** Routes by how well they fit a frame's place in its function, best first. */
export function rank(routes: readonly Route[], { offset, size, suffixes }: ResolvedFrame['frame']): Ranked[] {
  const share = offset !== null && size ? Math.min(1, Math.max(0, (offset - 1) / size)) : null;
  const isCold = suffixes.includes('.cold');
  return routes
    .map((route) => ({ route, cost: route.cost + placeCost(route, share, isCold) }))
    .sort((a, b) => a.cost - b.cost);
}

function placeCost(route: Route, share: number | null, isCold: boolean): number {
  const tail = route.tail ? 1 : 0;
  if (isCold) return tail + (route.cold ? 0 : 1);
  if (share === null) return tail + (route.cold ? 0.5 : 0);
  // compilers put what is seldom done behind the rest
  const at = route.cold || route.leaves || route.via.kind === 'event' ? Math.max(route.at, COLD_START) : route.at;
  return tail + (route.cold ? COLD_COST : 0) + POSITION_WEIGHT * Math.abs(share - at);
}

/** How sure the first of some routes is, beside the others; there must be one. */
export function confidenceOf(ranked: readonly Ranked[]): Confidence {
  const [best, second] = ranked;
  const { via } = best.route;
  const sure = via.evidence === null || via.evidence === 'typed';
  if (!second && sure && via.jumped.length === 0) return 'certain';
  if (!sure || (second && second.cost - best.cost < 0.5)) return 'guess';
  return 'likely';
}
