/** Calls through lists whose heads have names, as edges: what hands over the head gets to the functions on it, and no others. */

import type { FileFacts } from '../../facts/types.ts';
import { NameKind } from '../../index/store/postings.ts';
import { functionsOn, headCallsIn, isListed, listsOf, type NamedList, nameOnList } from '../dispatch/heads.ts';
import type { Registered } from '../slots/slots.ts';
import { definedIn, functionNode, type Graph, type GraphEdge, type GraphNode } from './nodes.ts';

type FunctionNode = GraphNode & { kind: 'function' };

/** Calls through the heads of the lists that objects with this function in them are put on; `uses` are its registrations. */
export function listCallsOf(graph: Graph, node: FunctionNode, uses: readonly Registered[]): GraphEdge[] {
  const lists = new Map<string, NamedList>();
  for (const r of uses) {
    if (!r.owner || !isListed(graph, r.owner)) continue;
    for (const list of listsOf(graph, r.owner, nameOnList(r), r.filePath))
      lists.set(`${list.head.name} ${list.head.file}`, list);
  }
  return [...lists.values()].flatMap((list) => edgesOf(graph, list).filter(({ to }) => isSame(to, node)));
}

const isSame = (a: GraphNode, b: FunctionNode): boolean =>
  a.kind === 'function' && a.definition.file === b.definition.file && a.definition.line === b.definition.line;

/** The steps of the function with the index `n` of a file that go through the heads of lists. */
export const listCallsFrom = (graph: Graph, facts: FileFacts, n: number): GraphEdge[] =>
  headCallsIn(graph, facts, n).flatMap(({ list, call }) => edgesOf(graph, list, [call]));

/** Every one of the calls through a list's head, with every function that it may get to. */
function edgesOf(graph: Graph, list: NamedList, calls = list.calls): GraphEdge[] {
  const out: GraphEdge[] = [];
  for (const call of calls) {
    const from = functionNode(graph, call.function, call.place.file);
    if (!from) continue;
    for (const { definition, on } of functionsOn(graph, list, call.slot)) {
      const by = definedIn(graph, on.by, on.place.file, NameKind.Function);
      const put = by ? [{ definition: by, place: on.place }] : [];
      out.push({
        ...{ from, to: { kind: 'function', definition }, kind: 'argument', place: call.place, by: list.head.name },
        ...{ evidence: 'flow', through: [...put, ...call.through], condition: null },
      });
    }
  }
  return out;
}
