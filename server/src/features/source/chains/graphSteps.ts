/** Steps of the call graph as nodes and links of chains. */

import type { Location } from 'vscode-languageserver';
import { holderName, isHolder } from '../../../index/link/holders.ts';
import { partOf } from '../../../kernel/layout.ts';
import { subsystemOf } from '../../../kernel/proximity.ts';
import { type GraphEdge, type GraphNode, nodeName } from '../../../resolve/graph/nodes.ts';
import type { TreePlace } from '../../../resolve/world.ts';
import { locationOf } from '../../request.ts';
import {
  dataOf,
  type HierarchyRequest,
  type newColumns,
  type SlotData,
  slotItem,
  slotPlace,
} from '../hierarchy/items.ts';
import type { ChainLink, ChainNode } from './model.ts';

/** What a file's functions are grouped by: its own part of the tree, `fs/ext4`, else its subsystem, `mm`. */
const groupOf = (file: string): string => (file === '' ? '' : partOf(file) || subsystemOf(file));

/** A function or macro as a node. */
export function codeNode(
  request: HierarchyRequest,
  data: TreePlace & { kind: 'function' | 'macro'; name: string },
): ChainNode {
  const { kind, name, file, line } = data;
  return {
    ...{ id: `${kind} ${name} ${file}:${line}`, kind, name, owner: '', file, group: groupOf(file), data },
    location: locationOf(request, data, name.length),
  };
}

/** A slot as a node; `count`: how many functions it may get to. */
export function slotNode(
  request: HierarchyRequest,
  data: Omit<SlotData, 'kind'>,
  by: TreePlace | null,
  count = 0,
): ChainNode {
  const { owner, member, file: own, from, sites } = data;
  const place = slotPlace(request, owner, member, by);
  const item = slotItem(request, data, count, place);
  const isTold = owner !== '' || isHolder(member);
  return {
    id: isTold
      ? `slot ${owner}.${member}${own ? ` ${own}` : ''}`
      : `slot .${member} ${from}:${sites[0]?.line ?? 0}:${sites[0]?.column ?? 0}`,
    ...{ kind: 'slot', name: item.name, owner, file: place.file, group: groupOf(place.file), data: item.data },
    location: { uri: item.uri, range: item.selectionRange },
  };
}

/** A node of the call graph; of a slot without a struct, `by` is the dispatch that tells it from others. */
export function nodeOfGraph(request: HierarchyRequest, node: GraphNode, by: GraphEdge | null): ChainNode {
  if (node.kind !== 'slot') return codeNode(request, { ...dataOf(node.definition), kind: node.kind });
  const { owner, member, file } = node;
  const sites = by?.kind === 'dispatch' ? [{ line: by.place.line, column: by.place.column, name: by.by }] : [];
  const from = by?.place.file ?? file ?? '';
  const data = { ...{ owner, member, from, sites, reached: null, folder: null }, ...(file ? { file } : {}) };
  return slotNode(request, data, by?.place ?? null);
}

const KINDS: Readonly<Record<GraphEdge['kind'], ChainLink['kind']>> = {
  ...{ call: 'call', macro: 'call', dispatch: 'dispatch' },
  ...{ registered: 'member', argument: 'argument', pointer: 'flow' },
};

/** So many tables are named; the others are counted. */
const MAX_TABLES = 2;
const MAX_PLACES = 20;

/** The link that edges of one kind between the same two nodes are. `columns`: of names in lines without one. */
export function linkOfEdges(
  request: HierarchyRequest,
  edges: readonly GraphEdge[],
  [from, to]: [ChainNode, ChainNode],
  columns: ReturnType<typeof newColumns>,
): ChainLink {
  const [first] = edges;
  const name = first.to.kind === 'slot' ? holderName(first.to.member) : nodeName(first.to);
  const isNamed = first.kind === 'call' || first.kind === 'macro';
  const evidence = edges.find((e) => e.evidence === 'typed')?.evidence ?? first.evidence;
  return {
    ...{ from: from.id, to: to.id, kind: KINDS[first.kind], evidence: isNamed ? 'named' : evidence },
    how: first.kind === 'registered' ? tablesText(edges) : '',
    why: edges.slice(0, 3).map((e) => textOf(first.kind === 'registered' ? `${e.by} · ` : '', e.place, e.condition)),
    places: edges
      .slice(0, MAX_PLACES)
      .map((e): Location => locationOf(request, columns({ ...e.place }, name), name.length)),
  };
}

const textOf = (by: string, { file, line }: TreePlace, condition: string | null): string =>
  `${by}${file}:${line}${condition ? ` · if ${condition}` : ''}`;

function tablesText(edges: readonly GraphEdge[]): string {
  const tables = [...new Set(edges.map((e) => e.by))];
  const more = tables.length > MAX_TABLES ? ` + ${tables.length - MAX_TABLES}` : '';
  const [first] = edges;
  return `${first.through.length > 0 ? 'put there by' : 'in'} ${tables.slice(0, MAX_TABLES).join(', ')}${more}`;
}
