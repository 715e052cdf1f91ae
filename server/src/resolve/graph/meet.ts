/**
 * A search for a chain from both of its ends at once: two small circles instead of a large one. Forwards it follows what
 * a function's own file tells, which is quick; backwards everything, so that no way is missed.
 */

import type { Steps } from '../steps.ts';
import { leastCost, passCost, passCostOfName, type Subject, stepCost } from './costs.ts';
import { isPending, onwardSteps, resolved } from './forward.ts';
import { edgesIntoSteps } from './graph.ts';
import { type Heap, pop, push } from './heap.ts';
import {
  type Graph,
  type GraphEdge,
  type GraphNode,
  nodeKey,
  nodeName,
  type Onward,
  stepKey,
  twoStepsKey,
} from './nodes.ts';

/** What a search may do. */
export interface MeetLimits {
  /** milliseconds after which it gives up */
  timeLimit: number;
  /** milliseconds that looking for a cheaper chain may take once there is one */
  improveLimit: number;
  isCancelled?: () => boolean;
  subject: Subject;
  /** steps not to take: keys of `stepKey` and `twoStepsKey` */
  refused: ReadonlySet<string>;
  maxCost: number;
  /** is told of each chain that is cheaper than those before */
  found?: (edges: GraphEdge[], cost: number) => void;
}

/** A node that one side has come to. */
interface Label {
  node: GraphNode;
  /** of the way there, without what it costs to pass the node itself */
  cost: number;
  /** steps between it and the end that its side began at */
  depth: number;
  /** the step that leads to it from there, or from it to there */
  edge: GraphEdge | null;
  done: boolean;
}

/** A name that nobody has looked up yet. */
interface Waiting {
  name: string;
  onward: Onward;
  /** where it is called from, and the cost of the way there and past it */
  at: Label;
  passed: number;
  cost: number;
  done: boolean;
}

/** One end's circle. */
interface Side {
  forwards: boolean;
  labels: Map<string, Label>;
  /** names that are to be looked up, by their keys, and the keys by name */
  waiting: Map<string, Waiting>;
  waitingFor: Map<string, string[]>;
  /** names of the nodes that it has come to */
  names: Set<string>;
  heap: Heap;
  /** nodes looked at */
  looked: number;
  /** steps looked at: the side that has taken less work so far is the next */
  work: number;
  /** steps of the farthest of them */
  deepest: number;
}

/** What a search from both ends came to. */
export interface Met {
  edges: GraphEdge[] | null;
  cost: number;
  /** nodes looked at, from both ends */
  searched: number;
  /** how many steps it got, from the first function and back from the last one */
  depth: { from: number; to: number };
  /** false: a limit was hit, or somebody cancelled, before everything had been looked at */
  complete: boolean;
  /** what nothing in the tree is known to call, nearest to the end first */
  openEnds: GraphNode[];
}

const MAX_NODES = 120_000;
/** What a node takes to be looked at, and a name to be looked up, beside a step that is only noted. */
const NODE_WORK = 10;
const NAME_WORK = 5;

/** One search under way. */
interface Search {
  graph: Graph;
  limits: MeetLimits;
  from: Side;
  to: Side;
  best: { edges: GraphEdge[]; cost: number } | null;
  openEnds: GraphNode[];
}

function sideOf(nodes: readonly GraphNode[], forwards: boolean): Side {
  const side: Side = {
    ...{ forwards, labels: new Map(), waiting: new Map(), waitingFor: new Map(), names: new Set() },
    ...{ heap: { items: [] }, looked: 0, work: 0, deepest: 0 },
  };
  for (const [n, node] of nodes.entries()) {
    // of several of one name, the likelier comes first
    const cost = 0.01 * n;
    side.labels.set(nodeKey(node), { node, cost, depth: 0, edge: null, done: false });
    side.names.add(nodeName(node));
    push(side.heap, cost, nodeKey(node));
  }
  return side;
}

