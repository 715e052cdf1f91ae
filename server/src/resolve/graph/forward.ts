/**
 * The call graph, forwards: what control gets to from a function, macro or slot. It knows the steps that a function's own
 * file tells, and what a slot's registrations do; those backwards (graph.ts) are all there are, and a search that uses
 * both misses nothing. What a name means takes longer to find than everything else, and is left for when it is asked.
 */

import { calleesOfMacro, eachCall } from '../../facts/calls.ts';
import type { FileFacts } from '../../facts/types.ts';
import { dispatchesOf } from '../../index/link/calls.ts';
import type { End } from '../../index/link/ends.ts';
import { flowsOf } from '../../index/link/flows.ts';
import { holderName, isHolder } from '../../index/link/holders.ts';
import { NameKind } from '../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { listsCalled } from '../dispatch/dispatches.ts';
import { type Definition, definitionOf } from '../names/scope.ts';
import { isSameSlot, type SlotSeen, slotSeen } from '../slots/slots.ts';
import type { Steps } from '../steps.ts';
import type { TreePlace } from '../world.ts';
import { edgesOfFlow } from './graph.ts';
import { listCallsFrom } from './lists.ts';
import {
  type Graph,
  type GraphEdge,
  type GraphNode,
  macrosOf,
  meaningOf,
  meaningsOf,
  nodeKey,
  type Onward,
  type Pending,
} from './nodes.ts';

/** Is the end of a step a name that is to be looked up? */
export const isPending = (to: GraphNode | Pending): to is Pending => !('kind' in to);

/** The steps that an onward one stands for: one for each meaning of its name. */
export function resolved(graph: Graph, { step, to }: Onward): GraphEdge[] {
  if (!isPending(to)) return [{ ...step, to }];
  const { name, file, macros } = to;
  const edges = meaningsOf(graph, name, file).map(
    (definition): GraphEdge => ({
      ...step,
      to: { kind: 'function', definition },
    }),
  );
  if (macros)
    for (const definition of macrosOf(graph, name, file))
      if (step.from.kind !== 'macro' || definition.name !== step.from.definition.name)
        edges.push({ ...step, to: { kind: 'macro', definition } });
  return edges;
}

/** Steps that lead on from a node, as far as its own file, or its slot, tells. */
export function* onwardSteps(graph: Graph, node: GraphNode): Steps<Onward[]> {
  const key = nodeKey(node);
  let steps = graph.onward.get(key);
  if (!steps) {
    steps = node.kind === 'slot' ? yield* held(graph, node) : called(graph, node);
    graph.onward.set(key, steps);
  }
  return steps;
}

/** A node that stands for code, not for a slot. */
type CodeNode = Exclude<GraphNode, { kind: 'slot' }>;

const NOTHING: GraphEdge['through'] = [];

const step = (from: GraphNode, kind: GraphEdge['kind'], place: TreePlace, by = ''): Onward['step'] => ({
  ...{ from, kind, place, by },
  ...{ evidence: 'typed', through: NOTHING, condition: null },
});

function called(graph: Graph, node: CodeNode): Onward[] {
  const { definition } = node;
  const { file } = definition;
  const facts = graph.index.facts(file);
  if (!facts) return [];
  if (node.kind === 'macro') {
    const macro = facts.macros.find((m) => m.name === definition.name && m.line === definition.line);
    const place = { file, line: definition.line, column: 0 };
    return [...new Set(macro ? calleesOfMacro(macro) : [])].map((name) => ({
      step: step(node, 'macro', place),
      to: { name, file, macros: true },
    }));
  }
  const n = facts.functions.findIndex((f) => f.line === definition.line && f.name === definition.name);
  if (n < 0) return [];
  const out: Onward[] = [];
  const seen = new Set<string>();
  for (const own of facts.calls)
    if (own.function === n)
      eachCall(own, (name, line) => {
        if (seen.has(name)) return;
        seen.add(name);
        const place = { file, line, column: 0 };
        out.push({ step: step(node, 'call', place), to: ownFunction(facts, name) ?? { name, file, macros: true } });
      });
  addThroughPointers(graph, node, facts, n, out);
  for (const { to, ...step } of listCallsFrom(graph, facts, n)) out.push({ step, to });
  return out;
}

/** The static function of the very file, where every configuration has it: it is what the name means there. */
function ownFunction(facts: FileFacts, name: string): GraphNode | null {
  const index = facts.functions.findIndex((f) => f.name === name);
  const own = facts.functions[index];
  if (!own?.static || own.condition !== null || facts.path.endsWith('.h')) return null;
  const { line, column, macro } = own;
  const definition = {
    name,
    kind: NameKind.Function,
    file: facts.path,
    line,
    column,
    static: own.static,
    macro,
    index,
  };
  return { kind: 'function', definition };
}

