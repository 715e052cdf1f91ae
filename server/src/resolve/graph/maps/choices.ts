/** What stands beside the ways of a map: choices of the same kind, what else its slots hold, and ways between what is there. */

import type { FunctionFact } from '../../../facts/types.ts';
import { commonness, partOf } from '../../../kernel/layout.ts';
import { implementationCount } from '../../slots/slots.ts';
import type { Steps } from '../../steps.ts';
import type { World } from '../../world.ts';
import { isPending, onwardSteps, resolved } from '../forward.ts';
import {
  type Graph,
  type GraphEdge,
  type GraphNode,
  meaningsOf,
  nodeKey,
  nodeName,
  type Onward,
  stepKey,
} from '../nodes.ts';

/** A map's steps as they are found, each once. */
export interface Drawn {
  graph: Graph;
  edges: Map<string, GraphEdge>;
  remarks: string[];
}

/** Of what a slot holds, so many are part of a map; the rest is counted. */
const MOST_TARGETS = 40;
/** Choices beside a call. */
const MOST_CHOICES = 12;

/** A function may stand in a slot by many tables; else one step of a kind between two nodes is enough. */
const keyOf = (edge: GraphEdge): string =>
  `${stepKey(edge)} ${edge.kind}${edge.kind === 'registered' ? ` ${edge.by} ${edge.place.file}` : ''}`;

/** Adds steps to a map, as far as it doesn't have them. */
export function add({ edges }: Drawn, found: readonly GraphEdge[]): void {
  for (const edge of found) if (!edges.has(keyOf(edge))) edges.set(keyOf(edge), edge);
}

/** What a function's prototype is; null where nothing is known of it. */
function prototypeOf({ index }: World, node: GraphNode): FunctionFact | null {
  if (node.kind !== 'function') return null;
  const { definition } = node;
  const fact = index.facts(definition.file)?.functions[definition.index];
  return fact?.name === definition.name ? fact : null;
}

/** Types that say nothing of what a function is for. */
const PLAIN =
  /^(?:(?:static|inline|const|unsigned|signed|struct|enum)\b|(?:void|int|long|short|char|bool|_Bool)\b|[su]?s?size_t|loff_t|off_t|pgoff_t|[suil]\d+|u?int\d+_t|pid_t|gfp_t|sector_t)|\*/;

/**
 * Are two functions choices of one kind? They take the same, of which one is a struct, and give the same; or what they
 * give has a type made for it, as vm_fault_t is.
 */
function isChoice(one: FunctionFact, other: FunctionFact): boolean {
  if (one.returnType !== other.returnType) return false;
  if (!PLAIN.test(one.returnType) && /_t$/.test(one.returnType)) return true;
  const types = ({ params }: FunctionFact): string => params.map((p) => p.type).join(',');
  return types(one) === types(other) && one.params.some((p) => p.type.includes('struct '));
}

/** Adds what stands beside each call of a way as a choice of the same kind. */
export function* addChoices(drawn: Drawn): Steps<void> {
  const { graph, edges } = drawn;
  const calls = [...edges.values()].filter((e) => e.kind === 'call' && e.from.kind === 'function');
  for (const call of calls) {
    yield;
    const like = prototypeOf(graph, call.to);
    if (!like) continue;
    let left = MOST_CHOICES;
    for (const onward of yield* onwardSteps(graph, call.from)) {
      if (left === 0) break;
      const choice = onward.step.kind === 'call' ? choiceOf(graph, onward, like, call.from) : null;
      if (!choice) continue;
      add(drawn, [{ ...onward.step, to: choice }]);
      left--;
    }
  }
}

/** The function that a call gets to, where that is of the kind of `like`; null for all else, and for the caller itself. */
function choiceOf(graph: Graph, { to }: Onward, like: FunctionFact, from: GraphNode): GraphNode | null {
  const [definition] = isPending(to)
    ? meaningsOf(graph, to.name, to.file)
    : to.kind === 'function'
      ? [to.definition]
      : [];
  if (!definition) return null;
  const node: GraphNode = { kind: 'function', definition };
  const fact = nodeKey(node) === nodeKey(from) ? null : prototypeOf(graph, node);
  // what a tracepoint's macros make tells, and chooses nothing
  return fact && !/^trace_/.test(fact.name) && isChoice(like, fact) ? node : null;
}

