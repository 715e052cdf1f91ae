/** The steps on from a node of a chain, to its callers or to its targets: the call hierarchy's answers, with what they go by. */

import { functionAt } from '../../../resolve/cursor/localScope.ts';
import { functionNode, type GraphEdge, type GraphNode, openGraph } from '../../../resolve/graph/nodes.ts';
import { keptByReader } from '../../../resolve/kept.ts';
import type { Steps } from '../../../resolve/steps.ts';
import { count, grouped } from '../../markdown.ts';
import { callerItem, callersOfItem } from '../hierarchy/incoming.ts';
import {
  functionItem,
  type HierarchyRequest,
  type ItemData,
  newColumns,
  type PointerData,
  type SlotData,
} from '../hierarchy/items.ts';
import { callsOfItem, type Held, heldBy, type Outgoing } from '../hierarchy/outgoing.ts';
import { type ChainContext, contextNamed, heldWithin, isOnTheWay } from './context.ts';
import { FEW, fold, type Way } from './folds.ts';
import { linkOfEdges, linkOfHeld } from './links.ts';
import type { ChainFold, ChainLink, ChainNode, ChainStep } from './model.ts';
import { chainNode } from './nodes.ts';

/** From which node, and which way; of a long list, which part. */
interface NextQuestion {
  node: ChainNode;
  direction: 'callers' | 'targets';
  context?: string;
  within?: string;
  outside?: boolean;
}

/** Steps on from a node, and what is to be said of them. */
interface NextSteps {
  steps: ChainStep[];
  folds: ChainFold[];
  message: string | null;
}

/** The steps on from a node, the likeliest first; those outside of the context are marked, and stand behind the others. */
export function* chainNext(request: HierarchyRequest, question: NextQuestion): Steps<NextSteps> {
  const { node, direction, context = '' } = question;
  const within = yield* contextNamed(request, context);
  const all = yield* direction === 'callers' ? callers(request, node, within) : targets(request, node, within);
  const ordered = [...all.filter((way) => !way.outside), ...all.filter((way) => way.outside)];
  const { ways, folds } = fold(ordered, question.within ?? null, question.outside ?? false);
  const steps: ChainStep[] = [];
  for (const way of ways) {
    yield;
    const step = way.make();
    if (step) steps.push({ ...step, ...(way.outside ? { outside: true } : {}) });
  }
  const unknown = context.trim() !== '' && !within ? `This tree has no subsystem, table or module ${context}.` : null;
  const notYet = request.notYet === null ? null : `The rest is ${request.notYet}.`;
  return { steps, folds, message: [unknown, notYet].filter(Boolean).join(' ') || null };
}

/** Reads no file for where characters stand: of a long list, an editor looks for the name in the line that it opens. */
const withoutFiles = (request: HierarchyRequest): HierarchyRequest => ({
  ...request,
  character: (_file, _line, column) => Math.max(0, column - 1),
});

/** Callers of what many call, by what carries the question: whoever opens its folds one by one asks for the same. */
const longLists = keptByReader(() => new Map<string, { node: GraphNode | null; groups: GraphEdge[][] }>());
const MOST_LISTS = 4;

function* callersKept(request: HierarchyRequest, data: ItemData): ReturnType<typeof callersOfItem> {
  const lists = longLists(request.index);
  const key = `${request.architecture} ${JSON.stringify(data)}`;
  const known = lists.get(key);
  if (known) return known;
  const found = yield* callersOfItem(request, data);
  if (found.groups.length > FEW) {
    for (const oldest of lists.keys()) if (lists.size >= MOST_LISTS) lists.delete(oldest);
    lists.set(key, found);
  }
  return found;
}

function* callers(request: HierarchyRequest, to: ChainNode, context: ChainContext | null): Steps<Way[]> {
  const data = to.data as ItemData;
  if (data.kind === 'pointer') return holderOfPointer(request, to, data);
  const { node, groups } = yield* callersKept(request, data);
  if (!node) return [];
  const isLong = groups.length > FEW;
  const asked = isLong ? withoutFiles(request) : request;
  const columns: ReturnType<typeof newColumns> = isLong ? (place) => place : newColumns(request);
  return groups.map((edges): Way => {
    const [{ from }] = edges;
    return {
      file: from.kind === 'slot' ? '' : from.definition.file,
      outside: context !== null && isOutside(request, edges, context),
      make() {
        const caller = chainNode(asked, callerItem(asked, node, edges));
        return caller && { node: caller, link: linkOfEdges(asked, edges, caller, to, columns) };
      },
    };
  });
}

/** Are edges of a dispatch, or of tables, that have no part in the context? Calls by name are what they are. */
function isOutside(request: HierarchyRequest, edges: readonly GraphEdge[], context: ChainContext): boolean {
  const [{ kind, to }] = edges;
  if (kind === 'dispatch') return !edges.some((e) => isOnTheWay(context, e.place.file, request.architecture));
  if (kind !== 'registered' || (to.kind !== 'slot' && context.holds(to.definition.file))) return false;
  return !edges.some((e) => context.holds(e.place.file) || (context.table !== '' && e.by === context.table));
}

/** The function whose parameter or local a pointer is. */
function holderOfPointer(request: HierarchyRequest, to: ChainNode, data: PointerData): Way[] {
  const facts = data.line ? request.index.facts(data.file) : null;
  const fn = facts && functionAt(facts, data.line);
  const holder = fn && functionNode(openGraph(request), fn.name, data.file);
  const node = holder && holder.kind !== 'slot' ? chainNode(request, functionItem(request, holder.definition)) : null;
  if (!node) return [];
  const common = { from: node.id, to: to.id, kind: 'flow' as const, evidence: 'flow', how: 'calls it' };
  const step = { node, link: { ...common, why: [`${data.file}:${data.line}`], places: [to.location] } };
  return [{ file: data.file, outside: false, make: () => step }];
}

function* targets(request: HierarchyRequest, from: ChainNode, context: ChainContext | null): Steps<Way[]> {
  const data = from.data as ItemData;
  if (data.kind === 'slot') return ofSlot(request, from, data, context);
  return (yield* callsOfItem(request, data, from.location.range)).map((call) => ({
    file: (call.to.data as { file?: string }).file ?? '',
    outside: false,
    make() {
      const node = chainNode(request, call.to);
      if (!node) return null;
      const link = call.held
        ? linkOfHeld(request, call.held, { from: from.id, to: node.id }, false)
        : linkOfCall(call, from, node, context);
      return { node, link };
    },
  }));
}

function ofSlot(request: HierarchyRequest, from: ChainNode, data: SlotData, context: ChainContext | null): Way[] {
  const held = heldBy(request, data);
  const isWithin = context ? heldWithin(context, held) : () => true;
  const asked = held.length > FEW ? withoutFiles(request) : request;
  return held.map((one) => ({
    file: one.definition.file,
    outside: !isWithin(one),
    make() {
      const node = chainNode(asked, functionItem(asked, one.definition));
      if (!node) return null;
      const ends = { from: from.id, to: node.id };
      return { node, link: linkOfHeld(asked, context ? contextFirst(one, context) : one, ends, true) };
    },
  }));
}

/** The same function, its tables of the context before all others. */
function contextFirst(held: Held, { table, holds }: ChainContext): Held {
  const isOwn = (r: Held['registrations'][number]): boolean => (table ? r.variable === table : holds(r.filePath));
  const own = held.registrations.filter(isOwn);
  return own.length === 0 ? held : { ...held, registrations: [...own, ...held.registrations.filter((r) => !isOwn(r))] };
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
