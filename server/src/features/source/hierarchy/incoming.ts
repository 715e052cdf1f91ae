/** Incoming calls: callers by name, macros, the slots that a function stands in, and what hands it on. */

import { type CallHierarchyIncomingCall, type CallHierarchyItem, SymbolKind } from 'vscode-languageserver';
import { holderName, isHolder } from '../../../index/link/holders.ts';
import { NameKind } from '../../../index/store/postings.ts';
import { mayGetTo, siteAt, siteFile } from '../../../resolve/dispatch/targets.ts';
import { edgesIntoSteps } from '../../../resolve/graph/graph.ts';
import { type GraphEdge, type GraphNode, graphOf, nodeKey, nodeName } from '../../../resolve/graph/nodes.ts';
import { type Definition, definitionAt, FUNCTION_KINDS } from '../../../resolve/names/scope.ts';
import { byNearness, type SlotSeen } from '../../../resolve/slots/slots.ts';
import type { Steps } from '../../../resolve/steps.ts';
import type { TreePlace } from '../../../resolve/world.ts';
import { rangeOf, uriOf } from '../../request.ts';
import {
  dataOf,
  type FunctionData,
  functionItem,
  type HierarchyRequest,
  type ItemData,
  newColumns,
  pendingItem,
  type SlotData,
  slotItem,
  slotPlace,
} from './items.ts';

/** The definition that an item stands for; null where the file has changed and it is gone. */
const definitionOf = (request: HierarchyRequest, data: FunctionData): Definition | null =>
  definitionAt(
    request.index,
    data,
    data.kind === 'macro' ? [NameKind.Macro] : [...FUNCTION_KINDS, NameKind.Declaration],
  );

function nodeOfItem(request: HierarchyRequest, data: ItemData): GraphNode | null {
  if (data.kind === 'slot') return { kind: 'slot', owner: data.owner, member: data.member, file: data.file ?? '' };
  if (data.kind === 'pointer' || data.kind === 'pending') return null;
  const definition = definitionOf(request, data);
  return definition && { kind: data.kind, definition };
}

/** Who gets to an item: the edges from each caller or slot together, the likeliest first. */
export interface Callers {
  /** what the item stands for; null for a pointer, and where its file has changed and it is gone */
  node: GraphNode | null;
  groups: GraphEdge[][];
}

/** The callers of what an item carries; the edges of one way stand in one group. */
export function* callersOfItem(request: HierarchyRequest, data: ItemData): Steps<Callers> {
  const node = nodeOfItem(request, data);
  if (!node) return { node, groups: [] };
  const reached = data.kind === 'slot' && data.reached ? definitionOf(request, data.reached) : null;
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of yield* edgesIntoSteps(graphOf(request, node), node)) {
    yield;
    if (reached && !leadsTo(request, edge, reached)) continue;
    const through = edge.through.map((t) => t.definition.name).join(' ');
    const key = edge.kind === 'argument' ? `${nodeKey(edge.from)} ${through}` : nodeKey(edge.from);
    const group = groups.get(key);
    if (group) group.push(edge);
    else groups.set(key, [edge]);
  }
  const nearer = byNearness(node.kind === 'slot' ? (data as SlotData).from : node.definition.file);
  const ranked = [...groups.values()]
    .map((edges, i) => ({ edges, i, file: edges.map((e) => e.place.file).sort(nearer)[0] }))
    .sort((a, b) => rank(a.edges[0]) - rank(b.edges[0]) || nearer(a.file, b.file) || a.i - b.i);
  return { node, groups: ranked.map(({ edges }) => edges) };
}

/** Who gets to an item. */
export function* incomingCalls(request: HierarchyRequest, item: CallHierarchyItem): Steps<CallHierarchyIncomingCall[]> {
  const data = item.data as ItemData;
  const { node, groups } = yield* callersOfItem(request, data);
  const pending = data.kind === 'pending' ? null : pendingItem(request, item);
  const columns = newColumns(request);
  const out: CallHierarchyIncomingCall[] = [];
  for (const edges of node ? groups : []) {
    yield;
    out.push(incoming(request, node as GraphNode, edges, columns));
  }
  if (pending) out.push({ from: pending, fromRanges: [] });
  return out;
}

