/**
 * The call graph, backwards: from a function, macro or slot to what control comes from. A function is reached by its
 * name, by a macro, through the slots that it is registered in, and as an argument of a function that calls it.
 */

import type { End } from '../../index/link/ends.ts';
import { holderName, listOf } from '../../index/link/holders.ts';
import type { Flow } from '../../index/read/questions.ts';
import { type Caller, NameKind, type NamePosting } from '../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { initcallLevel } from '../../kernel/entries.ts';
import { callsOfSlot } from '../dispatch/dispatches.ts';
import { sightOf } from '../names/includes.ts';
import { type Definition, definitionOf } from '../names/scope.ts';
import { entryMacro } from '../slots/sections.ts';
import { callableUses, isSameSlot, type Registered, slotOfUse } from '../slots/slots.ts';
import { type Steps, toEnd } from '../steps.ts';
import { listCallsOf } from './lists.ts';
import {
  definedIn,
  functionNode,
  type Graph,
  type GraphEdge,
  type GraphNode,
  meaningOf,
  means,
  meansMacro,
  nodeKey,
  type Reach,
} from './nodes.ts';
import { reachOf } from './reach.ts';

const MAX_DEPTH = 6;

/** Edges that lead to a node. */
export const edgesInto = (graph: Graph, node: GraphNode): GraphEdge[] => toEnd(edgesIntoSteps(graph, node));

/** The same in steps: 20,000 functions call kfree(). */
export function* edgesIntoSteps(graph: Graph, node: GraphNode): Steps<GraphEdge[]> {
  const key = nodeKey(node);
  let edges = graph.edges.get(key);
  if (!edges) {
    edges = yield* findEdges(graph, node);
    graph.edges.set(key, edges);
  }
  return edges;
}

function* findEdges(graph: Graph, node: GraphNode): Steps<GraphEdge[]> {
  switch (node.kind) {
    case 'slot':
      return yield* dispatched(graph, node);
    case 'macro':
      return yield* direct(graph, node);
    case 'function': {
      const { definition } = node;
      const calls = yield* direct(graph, node);
      const end: End = { kind: 'name', name: definition.name };
      // code of another architecture may name what every one has: it hands it to nobody of this one
      const isOwn = (file: string) =>
        isPartOf(graph, file, definition.file) && means(graph, definition.name, file, definition);
      const handed = yield* byFlow(graph, node, end, isOwn);
      const uses = callableUses(graph, definition, definition.file);
      return [...calls, ...registered(graph, node, uses), ...handed, ...listCallsOf(graph, node, uses)];
    }
  }
}

/** A function that calls another one. Where it stands is looked up when that is asked: 20,000 functions call kfree(). */
function callerOf({ index }: Graph, { file: id, function: name, index: n }: Caller, file: string): Definition {
  let whole: Definition | null = null;
  const found = (): Definition => {
    const isIt = (p: NamePosting) => p.kind === NameKind.Function && p.file === id && p.index === n;
    const p = whole ? undefined : index.names(name).find(isIt);
    const none = { kind: NameKind.Function, line: 1, column: 1, index: n, flags: 0, file: id, type: '' };
    whole ??= definitionOf(name, p ?? none, file);
    return whole;
  };
  return {
    ...{ name, kind: NameKind.Function, file, index: n },
    get line() {
      return found().line;
    },
    get column() {
      return found().column;
    },
    get static() {
      return found().static;
    },
    get macro() {
      return found().macro;
    },
  };
}

/**
 * May code of `file` be part of what `of` is part of? The other way round, it would be of all architectures at once. A
 * program has of the kernel's own code what it #includes: lib/vdso/ is nothing else.
 */
function isPartOf(graph: Graph, file: string, of: string): boolean {
  const [domain, other] = [domainOf(of), domainOf(file)];
  if (sameDomain(domain, other, graph.architecture)) return true;
  return other.startsWith('program/') && of.endsWith('.c') && sightOf(graph, file)(of);
}

/** Calls by name. */
function* direct(graph: Graph, node: Exclude<GraphNode, { kind: 'slot' }>): Steps<GraphEdge[]> {
  const { index } = graph;
  const { definition } = node;
  const out: GraphEdge[] = [];
  for (const c of index.callersOf(definition.name)) {
    yield;
    const file = index.pathOf(c.file);
    if (!isPartOf(graph, file, definition.file)) continue;
    const isMeant = node.kind === 'function' ? means : meansMacro;
    if (!isMeant(graph, definition.name, file, definition)) continue;
    const caller = c.macro ? definedIn(graph, c.function, file, NameKind.Macro) : callerOf(graph, c, file);
    if (!caller) continue;
    const from: GraphNode = { kind: c.macro ? 'macro' : 'function', definition: caller };
    for (const line of c.lines)
      out.push({
        from,
        to: node,
        kind: c.macro ? 'macro' : 'call',
        place: { file, line, column: 0 },
        by: '',
        evidence: 'typed',
        through: [],
        condition: null,
      });
  }
  return out;
}

