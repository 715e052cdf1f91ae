/** A found chain of calls as steps that a view walks through. */

import type { GraphEdge, GraphNode } from '../../../resolve/graph/nodes.ts';
import { type HierarchyRequest, newColumns } from '../hierarchy/items.ts';
import { linkOfEdges, linkOfHeld, registrationsIn } from './links.ts';
import type { ChainLink, ChainNode, PathStep } from './model.ts';
import { locations, nodeOfGraph } from './nodes.ts';

/** The steps of a chain that begins at `start`; a function that calls what it is handed is one of them. */
export function pathSteps(request: HierarchyRequest, start: GraphNode, edges: readonly GraphEdge[]): PathStep[] {
  const columns = newColumns(request);
  const last = edges.findLast(({ to }) => to.kind !== 'slot')?.to;
  let at = nodeOfGraph(request, start, edges[0]);
  const out: PathStep[] = [{ node: at, link: null }];
  const add = (node: ChainNode, link: (from: ChainNode) => PathStep['link']): void => {
    out.push({ node, link: link(at) });
    at = node;
  };
  for (const edge of edges) {
    const node = nodeOfGraph(request, edge.to, edge);
    if (edge.kind === 'argument') addHanded(request, edge, node, columns, add);
    else add(node, (from) => inNearest(request, edge, linkOfEdges(request, [edge], from, node, columns), last));
  }
  return out;
}

/** The link from a slot to a function by the table that is nearest to where the chain goes: generic ones stand in many. */
function inNearest(
  request: HierarchyRequest,
  edge: GraphEdge,
  link: ChainLink,
  last: GraphNode | undefined,
): ChainLink {
  const { from, to, kind, through } = edge;
  if (kind !== 'registered' || through.length > 0 || from.kind !== 'slot' || to.kind === 'slot') return link;
  if (!last || last.kind === 'slot') return link;
  const registrations = registrationsIn(request, from, to.definition, last.definition.file);
  if (registrations.length < 2) return link;
  const { how, why, places } = linkOfHeld(request, { definition: to.definition, registrations }, link, true);
  return { ...link, how, why, places };
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
