/** Chains of calls between two functions. */

import { nearnessTo } from '../../kernel/proximity.ts';
import { mayGetTo, siteAt, siteFile } from '../dispatch/targets.ts';
import { type Steps, toEnd } from '../steps.ts';
import { ownParts, passCost, stepCost, subjectOf } from './costs.ts';
import { isPending, onwardSteps, resolved } from './forward.ts';
import { type Met, meet } from './meet.ts';
import { type Graph, type GraphEdge, type GraphNode, nodeKey, nodeName, stepKey, twoStepsKey } from './nodes.ts';

/** One way from a function to another. */
export interface Chain {
  /** from the first function to the last; between a caller and a function in a slot stands the slot */
  edges: GraphEdge[];
  cost: number;
}

/** What is looked for, and for how long. */
export interface SearchOptions {
  /** how many different chains to look for */
  max: number;
  /** folders (`ext4`, `fs/ext4`) whose tables are preferred at each dispatch */
  context: readonly string[];
  /** milliseconds after which the search gives up */
  timeLimit: number;
  /** milliseconds that looking for a cheaper chain may take once there is one; 2 seconds where it is left out */
  improve?: number;
  isCancelled?: () => boolean;
  /** functions or slots on the way, in their order, each as all that its name may mean */
  through?: readonly (readonly GraphNode[])[];
  /** is told of a chain as soon as there is one; a better one may follow */
  first?: (chain: Chain) => void;
}

/** What a search found. */
export interface SearchResult<T> {
  found: T[];
  /** nodes looked at */
  searched: number;
  /** how many steps it got from the first function, and back from the last one */
  depth: { from: number; to: number };
  /** false: a limit was hit, or somebody cancelled, before everything had been looked at */
  complete: boolean;
  /** what nothing in the tree is known to call, nearest to the end first */
  openEnds: GraphNode[];
}

/** A name of more things than this tells nothing of the subsystem that is meant. */
const MAX_MEANT = 4;
/** A second chain that costs so much more than the first is no alternative. */
const OTHER_COST = 6;
/** Milliseconds that looking for a cheaper chain may take once there is one. */
const IMPROVE_MS = 2000;
/** Milliseconds that looking for other chains may take. */
const OTHERS_MS = 500;
/** Chains of which a dispatch turned out not to get to the next function, before the search gives up on better ones. */
const MAX_REFUTED = 8;

/**
 * Dispatches of a chain that can't get to the function that follows, as keys of steps not to take together: a table
 * that is named at the site holds other functions.
 */
export function refutedSteps({ index, architecture }: Graph, edges: readonly GraphEdge[]): string[] {
  return edges.flatMap((edge, i) => {
    const next = edges[i + 1];
    if (edge.kind !== 'dispatch' || next?.kind !== 'registered' || next.through.length > 0) return [];
    const facts = index.facts(edge.place.file);
    const site = facts && siteAt(facts, edge.place, edge.by);
    if (!facts || !site || next.to.kind === 'slot') return [];
    const file = siteFile({ index, architecture }, facts);
    return mayGetTo(file, site, next.to.definition) ? [] : [twoStepsKey(edge, next)];
  });
}

/**
 * Chains of calls from one function to another, the surest and shortest first. Each end is all that its name may mean: of
 * several, the ones that fit each other are taken.
 */
export const findPaths = (
  graph: Graph,
  from: readonly GraphNode[],
  to: readonly GraphNode[],
  options: SearchOptions,
): SearchResult<Chain> => toEnd(findPathsSteps(graph, from, to, options));

