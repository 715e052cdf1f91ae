/** The entries that a function is reached from. */

import { entryOfSlot, isExceptionEntry, type RootKind } from '../../kernel/entries.ts';
import { isSyscallName } from '../../kernel/syscalls.ts';
import { type Steps, toEnd } from '../steps.ts';
import { ownParts, subjectOf } from './costs.ts';
import { type Graph, type GraphNode, isInitcallNode, nodeKey } from './nodes.ts';
import { type Chain, refutedSteps, type SearchOptions, type SearchResult } from './paths.ts';
import { chainFrom, type Reached, search } from './search.ts';

/** An entry that a function is reached from. */
export interface Root {
  node: GraphNode;
  kind: RootKind;
  chain: Chain;
}

/** Searches that leave out dispatches which turned out not to get on. */
const MAX_ROUNDS = 3;

/** What kind of entry a node is, by how it is defined or registered; null where it is called like any other. */
export function rootKind(graph: Graph, node: GraphNode): RootKind | null {
  if (node.kind === 'slot') {
    if (!node.owner) return isInitcallNode(node) ? 'initcall' : null;
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

/** The same in steps: a search takes seconds. */
export function* findRootsSteps(graph: Graph, to: GraphNode, options: SearchOptions): Steps<SearchResult<Root>> {
  const subject = subjectOf(ownParts([to], options.context), [to]);
  const refused = new Set<string>();
  const limits = { ...options, subject, refused };
  const end = Date.now() + options.timeLimit;
  for (let round = 0; ; round++) {
    const kinds = new Map<string, RootKind>();
    const timeLimit = Math.max(0, end - Date.now());
    const result = yield* search(graph, to, { ...limits, timeLimit }, (node) => {
      const kind = rootKind(graph, node);
      if (!kind) return 'go on';
      kinds.set(nodeKey(node), kind);
      return kinds.size >= options.max ? 'enough' : 'found';
    });
    const found = result.found.map((key): Root => {
      const at = result.reached.get(key) as Reached;
      const chain = { edges: chainFrom(result.reached, key), cost: at.cost };
      return { node: at.node, kind: kinds.get(key) as RootKind, chain };
    });
    const wrong = round < MAX_ROUNDS ? found.flatMap((r) => refutedSteps(graph, r.chain.edges)) : [];
    if (wrong.length === 0) {
      const { reached, complete, openEnds } = result;
      const depth = { from: 0, to: Math.max(0, ...found.map((r) => r.chain.edges.length)) };
      return { found, searched: reached.size, depth, complete, openEnds };
    }
    for (const step of wrong) refused.add(step);
  }
}
