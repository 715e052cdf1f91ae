/** A search backwards through the call graph, the surest and shortest ways first. */

import { partOf } from '../../kernel/layout.ts';
import { isCompat } from '../../kernel/syscalls.ts';
import type { Steps } from '../steps.ts';
import { edgesIntoSteps } from './graph.ts';
import { type Heap, pop, push } from './heap.ts';
import { type Graph, type GraphEdge, type GraphNode, nodeKey } from './nodes.ts';

/** What a search may do. */
export interface Limits {
  /** milliseconds after which it gives up */
  timeLimit: number;
  isCancelled?: () => boolean;
  /** parts of the tree that the question is about */
  own: string[];
  /** steps not to take: keys of `stepKey` and `twoStepsKey` */
  refused: ReadonlySet<string>;
  maxCost: number;
}

/** Is the file some other subsystem's? */
function isForeign(file: string, own: readonly string[]): boolean {
  const part = partOf(file);
  return (
    part !== '' &&
    !own.some((o) => part === o || part.startsWith(`${o}/`) || o.startsWith(`${part}/`) || part.endsWith(`/${o}`))
  );
}

/** What a step costs: a chain with the fewest guesses comes first, then the shortest. */
function stepCost(edge: GraphEdge, fan: number, own: readonly string[]): number {
  const { from, kind, evidence } = edge;
  let cost = kind === 'macro' ? 0.3 : kind === 'registered' ? 0.5 : 1;
  if (kind === 'argument' || kind === 'pointer') cost += 0.5 + 0.2 * edge.through.length;
  if (kind === 'dispatch') cost += 0.3 * Math.log2(1 + fan);
  if (evidence === 'name') cost += 6;
  else if (evidence === 'flow') cost += 0.3;
  if (edge.condition) cost += 0.1;
  if (from.kind === 'slot') {
    const { file } = edge.place;
    // where the chain is about one filesystem or driver, a table that everybody shares is the second choice
    return cost + (isForeign(file, own) ? 4 : own.length && !partOf(file) ? 2 : 0);
  }
  if (isForeign(from.definition.file, own)) cost += 4;
  // of two ways alike, the one of the kernel's own word size
  if (isCompat(from.definition.name)) cost += 0.5;
  // what hundreds call is a helper, hardly the way that was meant
  return cost + 0.25 * Math.log2(1 + fan / 4);
}

/** A node that a search came to. */
export interface Reached {
  node: GraphNode;
  cost: number;
  /** the step that leads on to the end */
  next: GraphEdge | null;
  done: boolean;
}

const MAX_NODES = 60_000;

/** What a search came to. */
export interface Searched {
  /** nodes that were reached, by key */
  reached: Map<string, Reached>;
  /** keys of those that were looked for */
  found: string[];
  complete: boolean;
  openEnds: GraphNode[];
}

/** Searches backwards from `to`, cheapest first; `arrived` says of each node whether it is one to stop at. */
export function* search(
  graph: Graph,
  to: GraphNode,
  options: Limits,
  arrived: (node: GraphNode, edges: readonly GraphEdge[]) => 'found' | 'enough' | 'go on',
): Steps<Searched> {
  const reached = new Map<string, Reached>([[nodeKey(to), { node: to, cost: 0, next: null, done: false }]]);
  const heap: Heap = { items: [] };
  push(heap, 0, nodeKey(to));
  const found: string[] = [];
  const openEnds: GraphNode[] = [];
  const end = Date.now() + options.timeLimit;
  let looked = 0;
  for (let top = pop(heap); top; top = pop(heap)) {
    const [cost, key] = top;
    const at = reached.get(key) as Reached;
    if (at.done || cost > at.cost) continue;
    if (cost > options.maxCost) break;
    at.done = true;
    looked++;
    if (looked > MAX_NODES || (looked % 16 === 0 && (Date.now() > end || options.isCancelled?.())))
      return { reached, found, complete: false, openEnds };
    const edges = yield* edgesIntoSteps(graph, at.node);
    yield;
    const verdict = arrived(at.node, edges);
    if (verdict !== 'go on') found.push(key);
    if (verdict === 'enough') return { reached, found, complete: true, openEnds };
    if (verdict === 'found') continue;
    if (edges.length === 0) openEnds.push(at.node);
    expand(at, edges, options, reached, heap);
  }
  return { reached, found, complete: true, openEnds };
}

/** Takes the steps that lead to a node, where they are cheaper than what is known. */
function expand(
  at: Reached,
  edges: readonly GraphEdge[],
  { refused, own }: Limits,
  reached: Map<string, Reached>,
  heap: Heap,
): void {
  for (const edge of edges) {
    const from = nodeKey(edge.from);
    if (refused.size > 0 && (refused.has(stepKey(edge)) || refused.has(twoStepsKey(edge, at.next)))) continue;
    const next = at.cost + stepCost(edge, edges.length, own);
    const known = reached.get(from);
    if (known && known.cost <= next) continue;
    reached.set(from, { node: edge.from, cost: next, next: edge, done: false });
    push(heap, next, from);
  }
}

/** A step not to take. */
export const stepKey = (edge: GraphEdge): string => `${nodeKey(edge.from)} ${nodeKey(edge.to)}`;

/** A step not to take where another one follows. */
export const twoStepsKey = (edge: GraphEdge, next: GraphEdge | null): string =>
  `${stepKey(edge)} ${next ? nodeKey(next.to) : ''}`;

/** The steps from a node that was reached to the end of the search. */
export function chainFrom(reached: ReadonlyMap<string, Reached>, start: string): GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (let at = reached.get(start); at?.next && edges.length < 200; at = reached.get(nodeKey(at.next.to)))
    edges.push(at.next);
  return edges;
}

/** The parts of the tree that a search is about: those of its ends, and what the user named. */
export const ownParts = (nodes: readonly GraphNode[], context: readonly string[]): string[] => [
  ...nodes.flatMap((n) => (n.kind === 'slot' ? [] : [partOf(n.definition.file)].filter(Boolean))),
  ...context,
];
