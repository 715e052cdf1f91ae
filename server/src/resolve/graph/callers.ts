/**
 * Who calls a function or a slot: by name, and by way of pointers. Each answer is a call, at its own place; `through` tells
 * where the function was registered, stored or handed over on its way there.
 */

import { holderName, listOf } from '../../index/link/holders.ts';
import { NameKind } from '../../index/store/postings.ts';
import { callsOfSlot } from '../dispatch/dispatches.ts';
import type { SiteFile } from '../dispatch/receiverOrigin.ts';
import { mayGetTo, siteAt, siteFile } from '../dispatch/targets.ts';
import { openWays, type Step, stepsFrom, stopKey, type Visited, walk, wayTo } from '../dispatch/ways.ts';
import type { Definition } from '../names/scope.ts';
import type { TreePlace } from '../world.ts';
import { edgesInto, holderText } from './graph.ts';
import { definedIn, functionNode, type Graph, type GraphEdge, type GraphNode, nodeKey } from './nodes.ts';

/** Calls of a slot that are held against what their table can be; of more than this each costs too much. */
const MAX_CHECKED = 100;

/**
 * The calls that may run what a node stands for, each once by the shortest way. Where a function stands in a slot that
 * nothing is known to call, that registration is the answer.
 */
export function callersOf(graph: Graph, node: GraphNode): GraphEdge[] {
  const direct = edgesInto(graph, node);
  const named = direct.filter((e) => e.kind === 'call' || e.kind === 'macro' || isThroughList(e));
  if (node.kind === 'macro') return named;
  const { calls, called } = pointerCalls(graph, node);
  const open = direct.filter((e) => e.kind === 'registered' && isOpen(e, called));
  return [...named, ...calls, ...open];
}

/** Does an edge come from the head of a list that the function's objects are on? */
const isThroughList = (e: GraphEdge): boolean => e.kind === 'argument' && e.by !== '';

/** Is no call known of what stands in a slot? An array that a function fills is handed on as a whole. */
const isOpen = ({ from }: GraphEdge, called: ReadonlySet<string>): boolean =>
  !called.has(nodeKey(from)) && (called.size === 0 || from.kind !== 'slot' || from.owner !== '');

/** Calls by way of pointers, and the stops that some of them go by. */
interface PointerCalls {
  calls: GraphEdge[];
  called: Set<string>;
}

function pointerCalls(graph: Graph, node: Exclude<GraphNode, { kind: 'macro' }>): PointerCalls {
  const file = node.kind === 'function' ? node.definition.file : '';
  const ways = openWays(graph, file);
  const files = new Map<string, SiteFile | null>();
  const found = new Map<string, GraphEdge>();
  const called = new Set<string>();
  const add = (at: Visited, caller: string, edge: Pick<GraphEdge, 'place' | 'kind' | 'by' | 'bare'>) => {
    const from = functionNode(graph, caller, edge.place.file);
    if (!from) return;
    for (let v: Visited | null = at; v; v = v.from) called.add(stopKey(v.stop));
    const { file: of, line, column } = edge.place;
    const key = `${of}:${line}:${column} ${caller}`;
    if (found.has(key)) return;
    const steps = wayTo(at);
    const isTyped = edge.kind === 'dispatch' && steps.every((s) => s.registrations.some((r) => r.evidence !== 'name'));
    const condition = steps[0]?.registrations[0]?.condition ?? null;
    const through = throughOf(graph, steps);
    found.set(key, { ...edge, from, to: node, evidence: isTyped ? 'typed' : 'flow', through, condition });
  };
  for (const at of walk([node], (stop) => stepsFrom(ways, stop).steps)) {
    const { stop } = at;
    if (stop.kind === 'slot') {
      const sites = callsOfSlot(graph, stop, file).filter((s) => s.evidence !== 'name');
      for (const s of sites) {
        const place = { file: s.filePath, line: s.line, column: s.column };
        const isChecked = node.kind === 'function' && sites.length <= MAX_CHECKED;
        if (isChecked && !leadsTo(graph, files, place, holderName(stop.member), node.definition)) continue;
        add(at, s.function, { place, kind: 'dispatch', by: holderName(stop.member), bare: stop.owner === '' });
      }
    }
    for (const { place, caller } of stepsFrom(ways, stop).calls) add(at, caller, { place, kind: 'pointer', by: '' });
  }
  return { calls: [...found.values()], called };
}

/** May the dispatch at a place get to a function that stands in its slot? */
function leadsTo(
  graph: Graph,
  files: Map<string, SiteFile | null>,
  place: TreePlace,
  member: string,
  d: Definition,
): boolean {
  let file = files.get(place.file);
  if (file === undefined) {
    const facts = graph.index.facts(place.file);
    file = facts && siteFile(graph, facts);
    files.set(place.file, file);
  }
  const site = file && siteAt(file.facts, place, member);
  return !file || !site || mayGetTo(file, site, d);
}

/** Functions and tables on the way to a call, each with the place where it takes or hands on the pointer. */
const throughOf = (graph: Graph, steps: readonly Step[]): GraphEdge['through'] =>
  steps.flatMap(({ by, place, registrations: [r] }) => {
    const definition =
      definedIn(graph, by, place.file, NameKind.Function) ?? definedIn(graph, by, place.file, NameKind.Variable);
    if (!definition) return [];
    // nobody wrote the name of a section's entry, but the macro that makes it
    return [{ definition: r && listOf(r.holder) ? { ...definition, name: holderText(graph, r) } : definition, place }];
  });