/** Looks for the cheapest chain from one of some nodes to one of others. */
export function* meet(
  graph: Graph,
  from: readonly GraphNode[],
  to: readonly GraphNode[],
  limits: MeetLimits,
): Steps<Met> {
  const search: Search = { graph, limits, from: sideOf(from, true), to: sideOf(to, false), best: null, openEnds: [] };
  const { from: one, to: other } = search;
  for (const key of one.labels.keys()) join(search, key);
  let end = performance.now() + limits.timeLimit;
  let isImproving = false;
  let complete = true;
  for (;;) {
    const [next, rest] = [least(one), least(other)];
    // backwards is all there is: what only the other side has left leads nowhere
    if (rest === null) break;
    if ((next ?? 0) + rest >= Math.min(search.best?.cost ?? Number.POSITIVE_INFINITY, limits.maxCost)) break;
    if (search.best && !isImproving) {
      isImproving = true;
      end = Math.min(end, performance.now() + limits.improveLimit);
    }
    if (performance.now() > end || one.looked + other.looked > MAX_NODES || limits.isCancelled?.()) {
      complete = false;
      break;
    }
    yield* advance(search, next !== null && one.work <= other.work ? one : other);
  }
  const { best, openEnds } = search;
  return {
    edges: best?.edges ?? null,
    cost: best?.cost ?? 0,
    searched: one.looked + other.looked,
    depth: { from: one.deepest, to: other.deepest },
    complete,
    openEnds,
  };
}

/** The cost of what a side looks at next; null where it has nothing left. */
function least({ heap, labels, waiting }: Side): number | null {
  for (let top = heap.items[0]; top; top = heap.items[0]) {
    if (!(labels.get(top[1]) ?? waiting.get(top[1]))?.done) return top[0];
    pop(heap);
  }
  return null;
}

/** Takes the steps from the nearest node of a side. */
function* advance(search: Search, side: Side): Steps<void> {
  const { graph, limits } = search;
  const [at, key] = pop(side.heap) as [number, string];
  const waiting = side.waiting.get(key);
  if (waiting) {
    yield;
    side.work += NAME_WORK;
    const cost = waiting.cost + passCostOfName(graph, waiting.name);
    if (cost > at + 1e-9) push(side.heap, cost, key);
    else lookUp(search, waiting);
    return;
  }
  const label = side.labels.get(key) as Label;
  // whoever calls kfree() is asked for when everything nearer is known
  const passed = label.cost + passCost(graph, label.node, limits.subject);
  if (passed > at + 1e-9) {
    push(side.heap, passed, key);
    yield;
    return;
  }
  label.done = true;
  side.looked++;
  side.deepest = Math.max(side.deepest, label.depth);
  if (side.forwards) {
    const steps = yield* onwardSteps(graph, label.node);
    side.work += NODE_WORK + steps.length;
    for (const onward of steps) takeOnward(search, label, onward, passed);
    yield;
    return;
  }
  const edges = yield* edgesIntoSteps(graph, label.node);
  side.work += NODE_WORK + edges.length;
  yield;
  if (edges.length === 0) search.openEnds.push(label.node);
  for (const edge of edges) {
    take(search, side, label, edge, passed);
    if (edge.through.length > 0) takeFromHolder(search, label, edge, passed);
  }
}

/** Takes a step forwards. What a name means is asked when it is its turn, or the other side has come to that name. */
function takeOnward(search: Search, at: Label, onward: Onward, passed: number): void {
  const { from, to, limits } = search;
  if (!isPending(onward.to)) {
    take(search, from, at, { ...onward.step, to: onward.to }, passed);
    return;
  }
  const { name, file } = onward.to;
  const cost = passed + leastCost(onward.step);
  if (cost > limits.maxCost) return;
  const waiting: Waiting = { name, onward, at, passed, cost, done: false };
  if (to.names.has(name)) {
    lookUp(search, waiting);
    return;
  }
  const key = `? ${name} ${file} ${onward.step.kind}`;
  const known = from.waiting.get(key);
  if (known && (known.done || known.cost <= cost)) return;
  if (!known) {
    const keys = from.waitingFor.get(name);
    if (keys) keys.push(key);
    else from.waitingFor.set(name, [key]);
  }
  from.waiting.set(key, waiting);
  push(from.heap, cost, key);
}

