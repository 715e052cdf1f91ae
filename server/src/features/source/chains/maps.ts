/** Ready-made maps of a tree: what was found between an entry and its goals, as a chart. */

import type { MapPlan } from '../../../kernel/maps.ts';
import { type GraphMap, mapSteps } from '../../../resolve/graph/maps/map.ts';
import { type GraphEdge, type GraphNode, nodeKey, openGraph, stepKey } from '../../../resolve/graph/nodes.ts';
import type { Steps } from '../../../resolve/steps.ts';
import { type HierarchyRequest, newColumns } from '../hierarchy/items.ts';
import type { ChainChart } from './chart.ts';
import { linkOfEdges } from './links.ts';
import type { ChainLink, ChainNode } from './model.ts';
import { nodeOfGraph } from './nodes.ts';
import { pathSteps } from './pathSteps.ts';

/** How a map is looked for. */
export interface ChainMapOptions {
  /** subsystems whose tables come first: `ext4` */
  context: readonly string[];
  isCancelled?: () => boolean;
}

const SECONDS = 15;

/** The chart of a map in the tree that is asked. */
export function* chainMap(request: HierarchyRequest, plan: MapPlan, options: ChainMapOptions): Steps<ChainChart> {
  const map = yield* mapSteps(openGraph(request), plan, { ...options, timeLimit: SECONDS * 1000 });
  const title = `${plan.title} · ${request.architecture}`;
  const remarks = request.notYet ? [`Not all of it may be here: much of the tree is ${request.notYet}.`] : [];
  const chart = yield* chartOf(request, map);
  return {
    ...{ title, ...chart, remarks: [...remarks, ...map.remarks] },
    message: chart.nodes.length > 0 ? null : `${plan.title}: ${[...map.remarks, ...remarks].join(' ')}`,
  };
}

/** What a map's steps are as nodes and links. */
function* chartOf(
  request: HierarchyRequest,
  map: GraphMap,
): Steps<Pick<ChainChart, 'nodes' | 'links' | 'chosen' | 'kept' | 'more'>> {
  const columns = newColumns(request);
  const nodes = new Map<string, ChainNode>();
  const byKey = new Map<string, ChainNode>();
  const links: ChainLink[] = [];
  const put = (node: ChainNode): ChainNode => {
    const known = nodes.get(node.id);
    if (!known) nodes.set(node.id, node);
    return known ?? node;
  };
  const nodeOf = (node: GraphNode, by: GraphEdge): ChainNode => {
    const key = nodeKey(node);
    // all that stands in a slot is meant; one without a struct is told by where it is called
    const found =
      byKey.get(key) ?? put(nodeOfGraph(request, node, node.kind === 'slot' && node.owner === '' ? by : null));
    byKey.set(key, found);
    return found;
  };
  const main = new Set(map.main.map(stepKey));
  const onWay = new Set([...map.entries, ...map.ways.map((way) => way.edges)].flat().map(stepKey));
  const chosen: [string, string][] = [];
  const kept = new Set<string>();
  for (const edges of grouped([...map.main, ...map.edges])) {
    yield;
    const [first] = edges;
    const isMain = main.has(stepKey(first));
    const onIt = onWay.has(stepKey(first));
    const add = (link: ChainLink): void => {
      links.push(link);
      if (isMain) chosen.push([link.from, link.to]);
      if (onIt) kept.add(link.from).add(link.to);
    };
    const from = nodeOf(first.from, first);
    const to = nodeOf(first.to, first);
    if (first.kind !== 'argument') {
      add(linkOfEdges(request, edges, from, to, columns));
      continue;
    }
    // the functions that it is handed to stand between
    let at = from;
    for (const { node, link } of pathSteps(request, first.from, [first]).slice(1)) {
      const next = put(node);
      if (link) add({ ...link, from: at.id, to: next.id });
      at = next;
    }
  }
  const more = Object.fromEntries(
    [...map.more].flatMap(([key, count]) => {
      const node = byKey.get(key);
      return node ? [[node.id, count]] : [];
    }),
  );
  return { nodes: [...nodes.values()], links, chosen, kept: [...kept], more };
}

/** Steps of one kind between the same two, put together. */
function grouped(edges: readonly GraphEdge[]): GraphEdge[][] {
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of edges) {
    const key = `${stepKey(edge)} ${edge.kind}`;
    const group = groups.get(key);
    if (!group) groups.set(key, [edge]);
    else if (!group.includes(edge)) group.push(edge);
  }
  return [...groups.values()];
}