/** Adds what stands in each slot of the ways: what every kernel has first, and what stands in it most often. */
export function* addTargets(drawn: Drawn, context: readonly string[], more: Map<string, number>): Steps<void> {
  const { graph, edges } = drawn;
  const slots = new Map<string, GraphNode & { kind: 'slot' }>();
  for (const { from, to } of edges.values())
    for (const node of [from, to]) if (node.kind === 'slot') slots.set(nodeKey(node), node);
  for (const [key, slot] of slots) {
    const times = new Map<string, number>();
    for (const r of graph.index.registrationsOfSlot(slot.owner, slot.member))
      times.set(r.target, (times.get(r.target) ?? 0) + 1);
    const rank = (file: string, name: string): number =>
      (context.some((part) => partOf(file).endsWith(part)) ? -10 : 0) +
      2 * commonness(file) -
      Math.min(3, Math.log2(times.get(name) ?? 1)) +
      // a folder's own files are those of every kernel
      (file.split('/').length > 2 ? 1 : 0);
    const nameOf = ({ to }: Onward): string => (isPending(to) ? to.name : nodeName(to));
    const held = (yield* onwardSteps(graph, slot))
      .map((onward, n) => ({ onward, n, rank: rank(onward.step.place.file, nameOf(onward)) }))
      .sort((a, b) => a.rank - b.rank || a.n - b.n);
    const shown = new Set([...edges.values()].flatMap((e) => (nodeKey(e.from) === key ? [nodeKey(e.to)] : [])));
    const names = new Set([...edges.values()].flatMap((e) => (nodeKey(e.from) === key ? [nodeName(e.to)] : [])));
    for (const { onward } of held) {
      // all tables of what is shown are told, however many
      if (shown.size >= MOST_TARGETS && !names.has(nameOf(onward))) continue;
      yield;
      for (const edge of resolved(graph, onward)) {
        add(drawn, [edge]);
        shown.add(nodeKey(edge.to));
        names.add(nodeName(edge.to));
      }
    }
    const rest = implementationCount(graph, slot.owner, slot.member, '') - shown.size;
    if (rest > 0) more.set(key, rest);
  }
}

/** Adds the calls and dispatches between what is on the map already: other ways to the same. */
export function* addBetween(drawn: Drawn): Steps<void> {
  const { graph, edges } = drawn;
  const nodes = new Map<string, GraphNode>();
  for (const { from, to } of edges.values()) for (const node of [from, to]) nodes.set(nodeKey(node), node);
  const names = new Set([...nodes.values()].map(nodeName));
  for (const [key, node] of nodes) {
    if (node.kind !== 'function') continue;
    yield;
    for (const onward of yield* onwardSteps(graph, node)) {
      if (onward.step.kind !== 'call' && onward.step.kind !== 'dispatch') continue;
      if (!names.has(isPending(onward.to) ? onward.to.name : nodeName(onward.to))) continue;
      const known = resolved(graph, onward).filter(({ to }) => nodeKey(to) !== key && nodes.has(nodeKey(to)));
      add(drawn, known);
    }
  }
}

/**
 * A way by the first in the text of choices that lead to the same, as a reader of the text would draw it: read, copy and
 * share a page are alike but for their order.
 */
export function firstInText(drawn: Drawn, way: readonly GraphEdge[]): GraphEdge[] {
  const { graph, edges } = drawn;
  const calls = [...edges.values()].filter((e) => e.kind === 'call');
  const out = [...way];
  for (let i = 0; i + 1 < out.length; i++) {
    const [one, next] = [out[i], out[i + 1]];
    if (one.kind !== 'call' || next.kind !== 'call' || one.place.file !== next.place.file) continue;
    const like = prototypeOf(graph, one.to);
    const [from, to] = [nodeKey(one.from), nodeKey(next.to)];
    for (const other of calls) {
      if (nodeKey(other.from) !== from || other.place.line >= out[i].place.line) continue;
      const fact = prototypeOf(graph, other.to);
      const on = calls.find((e) => nodeKey(e.from) === nodeKey(other.to) && nodeKey(e.to) === to);
      if (like && fact && on && isChoice(like, fact)) [out[i], out[i + 1]] = [other, on];
    }
  }
  return out;
}