/** May a dispatch of the slot get to the function that the question began with? */
function leadsTo(request: HierarchyRequest, edge: GraphEdge, reached: Definition): boolean {
  const facts = edge.kind === 'dispatch' ? request.index.facts(edge.place.file) : null;
  const site = facts && siteAt(facts, edge.place, edge.by);
  return (
    !facts ||
    !site ||
    mayGetTo(
      siteFile(request, facts, () => request.view(facts.path)),
      site,
      reached,
    )
  );
}

/** Calls by name and through slots first, then what is handed on. */
const rank = ({ kind }: GraphEdge): number => (kind === 'argument' ? 1 : 0);

/** The item of what the edges of one group come from; what a slot holds is not counted: of initcalls that takes seconds. */
export function callerItem(request: HierarchyRequest, node: GraphNode, edges: readonly GraphEdge[]): CallHierarchyItem {
  const [first] = edges;
  const { from } = first;
  if (from.kind !== 'slot') return functionItem(request, from.definition);
  if (isBare(from)) return bareItem(request, first);
  const { data, place } = slotBetween(request, node, from, edges);
  return slotItem(request, data, 0, place);
}

function incoming(
  request: HierarchyRequest,
  node: GraphNode,
  edges: readonly GraphEdge[],
  columns: ReturnType<typeof newColumns>,
): CallHierarchyIncomingCall {
  const [first] = edges;
  if (first.from.kind === 'slot') return fromSlot(request, node, first.from, edges);
  const item = functionItem(request, first.from.definition);
  if (first.kind === 'argument')
    item.detail = `hands it to ${first.through.map((t) => t.definition.name).join(' → ')} · ${item.detail}`;
  else if (edges.every((e) => e.evidence === 'flow')) item.detail = `by a pointer · ${item.detail}`;
  const name = node.kind === 'slot' ? holderName(node.member) : nodeName(node);
  const { file } = first.from.definition;
  const fromRanges = edges
    .filter((e) => e.place.file === file)
    .map((e) => rangeOf(request, columns(e.place, name), name.length));
  return { from: item, fromRanges };
}

/** Is nothing known of a slot but a member's name? */
const isBare = ({ owner, member }: SlotSeen): boolean => !owner && !isHolder(member);

/** A slot that a function stands in, and where it is declared. */
function slotBetween(
  request: HierarchyRequest,
  node: GraphNode,
  { owner, member, file }: SlotSeen,
  edges: readonly GraphEdge[],
): { data: Omit<SlotData, 'kind'>; place: TreePlace } {
  const [first] = edges;
  // one that other code puts there is in no table of the slot
  const isRegistered = node.kind === 'function' && edges.every((e) => e.through.length === 0);
  const reached = isRegistered ? dataOf(node.definition) : null;
  const data = { owner, member, ...(file ? { file } : {}), from: first.place.file, sites: [], reached, folder: null };
  return { data, place: slotPlace(request, owner, member, first.place) };
}

/** The slot that a function stands in: who calls through it, of those that may get to this function. */
function fromSlot(
  request: HierarchyRequest,
  node: GraphNode,
  slot: SlotSeen,
  edges: readonly GraphEdge[],
): CallHierarchyIncomingCall {
  const item = callerItem(request, node, edges);
  if (isBare(slot)) return { from: item, fromRanges: [] };
  const { owner } = slot;
  const tables = [...new Set(edges.map((e) => (e.through.length ? `by ${e.by}` : e.by)))];
  item.detail = `${owner ? `${owner} · ` : ''}${tables.slice(0, 3).join(', ')}${tables.length > 3 ? `, … ${tables.length - 3} more` : ''}`;
  return { from: item, fromRanges: [item.selectionRange] };
}

/** What nothing is known to call by name. */
function bareItem(request: HierarchyRequest, edge: GraphEdge): CallHierarchyItem {
  const range = rangeOf(request, edge.place, 1);
  return {
    name: nodeName(edge.from) || edge.by,
    kind: SymbolKind.Variable,
    detail: edge.place.file,
    uri: uriOf(request.root, edge.place.file),
    range,
    selectionRange: range,
    data: { kind: 'pointer', name: edge.by, file: edge.place.file, line: 0, column: 0 } satisfies ItemData,
  };
}