/** Calls through slots and pointers, and what is handed to functions that call it. */
function addThroughPointers(graph: Graph, from: CodeNode, facts: FileFacts, n: number, out: Onward[]): void {
  const sites = facts.sites.filter((s) => s.function === n);
  const flows = facts.flows.filter((f) => f.function === n);
  if (sites.length === 0 && flows.length === 0) return;
  const { path: file } = facts;
  const types = graph.index.typesFor(facts);
  const own: FileFacts = { ...facts, sites, flows };
  const found = flowsOf(own, types);
  for (const d of [...dispatchesOf(own, types), ...found.dispatches]) {
    if ((!d.owner && !isHolder(d.member)) || d.evidence === 'name') continue;
    const through = step(from, 'dispatch', { file, line: d.line, column: d.column }, holderName(d.member));
    for (const { owner, member } of listsCalled(graph.index, file, d))
      out.push({
        step: { ...through, bare: owner === '', evidence: d.evidence === 'flow' ? 'flow' : 'typed' },
        to: slotSeen(graph, { kind: 'slot', owner, member }, file),
      });
  }
  const key = nodeKey(from);
  for (const flow of found.flows)
    for (const to of nodesOf(graph, flow.from, file))
      for (const edge of edgesOfFlow(graph, to, flow, file))
        if (nodeKey(edge.from) === key) out.push({ step: edge, to });
}

/** The nodes that an end is by itself. */
function nodesOf(graph: Graph, end: End, file: string): GraphNode[] {
  if (end.kind === 'slot') return [slotSeen(graph, end, file)];
  if (end.kind !== 'name') return [];
  return meaningsOf(graph, end.name, file).map((definition) => ({ kind: 'function', definition }));
}

/** What stands in a slot: in its tables, and what functions put there. Each name of a file once. */
function* held(graph: Graph, node: GraphNode & { kind: 'slot' }): Steps<Onward[]> {
  const { index, architecture } = graph;
  const { owner, member } = node;
  if (!owner && !isHolder(member)) return [];
  const out: Onward[] = [];
  const seen = new Set<string>();
  for (const r of index.registrationsOfSlot(owner, member)) {
    if (r.kind === 'install') continue;
    yield;
    const file = index.pathOf(r.file);
    if (!sameDomain('kernel/*', domainOf(file), architecture) || !isSameSlot(graph, node, file)) continue;
    const key = `${r.target} ${file}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const { own } = r;
    const place = { file, line: r.targetLine, column: r.targetColumn };
    const definition =
      own?.kind === NameKind.Function && definitionOf(r.target, { ...own, file: r.file, type: '' }, file);
    out.push({
      step: {
        ...step(node, 'registered', place, r.variable),
        evidence: r.evidence === 'name' ? 'name' : 'typed',
        condition: r.condition,
      },
      to: definition ? { kind: 'function', definition } : { name: r.target, file, macros: false },
    });
  }
  yield;
  addPut(graph, node, node, null, [], out);
  return out;
}

const MAX_DEPTH = 6;
/** Functions put into one slot by others: more than this is no way that anybody follows. */
const MAX_PUT = 8000;

/** Adds what is put into an end: functions by name, and what those that put their own parameter there were handed. */
function addPut(
  graph: Graph,
  slot: SlotSeen,
  end: End,
  of: Definition | null,
  after: GraphEdge['through'],
  out: Onward[],
): void {
  const { index, architecture } = graph;
  for (const flow of index.flowsTo(end)) {
    if (out.length > MAX_PUT) return;
    const file = index.pathOf(flow.file);
    if (!sameDomain('kernel/*', domainOf(file), architecture)) continue;
    // another function, or variable, of the same name
    if (end.kind === 'slot' && !isSameSlot(graph, slot, file)) continue;
    if (of && meaningOf(graph, of.name, file)?.file !== of.file) continue;
    const place = { file, line: flow.line, column: flow.column };
    if (flow.from.kind === 'name')
      out.push({
        step: { ...step(slot, 'registered', place, flow.function), evidence: 'flow', through: after },
        to: { name: flow.from.name, file, macros: false },
      });
    else if (flow.from.kind === 'parameter' && flow.from.of.kind === 'name' && after.length < MAX_DEPTH) {
      const by = meaningOf(graph, flow.from.of.name, file);
      if (by && !after.some((t) => t.definition.name === by.name))
        addPut(graph, slot, flow.from, by, [{ definition: by, place }, ...after], out);
    }
  }
}
