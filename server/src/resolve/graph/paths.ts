/** Chains of calls between two functions. */

import { nearnessTo } from '../../kernel/proximity.ts';
import { mayGetTo, siteAt, siteFile } from '../dispatch/targets.ts';
import { type Steps, toEnd } from '../steps.ts';
import { type Graph, type GraphEdge, type GraphNode, nodeKey } from './nodes.ts';
import { chainFrom, ownParts, type Searched, search, stepKey, twoStepsKey } from './search.ts';

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
  context: string[];
  /** milliseconds after which the search gives up */
  timeLimit: number;
  isCancelled?: () => boolean;
}

/** What a search found. */
export interface SearchResult<T> {
  found: T[];
  /** nodes looked at */
  searched: number;
  /** false: a limit was hit, or somebody cancelled, before everything had been looked at */
  complete: boolean;
  /** what nothing in the tree is known to call, nearest to the end first */
  openEnds: GraphNode[];
}

/** A second chain that costs so much more than the first is no alternative. */
const OTHER_COST = 6;
/** Milliseconds that looking for other chains may take. */
const OTHERS_MS = 250;
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

/** Ends of one name that are looked at, the likeliest first. */
const MAX_ENDS = 8;

/** The same in steps. */
export function* findPathsSteps(
  graph: Graph,
  from: readonly GraphNode[],
  to: readonly GraphNode[],
  options: SearchOptions,
): Steps<SearchResult<Chain>> {
  const end = Date.now() + options.timeLimit;
  let last: SearchResult<Chain> = { found: [], searched: 0, complete: true, openEnds: [] };
  const ends = likeliest(from, to).slice(0, MAX_ENDS);
  for (const [n, node] of ends.entries()) {
    // a search that comes to nothing must leave time for the next
    const timeLimit = Math.max(0, end - Date.now()) / (ends.length - n);
    const result = yield* findPathsTo(graph, from, node, { ...options, timeLimit });
    if (result.found.length > 0) return result;
    const { searched, complete, openEnds } = last;
    last = {
      found: [],
      searched: searched + result.searched,
      complete: complete && result.complete,
      openEnds: [...openEnds, ...result.openEnds],
    };
  }
  return last;
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

function* findPathsTo(
  graph: Graph,
  from: readonly GraphNode[],
  to: GraphNode,
  options: SearchOptions,
): Steps<SearchResult<Chain>> {
  const starts = new Set(from.map(nodeKey));
  const own = ownParts(from.length === 1 ? [...from, to] : [to], options.context);
  const found: Chain[] = [];
  const seen = new Set<string>();
  const refuted = new Set<string>();
  function* run(banned: string | null, maxCost: number, timeLimit: number): Steps<Searched> {
    const end = Date.now() + timeLimit;
    for (;;) {
      const refused = new Set(banned ? [...refuted, banned] : refuted);
      const limits = { ...options, timeLimit: Math.max(0, end - Date.now()), own, refused, maxCost };
      const result = yield* search(graph, to, limits, (node) => (starts.has(nodeKey(node)) ? 'enough' : 'go on'));
      const [start] = result.found;
      if (start === undefined) return result;
      const edges = chainFrom(result.reached, start);
      const wrong = refuted.size < MAX_REFUTED ? refutedSteps(graph, edges) : [];
      for (const step of wrong) refuted.add(step);
      if (wrong.length > 0) continue;
      const key = edges.map((e) => nodeKey(e.to)).join('>');
      if (!seen.has(key)) found.push({ edges, cost: result.reached.get(start)?.cost ?? 0 });
      seen.add(key);
      return result;
    }
  }
  const first = yield* run(null, Number.POSITIVE_INFINITY, options.timeLimit);
  const [best] = found;
  const end = Date.now() + OTHERS_MS;
  // another chain leaves the first one somewhere: at a table, if it can
  for (const edge of best ? [...best.edges].sort((a, b) => turn(a) - turn(b)) : []) {
    const left = end - Date.now();
    if (found.length >= options.max || left < 0) break;
    yield* run(stepKey(edge), best.cost + OTHER_COST, left);
  }
  found.sort((a, b) => a.cost - b.cost);
  return { found, searched: first.reached.size, complete: first.complete, openEnds: first.openEnds };
}

/** Where chains differ most for a reader: at slots, then at what is handed on. */
const turn = ({ kind }: GraphEdge): number =>
  ['registered', 'dispatch', 'argument', 'pointer', 'call', 'macro'].indexOf(kind);
