/** A search backwards through the call graph, the surest and shortest ways first. */

import type { Steps } from '../steps.ts';
import { passCost, type Subject, stepCost } from './costs.ts';
import { edgesIntoSteps } from './graph.ts';
import { type Heap, pop, push } from './heap.ts';
import { type Graph, type GraphEdge, type GraphNode, nodeKey, stepKey, twoStepsKey } from './nodes.ts';

/** What a search may do. */
export interface Limits {
  /** milliseconds after which it gives up */
  timeLimit: number;
  isCancelled?: () => boolean;
  subject: Subject;
  /** steps not to take: keys of `stepKey` and `twoStepsKey` */
  refused: ReadonlySet<string>;
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
    if (at.done) continue;
    // whoever calls what everybody calls is asked for when everything nearer is known
    const passed = at.cost + passCost(graph, at.node, options.subject);
    if (passed > cost + 1e-9) {
      push(heap, passed, key);
      continue;
    }
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
    expand(graph, { at, passed }, edges, options, reached, heap);
  }
  return { reached, found, complete: true, openEnds };
}

/** Takes the steps that lead to a node, where they are cheaper than what is known. */
function expand(
  graph: Graph,
  { at, passed }: { at: Reached; passed: number },
  edges: readonly GraphEdge[],
  { refused, subject }: Limits,
  reached: Map<string, Reached>,
  heap: Heap,
): void {
  for (const edge of edges) {
    const from = nodeKey(edge.from);
    if (refused.size > 0 && (refused.has(stepKey(edge)) || refused.has(twoStepsKey(edge, at.next)))) continue;
    const next = passed + stepCost(graph, edge, subject);
    const known = reached.get(from);
    if (known && (known.done || known.cost <= next)) continue;
    reached.set(from, { node: edge.from, cost: next, next: edge, done: false });
    push(heap, next, from);
  }
}

/** The steps from a node that was reached to the end of the search. */
export function chainFrom(reached: ReadonlyMap<string, Reached>, start: string): GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (let at = reached.get(start); at?.next && edges.length < 200; at = reached.get(nodeKey(at.next.to)))
    edges.push(at.next);
  return edges;
}
