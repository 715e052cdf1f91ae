/** A found chain of calls as steps that a view walks through. */

import type { GraphEdge, GraphNode } from '../../../resolve/graph/nodes.ts';
import { type HierarchyRequest, newColumns } from '../hierarchy/items.ts';
import { linkOfEdges } from './links.ts';
import type { ChainNode, PathStep } from './model.ts';
import { locations, nodeOfGraph } from './nodes.ts';

/** The steps of a chain that begins at `start`; a function that calls what it is handed is one of them. */
export function pathSteps(request: HierarchyRequest, start: GraphNode, edges: readonly GraphEdge[]): PathStep[] {
  const columns = newColumns(request);
  let at = nodeOfGraph(request, start);
  const out: PathStep[] = [{ node: at, link: null }];
  const add = (node: ChainNode, link: (from: ChainNode) => PathStep['link']): void => {
    out.push({ node, link: link(at) });
    at = node;
  };
  for (const edge of edges) {
    const node = nodeOfGraph(request, edge.to, edge);
    if (edge.kind === 'argument') addHanded(request, edge, node, columns, add);
    else add(node, (from) => linkOfEdges(request, [edge], from, node, columns));
  }
  return out;
}

/** Adds the functions that a pointer is handed to, the last of which calls it. What only gives it out is no step of control. */
function addHanded(
  request: HierarchyRequest,
  edge: GraphEdge,
  to: ChainNode,
  columns: ReturnType<typeof newColumns>,
  add: (node: ChainNode, link: (from: ChainNode) => PathStep['link']) => void,
): void {
  let place = edge.place;
  for (const { definition, place: next } of edge.through.filter((t) => !t.returns)) {
    const node = nodeOfGraph(request, { kind: 'function', definition });
    const { name } = definition;
    const places = locations(request, [columns({ ...place, column: 0 }, name)], name);
    const why = [`${place.file}:${place.line}`];
    add(node, (from) => ({ from: from.id, to: node.id, kind: 'call', evidence: 'named', how: '', why, places }));
    place = next;
  }
  const by = edge.from.kind === 'slot' ? '' : edge.from.definition.name;
  const handed = [...locations(request, [place], ''), ...locations(request, [edge.place], to.name)];
  add(to, (from) => ({
    ...{ from: from.id, to: to.id, kind: 'argument', evidence: edge.evidence },
    ...{ how: `calls what ${by} hands it`, places: handed },
    why: [place, edge.place].map((p) => `${p.file}:${p.line}`),
  }));
}
