/** The steps on from a node of a chain, to its callers or to its targets: the call hierarchy's answers, with what they go by. */

import { functionAt } from '../../../resolve/cursor/localScope.ts';
import { functionNode } from '../../../resolve/graph/graph.ts';
import { type GraphEdge, openGraph } from '../../../resolve/graph/nodes.ts';
import type { Steps } from '../../../resolve/steps.ts';
import { count, grouped } from '../../markdown.ts';
import { callersOfItem, incoming } from '../hierarchy/incoming.ts';
import {
  functionItem,
  type HierarchyRequest,
  type ItemData,
  newColumns,
  type PointerData,
} from '../hierarchy/items.ts';
import { callsOfItem, type Held, type Outgoing } from '../hierarchy/outgoing.ts';
import { type ChainContext, contextNamed, heldWithin, isOnTheWay } from './context.ts';
import { linkOfEdges, linkOfHeld } from './links.ts';
import type { ChainLink, ChainNode, ChainStep } from './model.ts';
import { chainNode } from './nodes.ts';

/** Steps on from a node, and what is to be said of them. */
interface NextSteps {
  steps: ChainStep[];
  message: string | null;
}

/** All steps on from a node, the likeliest first. Those outside of the context are marked, and stand behind the others. */
export function* chainNext(
  request: HierarchyRequest,
  node: ChainNode,
  direction: 'callers' | 'targets',
  context = '',
): Steps<NextSteps> {
  const within = contextNamed(request, context);
  const all = yield* direction === 'callers' ? callers(request, node, within) : targets(request, node, within);
  const steps = [...all.filter((s) => !s.outside), ...all.filter((s) => s.outside)];
  const unknown = context.trim() !== '' && !within ? `This tree has no subsystem, table or module ${context}.` : null;
  const notYet = request.notYet === null ? null : `The rest is ${request.notYet}.`;
  return { steps, message: [unknown, notYet].filter(Boolean).join(' ') || null };
}

function* callers(request: HierarchyRequest, to: ChainNode, context: ChainContext | null): Steps<ChainStep[]> {
  const data = to.data as ItemData;
  if (data.kind === 'pointer') return holderOfPointer(request, to, data);
  const { node, groups } = yield* callersOfItem(request, data);
  const columns = newColumns(request);
  const out: ChainStep[] = [];
  for (const edges of node ? groups : []) {
    yield;
    const from = node && chainNode(request, incoming(request, node, edges, columns).from);
    if (!from) continue;
    const link = linkOfEdges(request, edges, from, to, columns);
    out.push({ node: from, link, ...(context && isOutside(request, edges, context) ? { outside: true } : {}) });
  }
  return out;
}

/** Are edges of a dispatch, or of tables, that have no part in the context? Calls by name are what they are. */
function isOutside(request: HierarchyRequest, edges: readonly GraphEdge[], context: ChainContext): boolean {
  const [{ kind, to }] = edges;
  if (kind === 'dispatch') return !edges.some((e) => isOnTheWay(context, e.place.file, request.architecture));
  if (kind !== 'registered' || (to.kind !== 'slot' && context.holds(to.definition.file))) return false;
  return !edges.some((e) => context.holds(e.place.file) || (context.table !== '' && e.by === context.table));
}

/** The function whose parameter or local a pointer is. */
function holderOfPointer(request: HierarchyRequest, to: ChainNode, data: PointerData): ChainStep[] {
  const facts = data.line ? request.index.facts(data.file) : null;
  const fn = facts && functionAt(facts, data.line);
  const holder = fn && functionNode(openGraph(request), fn.name, data.file);
  const node = holder && holder.kind !== 'slot' ? chainNode(request, functionItem(request, holder.definition)) : null;
  if (!node) return [];
  const common = { from: node.id, to: to.id, kind: 'flow' as const, evidence: 'flow', how: 'calls it' };
  return [{ node, link: { ...common, why: [`${data.file}:${data.line}`], places: [to.location] } }];
}

function* targets(request: HierarchyRequest, from: ChainNode, context: ChainContext | null): Steps<ChainStep[]> {
  const data = from.data as ItemData;
  const found = yield* callsOfItem(request, data, from.location.range);
  const held = context ? found.flatMap((call) => call.held ?? []) : [];
  const isWithin = context && held.length > 0 ? heldWithin(context, held) : () => true;
  const out: ChainStep[] = [];
  for (const call of found) {
    yield;
    const node = chainNode(request, call.to);
    if (!node) continue;
    const link = call.held ? linkOfHeld(request, call.held, from, node) : linkOfCall(call, from, node, context);
    out.push({ node, link, ...(call.held && !isWithin(call.held) ? { outside: true } : {}) });
  }
  return out;
}

/** A call by name, of a slot, or of a pointer, in the text of a function. */
function linkOfCall(
  { fromRanges, dispatch }: Outgoing,
  from: ChainNode,
  to: ChainNode,
  context: ChainContext | null,
): ChainLink {
  const { uri } = from.location;
  const common = { from: from.id, to: to.id, places: fromRanges.map((range) => ({ uri, range })) };
  const why = fromRanges.slice(0, 3).map(({ start }) => `${from.file}:${start.line + 1}`);
  if (dispatch) {
    const { targets: held, evidence } = dispatch;
    return { ...common, kind: 'dispatch', evidence, how: heldText(held, context), why };
  }
  if (to.kind === 'pointer') return { ...common, kind: 'flow', evidence: 'flow', how: 'a pointer', why };
  const many = fromRanges.length > 1 ? count(fromRanges.length, 'call') : '';
  const isMacro = from.kind === 'macro';
  return { ...common, kind: 'call', evidence: 'named', how: isMacro ? 'by the macro' : many, why };
}

/** `79 functions`, `1 of 79 in ext4`: how many a dispatch may get to. */
function heldText(held: readonly Held[], context: ChainContext | null): string {
  const within = context ? held.filter(heldWithin(context, held)).length : held.length;
  return context && within < held.length
    ? `${grouped(within)} of ${grouped(held.length)} as ${context.name}`
    : count(held.length, 'function');
}
