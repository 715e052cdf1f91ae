/** Chains of calls between two functions, and the entries a function is reached from. */
import { entryOfSlot, isExceptionEntry, isInitcall, type RootKind } from '../../kernel/entries.ts';
import { partOf } from '../../kernel/layout.ts';
import { isSyscallName } from '../../kernel/syscalls.ts';
import { type Steps, toEnd } from '../steps.ts';
import { edgesIntoSteps } from './graph.ts';
import { type Graph, type GraphEdge, type GraphNode, nodeKey } from './nodes.ts';

export interface Chain {
  /** from the first function to the last; between a caller and a function in a slot stands the slot */
  edges: GraphEdge[];
  cost: number;
}

export interface SearchOptions {
  /** how many different chains to look for */
  max: number;
  /** folders (`ext4`, `fs/ext4`) whose tables are preferred at each dispatch */
  context: string[];
  /** milliseconds after which the search gives up */
  timeLimit: number;
  isCancelled?: () => boolean;
}

export interface SearchResult<T> {
  found: T[];
  /** nodes looked at */
  searched: number;
  /** false: a limit was hit, or somebody cancelled, before everything had been looked at */
  complete: boolean;
  /** what nothing in the tree is known to call, nearest to the end first */
  openEnds: GraphNode[];
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
  // what hundreds call is a helper, hardly the way that was meant
  return cost + 0.25 * Math.log2(1 + fan / 4);
}

interface Reached {
  node: GraphNode;
  cost: number;
  /** the step that leads on to the end */
  next: GraphEdge | null;
  done: boolean;
}

/** A binary heap of keys by cost. */
interface Heap {
  items: [number, string][];
}

function push({ items }: Heap, cost: number, key: string): void {
  let i = items.length;
  items.push([cost, key]);
  while (i > 0) {
    const up = (i - 1) >> 1;
    if (items[up][0] <= items[i][0]) break;
    [items[up], items[i]] = [items[i], items[up]];
    i = up;
  }
}

function pop({ items }: Heap): [number, string] | undefined {
  const top = items[0];
  const last = items.pop();
  if (last === undefined || items.length === 0) return top;
  items[0] = last;
  for (let i = 0; ; ) {
    const left = 2 * i + 1;
    const right = left + 1;
    let least = i;
    if (left < items.length && items[left][0] < items[least][0]) least = left;
    if (right < items.length && items[right][0] < items[least][0]) least = right;
    if (least === i) return top;
    [items[least], items[i]] = [items[i], items[least]];
    i = least;
  }
}

const MAX_NODES = 60_000;

/** A second chain that costs so much more than the first is no alternative. */
const OTHER_COST = 6;
/** Milliseconds that looking for other chains may take. */
const OTHERS_MS = 250;

interface Searched {
  reached: Map<string, Reached>;
  found: string[];
  complete: boolean;
  openEnds: GraphNode[];
}

/** Searches backwards from `to`, cheapest first; `arrived` says of each node whether it is one to stop at. */
function* search(
  graph: Graph,
  to: GraphNode,
  options: Pick<SearchOptions, 'timeLimit' | 'isCancelled'> & {
    own: string[];
    /** a step not to take, as `from to` */
    banned: string | null;
    maxCost: number;
  },
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
    const fan = edges.length;
    for (const edge of edges) {
      const from = nodeKey(edge.from);
      if (options.banned === `${from} ${key}`) continue;
      const next = cost + stepCost(edge, fan, options.own);
      const known = reached.get(from);
      if (known && known.cost <= next) continue;
      reached.set(from, { node: edge.from, cost: next, next: edge, done: false });
      push(heap, next, from);
    }
  }
  return { reached, found, complete: true, openEnds };
}

/** The steps from a node that was reached to the end of the search. */
function chainFrom(reached: ReadonlyMap<string, Reached>, start: string): GraphEdge[] {
  const edges: GraphEdge[] = [];
  for (let at = reached.get(start); at?.next && edges.length < 200; at = reached.get(nodeKey(at.next.to)))
    edges.push(at.next);
  return edges;
}

const ownParts = (nodes: readonly GraphNode[], context: readonly string[]): string[] => [
  ...nodes.flatMap((n) => (n.kind === 'slot' ? [] : [partOf(n.definition.file)].filter(Boolean))),
  ...context,
];