/** Looks a name up, and takes the steps to all that it means. */
function lookUp(search: Search, waiting: Waiting): void {
  waiting.done = true;
  for (const edge of resolved(search.graph, waiting.onward))
    take(search, search.from, waiting.at, edge, waiting.passed);
}

/**
 * A chain may begin at a function that calls what it is handed. One that comes from further back has to come from whoever
 * hands it this very function, which is another step.
 */
function takeFromHolder(search: Search, label: Label, edge: GraphEdge, passed: number): void {
  if (edge.kind !== 'argument') return;
  for (const [n, { definition, place, returns }] of edge.through.entries()) {
    if (returns) continue;
    const from: GraphNode = { kind: 'function', definition };
    if (search.from.labels.get(nodeKey(from))?.depth !== 0) continue;
    const through = edge.through.slice(n + 1);
    const own: GraphEdge = {
      ...edge,
      from,
      place,
      through,
      kind: through.length > 0 ? 'argument' : 'pointer',
    };
    take(search, search.to, label, own, passed);
  }
}

/** Takes a step from a node that it costs `passed` to come to and to pass, where that is cheaper than what is known. */
function take(search: Search, side: Side, label: Label, edge: GraphEdge, passed: number): void {
  const { graph, limits } = search;
  const { refused, subject } = limits;
  const to = side.forwards ? edge.to : edge.from;
  const key = nodeKey(to);
  const known = side.labels.get(key);
  if (known?.done) return;
  if (refused.size > 0) {
    const [first, second] = side.forwards ? [label.edge, edge] : [edge, label.edge];
    if (refused.has(stepKey(edge)) || (first && refused.has(twoStepsKey(first, second)))) return;
  }
  const cost = passed + stepCost(graph, edge, subject);
  if (known && known.cost <= cost) return;
  if (cost > limits.maxCost) return;
  side.labels.set(key, { node: to, cost, depth: label.depth + 1, edge, done: false });
  push(side.heap, cost, key);
  join(search, key);
  if (side.forwards || known) return;
  const name = nodeName(to);
  side.names.add(name);
  for (const other of search.from.waitingFor.get(name) ?? []) {
    const waiting = search.from.waiting.get(other);
    if (waiting && !waiting.done) lookUp(search, waiting);
  }
}

/** Notes a node that both sides have come to. */
function join(search: Search, key: string): void {
  const { graph, from, to, limits } = search;
  const [before, behind] = [from.labels.get(key), to.labels.get(key)];
  if (!before || !behind) return;
  let cost = before.cost + behind.cost;
  if (cost >= Math.min(search.best?.cost ?? Number.POSITIVE_INFINITY, limits.maxCost)) return;
  cost += passCost(graph, before.node, limits.subject);
  if (cost >= Math.min(search.best?.cost ?? Number.POSITIVE_INFINITY, limits.maxCost)) return;
  if (before.edge && behind.edge && limits.refused.has(twoStepsKey(before.edge, behind.edge))) return;
  const edges = [...wayTo(from, before), ...wayTo(to, behind)];
  if (edges.length === 0) return;
  const nodes = [edges[0].from, ...edges.map((e) => e.to)].map(nodeKey);
  if (new Set(nodes).size < nodes.length) return;
  search.best = { edges, cost };
  limits.found?.(edges, cost);
}

/** The steps between a node and the end that its side began at, in the order of the calls. */
function wayTo(side: Side, label: Label): GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (let at: Label | undefined = label; at?.edge; ) {
    edges.push(at.edge);
    at = side.labels.get(nodeKey(side.forwards ? at.edge.from : at.edge.to));
  }
  return side.forwards ? edges.reverse() : edges;
}