/** The same in steps. */
export function* findPathsSteps(
  graph: Graph,
  from: readonly GraphNode[],
  to: readonly GraphNode[],
  options: SearchOptions,
): Steps<SearchResult<Chain>> {
  const stops = [...(options.through ?? []), to];
  const meant = [from, ...stops].filter((nodes) => nodes.length <= MAX_MEANT).flat();
  const own = ownParts(meant.length > 0 ? meant : to.slice(0, 1), options.context);
  const end = Date.now() + options.timeLimit;
  const legs: SearchResult<Chain>[] = [];
  let start = from;
  for (const [n, stop] of stops.entries()) {
    // a search that comes to nothing must leave time for the next
    const timeLimit = Math.max(0, end - Date.now()) / (stops.length - n);
    const first = stops.length === 1 ? options.first : undefined;
    const leg = yield* findLeg(graph, start, likeliest(start, stop), { ...options, timeLimit, first }, own);
    legs.push(leg);
    const last = leg.found[0]?.edges.at(-1);
    if (!last) break;
    start = [last.to];
  }
  return joined(legs, stops.length, options.max);
}

/** Chains of several legs as one: the best of each, then with another one in one of the places. */
function joined(legs: readonly SearchResult<Chain>[], wanted: number, max: number): SearchResult<Chain> {
  const last = legs[legs.length - 1];
  const sum = {
    searched: legs.reduce((n, leg) => n + leg.searched, 0),
    depth: last.depth,
    complete: legs.every((leg) => leg.complete),
    openEnds: last.openEnds,
  };
  if (legs.length < wanted || last.found.length === 0) return { ...sum, found: [] };
  const best = legs.map((leg) => leg.found[0]);
  const join = (chains: readonly Chain[]): Chain => ({
    edges: chains.flatMap((c) => c.edges),
    cost: chains.reduce((n, c) => n + c.cost, 0),
  });
  const endOf = (chain: Chain): string => nodeKey((chain.edges.at(-1) as GraphEdge).to);
  const others = legs.flatMap((leg, n) =>
    leg.found
      .slice(1)
      .filter((chain) => n === legs.length - 1 || endOf(chain) === endOf(best[n]))
      .map((chain) => join(best.with(n, chain))),
  );
  // a direct call comes first, whatever it costs
  return { ...sum, found: [join(best), ...others.sort((a, b) => a.cost - b.cost)].slice(0, max) };
}

/** Ends that lie near a start first. */
function likeliest(from: readonly GraphNode[], to: readonly GraphNode[]): readonly GraphNode[] {
  if (to.length < 2) return to;
  const starts = from.flatMap((n) => (n.kind === 'slot' ? [] : [nearnessTo(n.definition.file)]));
  const near = (n: GraphNode) =>
    n.kind === 'slot' ? 0 : Math.max(0, ...starts.map((nearness) => nearness(n.definition.file)));
  return to
    .map((node, i) => ({ node, i, near: near(node) }))
    .sort((a, b) => b.near - a.near || a.i - b.i)
    .map((t) => t.node);
}

/** Chains from one stop to the next. */
function* findLeg(
  graph: Graph,
  from: readonly GraphNode[],
  to: readonly GraphNode[],
  options: SearchOptions,
  own: readonly string[],
): Steps<SearchResult<Chain>> {
  const subject = subjectOf(own, [...from, ...to]);
  const costOf = (edges: readonly GraphEdge[]) =>
    edges.reduce((sum, e) => sum + stepCost(graph, e, subject) + passCost(graph, e.to, subject), 0);
  const found: Chain[] = [];
  const refuted = new Set<string>();
  const seen = new Set<string>();
  const add = (chain: Chain): void => {
    const key = chain.edges.map((e) => nodeKey(e.to)).join('>');
    if (seen.has(key)) return;
    seen.add(key);
    if (found.length === 0) options.first?.(chain);
    found.push(chain);
  };
  function* run(banned: string | null, maxCost: number, timeLimit: number): Steps<Met> {
    const end = Date.now() + timeLimit;
    for (;;) {
      const refused = new Set(banned ? [...refuted, banned] : refuted);
      const isFirst = banned === null;
      const met = yield* meet(graph, from, to, {
        ...options,
        timeLimit: Math.max(0, end - Date.now()),
        improveLimit: isFirst ? (options.improve ?? IMPROVE_MS) : timeLimit / 4,
        subject,
        refused,
        maxCost,
        found(edges, cost) {
          if (isFirst && options.first && refutedSteps(graph, edges).length === 0) {
            options.first({ edges, cost });
            options.first = undefined;
          }
        },
      });
      if (!met.edges) return met;
      const wrong = refuted.size < MAX_REFUTED ? refutedSteps(graph, met.edges) : [];
      for (const step of wrong) refuted.add(step);
      if (wrong.length > 0) continue;
      add({ edges: met.edges, cost: met.cost });
      return met;
    }
  }
  const direct = yield* directCall(graph, from, to);
  if (direct) add({ edges: direct, cost: costOf(direct) });
  const first = direct
    ? { searched: from.length, depth: { from: 1, to: 0 }, complete: true, openEnds: [] }
    : yield* run(null, Number.POSITIVE_INFINITY, options.timeLimit);
  const [best] = found;
  const end = Date.now() + OTHERS_MS;
  // another chain leaves the first one somewhere: at a table, if it can
  for (const edge of best ? [...best.edges].sort((a, b) => turn(a) - turn(b)) : []) {
    const left = end - Date.now();
    if (found.length >= options.max || left < 0) break;
    yield* run(stepKey(edge), best.cost + OTHER_COST, left);
  }
  const { searched, depth, complete, openEnds } = first;
  const others = found.slice(1).sort((a, b) => a.cost - b.cost);
  return { found: [...found.slice(0, 1), ...others], searched, depth, complete, openEnds };
}

