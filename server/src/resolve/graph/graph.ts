/**
 * The call graph, backwards: from a function, macro or slot to what control comes from. A function is reached by its
 * name, by a macro, through the slots that it is registered in, and as an argument of a function that calls it.
 */

import type { End } from '../../index/link/ends.ts';
import { holderName, isHolder, listOf } from '../../index/link/holders.ts';
import type { Flow } from '../../index/read/questions.ts';
import { NameKind } from '../../index/store/postings.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { initcallLevel, isInitcall } from '../../kernel/entries.ts';
import { dispatchesSeen } from '../dispatch/dispatches.ts';
import { sightOf } from '../names/includes.ts';
import { type Definition, definitionOf } from '../names/scope.ts';
import { entryMacro, groupsCalled } from '../slots/sections.ts';
import { holderFile, type Registered, usesOf } from '../slots/slots.ts';
import { type Steps, toEnd } from '../steps.ts';
import {
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
      const handed = yield* byFlow(graph, node, end, (file) => means(graph, definition.name, file, definition));
      return [...calls, ...registered(graph, node), ...handed];
    }
  }
}

/** The definition of a name that stands in a file. */
function definedIn({ index, defined }: Graph, name: string, file: string, kind: NameKind): Definition | null {
  const key = `${kind} ${name}\0${file}`;
  let d = defined.get(key);
  if (d === undefined) {
    const p = index.names(name).find((n) => n.kind === kind && index.pathOf(n.file) === file);
    d = p ? definitionOf(name, p, file) : null;
    defined.set(key, d);
  }
  return d;
}

function functionNode(graph: Graph, name: string, file: string): GraphNode | null {
  const definition = definedIn(graph, name, file, NameKind.Function);
  return definition && { kind: 'function', definition };
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
    const caller = definedIn(graph, c.function, file, c.macro ? NameKind.Macro : NameKind.Function);
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

/** Does some code call pointers of a list's type? */
const isCalledList = ({ index }: Graph, member: string): boolean =>
  index.dispatchesOfSlot('', `(${listOf(member)?.type})`).length > 0;

/** The slots that a function stands in. */
function registered(graph: Graph, node: GraphNode & { kind: 'function' }): GraphEdge[] {
  const { definition } = node;
  const { registrations, entries } = usesOf(graph, definition, definition.file);
  // of what macros note in sections, what is called by going through one
  const called = entries.filter((r) => listOf(r.holder) && (isInitcall(r.variable) || isCalledList(graph, r.holder)));
  return [...registrations, ...called].flatMap((r) =>
    r.kind === 'install'
      ? []
      : [
          {
            from: slotNode(graph, r),
            to: node,
            kind: 'registered' as const,
            place: { file: r.filePath, line: r.targetLine, column: r.targetColumn },
            by: holderText(graph, r, called.includes(r)),
            evidence: r.evidence === 'name' ? ('name' as const) : ('typed' as const),
            through: [],
            condition: r.condition,
          },
        ],
  );
}

/** The slot that a registration puts its function into. */
function slotNode(graph: Graph, r: Registered): GraphNode {
  if (!r.holder) return { kind: 'slot', owner: r.owner, member: r.member };
  return { kind: 'slot', owner: '', member: r.holder, file: holderFile(graph, r.holder, r.filePath) };
}

/** What a registration stands in, as the source says it: the table, an array's element, the macro of a section's entry. */
function holderText(graph: Graph, r: Registered, isEntry: boolean): string {
  if (!isEntry) return r.path.startsWith('[') && !r.owner ? `${r.variable}${r.path}` : r.variable;
  const level = initcallLevel(r.variable, r.target);
  return `${entryMacro(graph.index, r) ?? r.variable}${level ? `, level ${level}` : ''}`;
}

/** Calls through a slot, and of what is taken out of it. */
function* dispatched(graph: Graph, node: GraphNode & { kind: 'slot' }): Steps<GraphEdge[]> {
  const { owner, member } = node;
  if (!owner && !isHolder(member)) return [];
  const out: GraphEdge[] = [];
  const list = owner ? null : listOf(member);
  const called = list ? `(${list.type})` : member;
  for (const d of dispatchesSeen(graph, owner, called, '').sites) {
    yield;
    if (!owner && holderFile(graph, member, d.filePath) !== (node.file ?? '')) continue;
    if (list && !groupsCalled(graph.index, d.filePath, d.function).includes(list.group)) continue;
    const from = functionNode(graph, d.function, d.filePath);
    if (!from) continue;
    out.push({
      from,
      to: node,
      kind: 'dispatch',
      place: { file: d.filePath, line: d.line, column: d.column },
      by: holderName(member),
      evidence: d.evidence === 'name' ? 'name' : d.evidence === 'flow' ? 'flow' : 'typed',
      through: [],
      condition: null,
    });
  }
  const isMeant = (file: string) => owner !== '' || holderFile(graph, member, file) === (node.file ?? '');
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
  const here = { definition: by, place: { file, line: flow.line, column: flow.column } };
  const edges = yield* byFlow(graph, to, flow.to, (user) => means(graph, by.name, user, by), depth + 1);
  return edges.map((edge) => ({ ...edge, through: [here, ...edge.through] }));
}

/** The edges of one step that is not a return: a call there, or what it is handed to does with it. */
function edgesOfFlow(graph: Graph, to: GraphNode, flow: Flow, file: string): GraphEdge[] {
  const place = { file, line: flow.line, column: flow.column };
  const from = functionNode(graph, flow.function, file);
  const common = { to, place, by: '', evidence: 'flow' as const, condition: null };
  if (flow.to.kind === 'called') return from ? [{ ...common, from, kind: 'pointer', through: [] }] : [];
  const { calls, slots } = reachOf(graph, flow.to, file, place);
  const out: GraphEdge[] = [];
  if (from) for (const { through } of distinctEnds(calls)) out.push({ ...common, from, kind: 'argument', through });
  for (const { owner, member, through } of slots)
    out.push({ ...common, from: { kind: 'slot', owner, member }, kind: 'registered', by: flow.function, through });
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
