/**
 * Maps: the ways from where control comes in to the interfaces that a part of the kernel gets to, with the choices at each
 * dispatch. Beginnings and goals are the kernel's conventions (kernel/maps.ts); the ways between are searched in the tree.
 */

import { findField } from '../../../index/types/typing.ts';
import type { MapGoal, MapPlan } from '../../../kernel/maps.ts';
import { writtenName } from '../../names/symbols.ts';
import type { Steps } from '../../steps.ts';
import type { World } from '../../world.ts';
import { ownParts, subjectOf } from '../costs.ts';
import { nodesNamed } from '../named.ts';
import { type Graph, type GraphEdge, type GraphNode, nodeName } from '../nodes.ts';
import { findPathsSteps } from '../paths.ts';
import { rootKind } from '../roots.ts';
import { chainFrom, search } from '../search.ts';
import { add, addBetween, addChoices, addTargets, type Drawn, firstInText } from './choices.ts';

/** A map as it was found in a tree. */
export interface GraphMap {
  /** steps of its ways, then the choices beside them; each once */
  edges: GraphEdge[];
  /** the steps of the main way, from the entry to the first goal that is there */
  main: GraphEdge[];
  /** by `nodeKey` of a slot, how many functions stand in it beside those among `edges` */
  more: Map<string, number>;
  /** down from the architecture to where the map begins */
  entries: GraphEdge[][];
  /** the goals that the tree has, each with the way there */
  ways: { goal: MapGoal; edges: GraphEdge[] }[];
  remarks: string[];
}

/** How a map is looked for. */
export interface MapOptions {
  /** subsystems whose tables come first: `ext4` */
  context: readonly string[];
  /** milliseconds for all of it */
  timeLimit: number;
  isCancelled?: () => boolean;
}

/** Milliseconds that looking for the entry may take. */
const ENTRY_MS = 5000;
/** Milliseconds that looking for a better way may take once there is one. */
const IMPROVE_MS = 150;

/** The first of some names that the tree has, and what it means; null where it has none. */
function meant(world: World, names: readonly string[]): { name: string; nodes: GraphNode[] } | null {
  for (const name of names) {
    const nodes = nodesNamed(world, name).filter((node) => node.kind !== 'slot' || isMember(world, name));
    if (nodes.length > 0) return { name, nodes };
  }
  return null;
}

function isMember({ index: { types } }: World, name: string): boolean {
  const { owner, name: member } = writtenName(name);
  return types.recordsByTag(owner).some((record) => findField(types, record, member) !== null);
}

/** Looks for a map's ways; where the tree has no such beginning, there are no edges, and a remark says so. */
export function* mapSteps(graph: Graph, plan: MapPlan, options: MapOptions): Steps<GraphMap> {
  const drawn: Drawn = { graph, edges: new Map(), remarks: [] };
  const more = new Map<string, number>();
  const ways: GraphMap['ways'] = [];
  const end = Date.now() + options.timeLimit;
  const start = meant(graph, plan.start);
  const done = (main: GraphEdge[], entries: GraphEdge[][]): GraphMap => {
    return { edges: [...drawn.edges.values()], main, more, entries, ways, remarks: drawn.remarks };
  };
  if (!start) {
    drawn.remarks.push(`There is no ${plan.start.join(' or ')} in this tree.`);
    return done([], []);
  }
  tellOther(drawn, plan.start, start.name);
  const entries = plan.above ? yield* entryAbove(drawn, start.nodes, options) : [];
  let main: GraphEdge[] = [];
  for (const goal of plan.goals) {
    if (options.isCancelled?.()) break;
    const way = yield* wayTo(drawn, start, goal, { ...options, timeLimit: Math.max(100, end - Date.now()) });
    if (!way) continue;
    add(drawn, way);
    ways.push({ goal, edges: way });
    if (main.length === 0 && !goal.from) main = [...(entries[0] ?? []), ...way];
  }
  for (const entry of entries) add(drawn, entry);
  yield* addChoices(drawn);
  yield* addTargets(drawn, options.context, more);
  yield* addBetween(drawn);
  for (const way of ways) way.edges = firstInText(drawn, way.edges);
  return done(firstInText(drawn, main), entries);
}

/** Says that a tree has something under an older name, or a newer one. */
function tellOther({ remarks }: Drawn, names: readonly string[], found: string): void {
  if (found === names[0]) return;
  const text = `${names[0]} is ${found} in this tree.`;
  if (!remarks.includes(text)) remarks.push(text);
}

/** The way to a goal; null where the tree has no such thing, or nothing is known to lead there. Both are remarked. */
function* wayTo(
  drawn: Drawn,
  start: { name: string; nodes: GraphNode[] },
  goal: MapGoal,
  options: MapOptions,
): Steps<GraphEdge[] | null> {
  const { graph, remarks } = drawn;
  const stops = [...(goal.through ?? []), goal.names].map((names) => ({ names, found: meant(graph, names) }));
  const from = goal.from ? meant(graph, goal.from) : start;
  const missing = stops.find(({ found }) => !found)?.names ?? (from ? null : goal.from);
  if (missing || !from) {
    const text = `This tree has no ${(missing ?? []).join(' or ')}.`;
    if (!remarks.includes(text)) remarks.push(text);
    return null;
  }
  const nodes: GraphNode[][] = [];
  for (const { names, found } of stops) {
    tellOther(drawn, names, found?.name ?? names[0]);
    nodes.push(found?.nodes ?? []);
  }
  const [to] = nodes.slice(-1);
  const result = yield* findPathsSteps(graph, from.nodes, to, {
    ...{ max: 1, context: options.context, improve: IMPROVE_MS },
    timeLimit: options.timeLimit,
    isCancelled: options.isCancelled,
    through: nodes.slice(0, -1),
  });
  const [chain] = result.found;
  if (chain) return chain.edges;
  const name = stops[stops.length - 1].found?.name;
  remarks.push(`No way from ${from.name} to ${name} ${result.complete ? 'is known' : 'was found in time'}.`);
  return null;
}

/** The way from the architecture's nearest entry down to a map's beginning: an exception, an interrupt, or what nothing is known to call. */
function* entryAbove(
  { graph, remarks }: Drawn,
  to: readonly GraphNode[],
  { context, timeLimit, isCancelled }: MapOptions,
): Steps<GraphEdge[][]> {
  const inArch = (node: GraphNode): boolean =>
    node.kind !== 'slot' && node.definition.file.startsWith(`arch/${graph.architecture}/`);
  const [start] = to;
  const limits = {
    ...{ timeLimit: Math.min(ENTRY_MS, timeLimit), isCancelled, refused: new Set<string>() },
    subject: subjectOf(ownParts([start], context), [start]),
  };
  const result = yield* search(graph, start, limits, (node, edges) => {
    const kind = inArch(node) ? rootKind(graph, node) : null;
    const isEntry = kind === 'exception' || kind === 'assembly' || kind === 'interrupt';
    // an entry that only assembly's macros name is what nothing is known to call
    return isEntry || (inArch(node) && edges.length === 0) ? 'enough' : 'go on';
  });
  const chains = result.found.map((key) => chainFrom(result.reached, key)).filter((chain) => chain.length > 0);
  if (chains.length === 0) remarks.push(`No entry of ${graph.architecture} was found above ${nodeName(start)}.`);
  return chains;
}