/** Chains of calls from one function to another, the surest and shortest first. */
export const findPaths = (graph: Graph, from: GraphNode, to: GraphNode, options: SearchOptions): SearchResult<Chain> =>
  toEnd(findPathsSteps(graph, from, to, options));

/** The same in steps. */
export function* findPathsSteps(
  graph: Graph,
  from: GraphNode,
  to: GraphNode,
  options: SearchOptions,
): Steps<SearchResult<Chain>> {
  const start = nodeKey(from);
  const own = ownParts([from, to], options.context);
  const found: Chain[] = [];
  const seen = new Set<string>();
  function* run(banned: string | null, maxCost: number, timeLimit: number): Steps<Searched> {
    const result = yield* search(graph, to, { ...options, timeLimit, own, banned, maxCost }, (node) =>
      nodeKey(node) === start ? 'enough' : 'go on',
    );
    if (result.found.length === 0) return result;
    const edges = chainFrom(result.reached, start);
    const key = edges.map((e) => nodeKey(e.to)).join('>');
    if (!seen.has(key)) found.push({ edges, cost: result.reached.get(start)?.cost ?? 0 });
    seen.add(key);
    return result;
  }
  const first = yield* run(null, Number.POSITIVE_INFINITY, options.timeLimit);
  const [best] = found;
  const end = Date.now() + OTHERS_MS;
  // another chain leaves the first one somewhere: at a table, if it can
  for (const edge of best ? [...best.edges].sort((a, b) => turn(a) - turn(b)) : []) {
    const left = end - Date.now();
    if (found.length >= options.max || left < 0) break;
    yield* run(`${nodeKey(edge.from)} ${nodeKey(edge.to)}`, best.cost + OTHER_COST, left);
  }
  found.sort((a, b) => a.cost - b.cost);
  return { found, searched: first.reached.size, complete: first.complete, openEnds: first.openEnds };
}

/** Where chains differ most for a reader: at slots, then at what is handed on. */
const turn = ({ kind }: GraphEdge): number =>
  ['registered', 'dispatch', 'argument', 'pointer', 'call', 'macro'].indexOf(kind);

/** An entry that a function is reached from. */
export interface Root {
  node: GraphNode;
  kind: RootKind;
  chain: Chain;
}

/** What kind of entry a node is, by how it is defined or registered; null where it is called like any other. */
export function rootKind(graph: Graph, node: GraphNode): RootKind | null {
  if (node.kind === 'slot') {
    if (!node.owner) return isInitcall(node.member) ? 'initcall' : null;
    return entryOfSlot(node.owner, node.member);
  }
  if (node.kind === 'macro') return null;
  const { definition } = node;
  if (definition.macro && isSyscallName(definition.name)) return 'syscall';
  if (definition.file.endsWith('.S')) return 'assembly';
  if (isExceptionEntry(definition.name)) return 'exception';
  return graph.index.callersOf(definition.name).some((c) => graph.index.pathOf(c.file).endsWith('.S'))
    ? 'assembly'
    : null;
}

/** The entries (system calls, exceptions, interrupts, threads …) that a function is reached from, nearest first. */
export const findRoots = (graph: Graph, to: GraphNode, options: SearchOptions): SearchResult<Root> =>
  toEnd(findRootsSteps(graph, to, options));

/** The same in steps. */
export function* findRootsSteps(graph: Graph, to: GraphNode, options: SearchOptions): Steps<SearchResult<Root>> {
  const own = ownParts([to], options.context);
  const kinds = new Map<string, RootKind>();
  const result = yield* search(
    graph,
    to,
    { ...options, own, banned: null, maxCost: Number.POSITIVE_INFINITY },
    (node) => {
      const kind = rootKind(graph, node);
      if (!kind) return 'go on';
      kinds.set(nodeKey(node), kind);
      return kinds.size >= options.max ? 'enough' : 'found';
    },
  );
  const found = result.found.map((key): Root => {
    const at = result.reached.get(key) as Reached;
    const chain = { edges: chainFrom(result.reached, key), cost: at.cost };
    return { node: at.node, kind: kinds.get(key) as RootKind, chain };
  });
  return { found, searched: result.reached.size, complete: result.complete, openEnds: result.openEnds };
}