/** The slots that a function stands in. */
function registered(graph: Graph, node: GraphNode, uses: readonly Registered[]): GraphEdge[] {
  return uses.map((r) => ({
    from: slotOfUse(graph, r),
    to: node,
    kind: 'registered' as const,
    place: { file: r.filePath, line: r.targetLine, column: r.targetColumn },
    by: holderText(graph, r),
    evidence: r.evidence === 'name' ? ('name' as const) : ('typed' as const),
    through: [],
    condition: r.condition,
  }));
}

/** What a registration stands in, as the source says it: the table, an array's element, the macro of a section's entry. */
export function holderText(graph: Graph, r: Registered): string {
  if (!listOf(r.holder)) return r.path.startsWith('[') && !r.owner ? `${r.variable}${r.path}` : r.variable;
  const level = initcallLevel(r.variable, r.target);
  return `${entryMacro(graph.index, r) ?? r.variable}${level ? `, level ${level}` : ''}`;
}

/** Calls through a slot, and of what is taken out of it. */
function* dispatched(graph: Graph, node: GraphNode & { kind: 'slot' }): Steps<GraphEdge[]> {
  const { owner, member } = node;
  const out: GraphEdge[] = [];
  for (const d of callsOfSlot(graph, node, '')) {
    yield;
    const from = functionNode(graph, d.function, d.filePath);
    if (!from) continue;
    out.push({
      from,
      to: node,
      kind: 'dispatch',
      place: { file: d.filePath, line: d.line, column: d.column },
      by: holderName(member),
      bare: owner === '',
      evidence: d.evidence === 'name' ? 'name' : d.evidence === 'flow' ? 'flow' : 'typed',
      through: [],
      condition: null,
    });
  }
  const isMeant = (file: string) => isSameSlot(graph, node, file);
  return [...out, ...(yield* byFlow(graph, node, { kind: 'slot', owner, member }, isMeant))];
}

/** Ways of a pointer to `to` that starts from `end`: into functions that call it, and into slots. */
function* byFlow(
  graph: Graph,
  to: GraphNode,
  end: End,
  isMeant: (file: string) => boolean,
  depth = 0,
): Steps<GraphEdge[]> {
  const { index } = graph;
  const out: GraphEdge[] = [];
  for (const flow of index.flowsFrom(end)) {
    yield;
    const file = index.pathOf(flow.file);
    if (!isMeant(file)) continue;
    if (flow.to.kind === 'result') {
      if (depth < MAX_DEPTH) out.push(...(yield* returned(graph, to, flow, file, depth)));
    } else out.push(...edgesOfFlow(graph, to, flow, file));
  }
  return out;
}

/** Ways of what a function returns: into those that call it. */
function* returned(graph: Graph, to: GraphNode, flow: Flow, file: string, depth: number): Steps<GraphEdge[]> {
  const by = meaningOf(graph, flow.function, file);
  if (!by) return [];
  const here = { definition: by, place: { file, line: flow.line, column: flow.column }, returns: true as const };
  const edges = yield* byFlow(graph, to, flow.to, (user) => means(graph, by.name, user, by), depth + 1);
  return edges.map((edge) => ({ ...edge, through: [here, ...edge.through] }));
}

/** The edges of one step that is not a return: a call there, or what it is handed to does with it. */
export function edgesOfFlow(graph: Graph, to: GraphNode, flow: Omit<Flow, 'file'>, file: string): GraphEdge[] {
  const place = { file, line: flow.line, column: flow.column };
  const from = functionNode(graph, flow.function, file);
  const common = { to, place, by: '', evidence: 'flow' as const, condition: null };
  if (flow.to.kind === 'called') return from ? [{ ...common, from, kind: 'pointer', through: [] }] : [];
  const { calls, slots } = reachOf(graph, flow.to, file, place);
  const out: GraphEdge[] = [];
  if (from) for (const { through } of distinctEnds(calls)) out.push({ ...common, from, kind: 'argument', through });
  for (const { slot, through } of slots)
    out.push({ ...common, from: slot, kind: 'registered', by: flow.function, through });
  return out;
}

/** Of several ways through the same functions, one. */
function distinctEnds(calls: Reach['calls']): Reach['calls'] {
  const seen = new Set<string>();
  return calls.filter(({ through }) => {
    const key = through.map((t) => `${t.definition.name} ${t.definition.file}`).join();
    return seen.has(key) ? false : seen.add(key);
  });
}
