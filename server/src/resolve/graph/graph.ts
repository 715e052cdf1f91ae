/**
 * The call graph, backwards: from a function, macro or slot to what control comes from. A function is reached by its
 * name, by a macro, through the slots that it is registered in, and as an argument of a function that calls it.
 */

import { RETURNED } from '../../index/link/flows.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { NameKind, slotKey } from '../../index/store/postings.ts';
import { domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { dispatchesOf } from '../dispatch/dispatches.ts';
import { alternativesFrom, type Definition, definitionOf, definitionsFrom } from '../names/scope.ts';
import { slotAnswer, usesOf } from '../slots/slots.ts';
import { type Steps, toEnd } from '../steps.ts';
import type { World } from '../world.ts';

/** A place in the tree: 1-based line, 1-based byte column (0: the line as a whole). */
export interface Place {
  file: string;
  line: number;
  column: number;
}

export type GraphNode =
  | { kind: 'function'; definition: Definition }
  | { kind: 'macro'; definition: Definition }
  /** the slot a function stands in; an empty owner is a bare pointer, whose name is `member` */
  | { kind: 'slot'; owner: string; member: string };

export type EdgeKind =
  /** a call by name */
  | 'call'
  /** a macro's body calls it */
  | 'macro'
  /** a function stands in a slot */
  | 'registered'
  /** a call through a slot */
  | 'dispatch'
  /** handed over as an argument to a function that calls it */
  | 'argument'
  /** a call of a local pointer that holds it */
  | 'pointer';

export interface GraphEdge {
  /** where control comes from, and where it gets to */
  from: GraphNode;
  to: GraphNode;
  kind: EdgeKind;
  /** of the call, the registration or the argument */
  place: Place;
  /** what it goes by: the table, the expression, the member */
  by: string;
  evidence: 'typed' | 'flow' | 'name';
  /** functions between both ends: those the pointer is handed to, the last one calls it */
  through: { definition: Definition; place: Place }[];
  condition: string | null;
}

/** A graph over one index, for one architecture. What it finds out it keeps for as long as it lives: one question. */
export interface Graph {
  index: IndexReader;
  architecture: string;
  /** edges that lead to a node */
  into(node: GraphNode): GraphEdge[];
  /** the same in steps: 20,000 functions call kfree() */
  intoSteps(node: GraphNode): Steps<GraphEdge[]>;
}

const MAX_DEPTH = 6;
/** A slot with more functions than this tells nothing about one of their parameters. */
const MAX_TARGETS = 40;

/** Text that tells nodes apart. */
export const nodeKey = (node: GraphNode): string =>
  node.kind === 'slot'
    ? `${node.owner}.${node.member}`
    : `${node.kind[0]} ${node.definition.name} ${node.definition.file}:${node.definition.line}`;

/** What a node is called in lists. */
export const nodeName = (node: GraphNode): string =>
  node.kind === 'slot' ? (node.owner ? `${node.owner}.${node.member}` : node.member) : node.definition.name;

/** Where a pointer that a parameter holds goes: functions that call it, slots it is put into. */
interface Reach {
  calls: { through: GraphEdge['through'] }[];
  slots: { owner: string; member: string; through: GraphEdge['through']; place: Place }[];
}

/** Opens a graph. */
export function openGraph(world: World): Graph {
  const { index, architecture } = world;
  const meant = new Map<string, Definition[]>();
  /** The functions that `name` means in a file, one in each configuration. */
  const meanings = (name: string, file: string): Definition[] => {
    const key = `${name}\0${file}`;
    let found = meant.get(key);
    if (found === undefined) {
      found = alternativesFrom(world, name, file);
      meant.set(key, found);
    }
    return found;
  };
  const meaning = (name: string, file: string): Definition | null => meanings(name, file)[0] ?? null;
  const means = (name: string, file: string, definition: Definition): boolean =>
    meanings(name, file).some((d) => same(d, definition));
  const macroFiles = new Map<string, string | null>();
  /** The file of the macro that `name` means in a file. */
  const macroFile = (name: string, file: string): string | null => {
    const key = `${name}\0${file}`;
    let found = macroFiles.get(key);
    if (found === undefined) {
      const macro = macroNode(world, name, file);
      found = macro && macro.kind !== 'slot' ? macro.definition.file : null;
      macroFiles.set(key, found);
    }
    return found;
  };
  const defined = new Map<string, Definition | null>();
  /** The definition of a name that stands in a file. */
  const definedIn = (name: string, file: string, kind: NameKind): Definition | null => {
    const key = `${kind} ${name}\0${file}`;
    let d = defined.get(key);
    if (d === undefined) {
      const p = index.names(name).find((n) => n.kind === kind && index.pathOf(n.file) === file);
      d = p ? definitionOf(name, p, file) : null;
      defined.set(key, d);
    }
    return d;
  };
  const same = (a: Definition, b: Definition): boolean => a.file === b.file && a.line === b.line;
  const isSeen = (file: string, from: string): boolean => sameDomain(domainOf(from), domainOf(file), architecture);
  const functionNode = (name: string, file: string): GraphNode | null => {
    const definition = definedIn(name, file, NameKind.Function);
    return definition && { kind: 'function', definition };
  };

  const reaches = new Map<string, Reach>();
  const reach = (fn: Definition, argument: number, depth = 0): Reach => {
    const key = `${fn.name}#${argument} ${fn.file}`;
    const known = reaches.get(key);
    if (known) return known;
    const out: Reach = { calls: [], slots: [] };
    // one that comes back to itself adds nothing
    reaches.set(key, out);
    if (depth > MAX_DEPTH) return out;
    for (const flow of index.flowsFrom(`${fn.name}#${argument}`)) {
      const file = index.pathOf(flow.file);
      if (file !== fn.file) continue;
      const place = { file, line: flow.line, column: flow.column };
      const here = { definition: fn, place };
      if (flow.to === '') out.calls.push({ through: [here] });
      else add(out, follow(flow.to, file, place, depth + 1), [here]);
    }
    return out;
  };
  const add = (out: Reach, inner: Reach, before: GraphEdge['through']): void => {
    for (const c of inner.calls) out.calls.push({ through: [...before, ...c.through] });
    for (const s of inner.slots) out.slots.push({ ...s, through: [...before, ...s.through] });
  };
  /** Where a pointer goes that is put into `end`: a parameter or a slot. */
  const follow = (end: string, file: string, place: Place, depth: number): Reach => {
    const hash = end.lastIndexOf('#');
    const name = hash < 0 ? end : end.slice(0, hash);
    const dot = name.indexOf('.');
    if (hash < 0)
      return dot < 0
        ? { calls: [], slots: [] }
        : { calls: [], slots: [{ owner: name.slice(0, dot), member: name.slice(dot + 1), through: [], place }] };
    const argument = Number(end.slice(hash + 1));
    if (dot < 0) {
      const fn = meaning(name, file);
      return fn ? reach(fn, argument, depth) : { calls: [], slots: [] };
    }
    const out: Reach = { calls: [], slots: [] };
    const { implementations } = slotAnswer(world, name.slice(0, dot), name.slice(dot + 1), file);
    if (implementations.length <= MAX_TARGETS)
      for (const i of implementations) add(out, reach(i.definition, argument, depth + 1), []);
    return out;
  };

  /** Ways of a pointer to `to` that starts from `end`: into functions that call it, and into slots. */
  function* byFlow(to: GraphNode, end: string, isMeant: (file: string) => boolean, depth = 0): Steps<GraphEdge[]> {
    const out: GraphEdge[] = [];
    for (const flow of index.flowsFrom(end)) {
      yield;
      const file = index.pathOf(flow.file);
      if (!isMeant(file)) continue;
      const place = { file, line: flow.line, column: flow.column };
      const from = functionNode(flow.function, file);
      const common = { to, place, by: '', evidence: 'flow' as const, condition: null };
      if (flow.to === '') {
        if (from) out.push({ ...common, from, kind: 'pointer', through: [] });
        continue;
      }
      if (flow.to.endsWith(`#${RETURNED}`)) {
        const by = depth < MAX_DEPTH ? meaning(flow.function, file) : null;
        const isSame = (user: string) => by !== null && means(by.name, user, by);
        if (by)
          for (const edge of yield* byFlow(to, flow.to, isSame, depth + 1))
            out.push({ ...edge, through: [{ definition: by, place }, ...edge.through] });
        continue;
      }
      const { calls, slots } = follow(flow.to, file, place, 0);
      for (const { through } of distinctEnds(calls)) if (from) out.push({ ...common, from, kind: 'argument', through });
      for (const s of slots)
        out.push({
          ...common,
          from: { kind: 'slot', owner: s.owner, member: s.member },
          kind: 'registered',
          by: flow.function,
          through: s.through,
        });
    }
    return out;
  }

  function* direct(node: Exclude<GraphNode, { kind: 'slot' }>): Steps<GraphEdge[]> {
    const { definition } = node;
    const out: GraphEdge[] = [];
    for (const c of index.callersOf(definition.name)) {
      yield;
      const file = index.pathOf(c.file);
      if (!isSeen(file, definition.file) && !isSeen(definition.file, file)) continue;
      if (
        node.kind === 'function'
          ? !means(definition.name, file, definition)
          : macroFile(definition.name, file) !== definition.file
      )
        continue;
      const caller = definedIn(c.function, file, c.macro ? NameKind.Macro : NameKind.Function);
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

  const registered = (node: GraphNode & { kind: 'function' }): GraphEdge[] => {
    const { definition } = node;
    return usesOf(world, definition, definition.file).registrations.flatMap((r) =>
      r.kind === 'install'
        ? []
        : [
            {
              from: { kind: 'slot' as const, owner: r.owner, member: r.owner ? r.member : r.variable },
              to: node,
              kind: 'registered' as const,
              place: { file: r.filePath, line: r.targetLine, column: r.targetColumn },
              by: r.variable,
              evidence: r.evidence === 'name' ? ('name' as const) : ('typed' as const),
              through: [],
              condition: r.condition,
            },
          ],
    );
  };

  function* dispatched(node: GraphNode & { kind: 'slot' }): Steps<GraphEdge[]> {
    if (!node.owner) return [];
    const { sites } = dispatchesOf(world, node.owner, node.member, '');
    const out: GraphEdge[] = [];
    for (const d of sites) {
      yield;
      const from = functionNode(d.function, d.filePath);
      if (!from) continue;
      out.push({
        from,
        to: node,
        kind: 'dispatch',
        place: { file: d.filePath, line: d.line, column: d.column },
        by: node.member,
        evidence: d.evidence === 'name' ? 'name' : d.evidence === 'flow' ? 'flow' : 'typed',
        through: [],
        condition: null,
      });
    }
    return [...out, ...(yield* byFlow(node, slotKey(node.owner, node.member), () => true))];
  }

  const known = new Map<string, GraphEdge[]>();
  function* intoSteps(node: GraphNode): Steps<GraphEdge[]> {
    const key = nodeKey(node);
    let edges = known.get(key);
    if (!edges) {
      if (node.kind === 'slot') edges = yield* dispatched(node);
      else if (node.kind === 'macro') edges = yield* direct(node);
      else {
        const { definition } = node;
        edges = [
          ...(yield* direct(node)),
          ...registered(node),
          ...(yield* byFlow(node, definition.name, (file) => means(definition.name, file, definition))),
        ];
      }
      known.set(key, edges);
    }
    return edges;
  }
  return { index, architecture, into: (node) => toEnd(intoSteps(node)), intoSteps };
}

/** Of several ways through the same functions, one. */
function distinctEnds(calls: Reach['calls']): Reach['calls'] {
  const seen = new Set<string>();
  return calls.filter(({ through }) => {
    const key = through.map((t) => `${t.definition.name} ${t.definition.file}`).join();
    return seen.has(key) ? false : seen.add(key);
  });
}

/** The macro that a name stands for in a file; null where it is none. */
export function macroNode(world: World, name: string, from: string): GraphNode | null {
  // one of a header that only its own folder sees is no macro elsewhere
  const definition = definitionsFrom(world, name, from, [NameKind.Macro]).find(
    ({ file }) =>
      file === from ||
      file.startsWith('include/') ||
      /^arch\/\w+\/include\//.test(file) ||
      from.startsWith(`${folderOf(file)}/`),
  );
  return definition ? { kind: 'macro', definition } : null;
}