/** How deep macros may stand in each other on the way to a call. */
const MAX_MACRO_DEPTH = 4;

/** Names by which the text of a function may call one of some names: these, and the macros whose bodies do. */
function* namesCalling({ index }: Graph, names: readonly string[]): Steps<Set<string>> {
  const found = new Set(names);
  let now = [...found];
  for (let depth = 0; depth < MAX_MACRO_DEPTH && now.length > 0; depth++) {
    const then: string[] = [];
    for (const name of now)
      for (const caller of index.callersOf(name)) {
        yield;
        if (!caller.macro || found.has(caller.function)) continue;
        found.add(caller.function);
        then.push(caller.function);
      }
    now = then;
  }
  return found;
}

/** A call of an end in the text of a start, in a macro if need be; null where there is none. */
function* directCall(graph: Graph, from: readonly GraphNode[], to: readonly GraphNode[]): Steps<GraphEdge[] | null> {
  const starts = new Set(from.map(nodeKey));
  const ends = new Set(to.map(nodeKey).filter((key) => !starts.has(key)));
  const names = yield* namesCalling(graph, to.map(nodeName));
  let ways: { node: GraphNode; edges: GraphEdge[] }[] = from.map((node) => ({ node, edges: [] }));
  const seen = new Set<string>();
  for (let depth = 0; depth <= MAX_MACRO_DEPTH && ways.length > 0; depth++) {
    const macros: typeof ways = [];
    for (const { node, edges } of ways)
      for (const edge of yield* callsIn(graph, node, names)) {
        const key = nodeKey(edge.to);
        if (ends.has(key)) return [...edges, edge];
        if (edge.to.kind !== 'macro' || seen.has(key)) continue;
        seen.add(key);
        macros.push({ node: edge.to, edges: [...edges, edge] });
      }
    ways = macros;
  }
  return null;
}

/** Calls of what has one of some names in the text of a node. */
function* callsIn(graph: Graph, node: GraphNode, names: ReadonlySet<string>): Steps<GraphEdge[]> {
  const out: GraphEdge[] = [];
  for (const onward of yield* onwardSteps(graph, node)) {
    const { kind } = onward.step;
    if (kind !== 'call' && kind !== 'macro' && kind !== 'dispatch') continue;
    if (!names.has(isPending(onward.to) ? onward.to.name : nodeName(onward.to))) continue;
    yield;
    out.push(...resolved(graph, onward));
  }
  return out;
}

/** Where chains differ most for a reader: at slots, then at what is handed on. */
const turn = ({ kind }: GraphEdge): number =>
  ['registered', 'dispatch', 'argument', 'pointer', 'call', 'macro'].indexOf(kind);
