/**
 * Call hierarchy, through function pointers: between a caller and the functions that it may get to stands the slot, which
 * opens into them; what many functions stand in opens by folder.
 */
import {
  type CallHierarchyIncomingCall,
  type CallHierarchyItem,
  type CallHierarchyOutgoingCall,
  type Range,
  SymbolKind,
} from 'vscode-languageserver';
import { NameKind } from '../../index/store/postings.ts';
import { readTreeText } from '../../index/treeFiles.ts';
import { findField } from '../../index/types/typing.ts';
import { folderOf } from '../../kernel/domain.ts';
import { byFolder, nearnessTo } from '../../kernel/proximity.ts';
import { slotOfSite, targetsAt } from '../../resolve/dispatch/targets.ts';
import {
  type GraphEdge,
  type GraphNode,
  macroNode,
  nodeKey,
  nodeName,
  openGraph,
  type Place,
} from '../../resolve/graph/graph.ts';
import { type Definition, functionFrom } from '../../resolve/names/scope.ts';
import { slotAnswer } from '../../resolve/slots/slots.ts';
import type { Steps } from '../../resolve/steps.ts';
import { count } from '../markdown.ts';
import { entityOf, type Request, rangeOf, uriOf } from '../request.ts';

type View = Omit<Request, 'file'>;

/** What an item carries: which node it is, and from where it is looked at. */
export type ItemData =
  | { kind: 'function' | 'macro'; name: string; file: string; line: number; column: number }
  | { kind: 'slot'; owner: string; member: string; from: string; folder: string | null }
  /** a pointer that is called: a parameter or local, at its place */
  | { kind: 'pointer'; name: string; file: string; line: number; column: number };

/** More functions than this in a slot open by folder. */
const MANY = 40;

/** The function, macro or slot at a place (1-based line, byte column). */
export function prepareCallHierarchy(request: Request, line: number, column: number): CallHierarchyItem[] | null {
  const entity = entityOf(request, line, column);
  switch (entity?.kind) {
    case 'function':
      return [functionItem(request, entity.definition)];
    case 'slot':
      return entity.owner ? [slotItem(request, entity.owner, entity.member, request.file.path)] : null;
    case 'name': {
      const macro = entity.definitions.find((d) => d.kind === NameKind.Macro);
      return macro ? [functionItem(request, macro)] : null;
    }
    default:
      return null;
  }
}

function functionItem(request: View, d: Definition): CallHierarchyItem {
  const isMacro = d.kind === NameKind.Macro;
  const range = rangeOf(request, d, d.name.length);
  return {
    name: d.name,
    kind: isMacro ? SymbolKind.Constant : SymbolKind.Function,
    detail: isMacro ? `macro · ${d.file}` : d.file,
    uri: uriOf(request.root, d.file),
    range,
    selectionRange: range,
    data: {
      kind: isMacro ? 'macro' : 'function',
      name: d.name,
      file: d.file,
      line: d.line,
      column: d.column,
    } satisfies ItemData,
  };
}

/** Where a slot's member is declared, or where it is called for want of that. */
function slotPlace(request: View, owner: string, member: string, other: Place | null): Place {
  for (const record of request.index.types.recordsByTag(owner)) {
    const found = findField(request.index.types, record, member);
    if (found) return { file: found.file, line: found.field.line, column: found.field.column };
  }
  return other ?? { file: '', line: 1, column: 1 };
}

function slotItem(
  request: View,
  owner: string,
  member: string,
  from: string,
  other: Place | null = null,
): CallHierarchyItem {
  const { implementations } = slotAnswer(request, owner, member, from);
  return slotPart(
    request,
    { owner, member, from },
    implementations.length,
    slotPlace(request, owner, member, other),
    null,
  );
}

/** A slot with so many implementations, or those of one folder. */
function slotPart(
  request: View,
  { owner, member, from }: { owner: string; member: string; from: string },
  implementations: number,
  place: Place,
  folder: string | null,
): CallHierarchyItem {
  const range = rangeOf(request, place, member.length);
  return {
    name: folder === null ? `->${member}` : folder,
    kind: folder === null ? SymbolKind.Event : SymbolKind.Package,
    detail:
      folder === null
        ? `${owner} · ${count(implementations, 'implementation')}`
        : `->${member} · ${count(implementations, 'implementation')}`,
    uri: uriOf(request.root, place.file),
    range,
    selectionRange: range,
    data: { kind: 'slot', owner, member, from, folder } satisfies ItemData,
  };
}

/** Columns of names in lines that the index has no column for. Files are read once a request. */
function newColumns(request: View): (place: Place, name: string) => Place {
  const files = new Map<string, string[]>();
  const MAX_FILES = 300;
  return (place, name) => {
    if (place.column) return place;
    let lines = files.get(place.file);
    if (!lines) {
      if (files.size >= MAX_FILES) return { ...place, column: 1 };
      lines = readTreeText(request.root, place.file, 'latin1')?.split('\n') ?? [];
      files.set(place.file, lines);
    }
    const text = lines[place.line - 1] ?? '';
    const at = new RegExp(`\\b${name}\\b`).exec(text);
    return { ...place, column: (at?.index ?? 0) + 1 };
  };
}

function nodeOfItem(data: ItemData): GraphNode | null {
  if (data.kind === 'slot') return { kind: 'slot', owner: data.owner, member: data.member };
  if (data.kind === 'pointer') return null;
  const { name, file, line, column } = data;
  const kind = data.kind === 'macro' ? NameKind.Macro : NameKind.Function;
  const definition = { name, kind, file, line, column, static: false, macro: false, index: 0 };
  return { kind: data.kind, definition };
}

/** Who gets to an item: callers by name, macros, the slots it stands in, and what hands it on. */
export function* incomingCalls(request: View, item: CallHierarchyItem): Steps<CallHierarchyIncomingCall[]> {
  const node = nodeOfItem(item.data as ItemData);
  if (!node) return [];
  const graph = openGraph(request);
  const groups = new Map<string, GraphEdge[]>();
  for (const edge of yield* graph.intoSteps(node)) {
    yield;
    const through = edge.through.map((t) => t.definition.name).join(' ');
    const key = edge.kind === 'argument' ? `${nodeKey(edge.from)} ${through}` : nodeKey(edge.from);
    const group = groups.get(key);
    if (group) group.push(edge);
    else groups.set(key, [edge]);
  }
  const near = nearnessTo(node.kind === 'slot' ? ((item.data as { from?: string }).from ?? '') : node.definition.file);
  const columns = newColumns(request);
  const ranked = [...groups.values()]
    .map((edges, i) => ({ edges, i, near: Math.max(...edges.map((e) => near(e.place.file))) }))
    .sort((a, b) => rank(a.edges[0]) - rank(b.edges[0]) || b.near - a.near || a.i - b.i);
  const out: CallHierarchyIncomingCall[] = [];
  for (const { edges } of ranked) {
    yield;
    out.push(incoming(request, node, edges, columns));
  }
  return out;
}

/** Calls by name and through slots first, then what is handed on. */
const rank = ({ kind }: GraphEdge): number => (kind === 'argument' ? 1 : 0);

function incoming(
  request: View,
  node: GraphNode,
  edges: readonly GraphEdge[],
  columns: ReturnType<typeof newColumns>,
): CallHierarchyIncomingCall {
  const [first] = edges;
  if (first.from.kind === 'slot') {
    const { owner, member } = first.from;
    if (!owner) return { from: bareItem(request, first), fromRanges: [] };
    const item = slotItem(request, owner, member, first.place.file, first.place);
    const tables = [...new Set(edges.map((e) => (e.through.length ? `by ${e.by}` : e.by)))];
    item.detail = `${owner} · ${tables.slice(0, 3).join(', ')}${tables.length > 3 ? `, … ${tables.length - 3} more` : ''}`;
    return { from: item, fromRanges: [item.selectionRange] };
  }
  const item = functionItem(request, first.from.definition);
  if (first.kind === 'argument')
    item.detail = `hands it to ${first.through.map((t) => t.definition.name).join(' → ')} · ${item.detail}`;
  else if (edges.every((e) => e.evidence === 'flow')) item.detail = `by a pointer · ${item.detail}`;
  const name = node.kind === 'slot' ? node.member : nodeName(node);
  const { file } = first.from.definition;
  const fromRanges = edges
    .filter((e) => e.place.file === file)
    .map((e) => rangeOf(request, columns(e.place, name), name.length));
  return { from: item, fromRanges };
}

/** A bare pointer, such as an initcall's: nothing is known to call it by name. */
function bareItem(request: View, edge: GraphEdge): CallHierarchyItem {
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

/** What an item calls: functions and macros by name, slots, pointers; of a slot, the functions in it. */
export function* outgoingCalls(request: View, item: CallHierarchyItem): Steps<CallHierarchyOutgoingCall[]> {
  const data = item.data as ItemData;
  switch (data.kind) {
    case 'slot':
      return yield* ofSlot(request, data, item.selectionRange);
    case 'pointer':
      return ofPointer(request, data, item.selectionRange);
    case 'macro':
      return ofMacro(request, data, item.selectionRange);
    case 'function':
      return yield* ofFunction(request, data);
  }
  return [];
}

function* ofSlot(request: View, data: ItemData & { kind: 'slot' }, range: Range): Steps<CallHierarchyOutgoingCall[]> {
  const { owner, member, from, folder } = data;
  const out: CallHierarchyOutgoingCall[] = [];
  const { implementations } = slotAnswer(request, owner, member, from);
  if (folder === null && implementations.length > MANY) {
    const near = nearnessTo(from);
    const place = slotPlace(request, owner, member, null);
    const groups = byFolder(implementations, (i) => i.definition.file)
      .map((g) => ({ ...g, near: near(g.items[0].definition.file) }))
      .sort((a, b) => b.near - a.near || b.items.length - a.items.length);
    for (const { items, folder: part } of groups) {
      yield;
      const to =
        items.length === 1
          ? functionItem(request, items[0].definition)
          : slotPart(request, data, items.length, place, part);
      out.push({ to, fromRanges: [range] });
    }
    return out;
  }
  for (const i of implementations) {
    if (folder !== null && folderOf(i.definition.file) !== folder) continue;
    yield;
    const to = functionItem(request, i.definition);
    const tables = [...new Set(i.registrations.map((r) => r.variable))];
    to.detail = `${tables.slice(0, 2).join(', ')}${tables.length > 2 ? ` + ${tables.length - 2}` : ''} · ${to.detail}`;
    out.push({ to, fromRanges: [range] });
  }
  return out;
}

function ofPointer(request: View, data: ItemData & { kind: 'pointer' }, range: Range): CallHierarchyOutgoingCall[] {
  const facts = data.line ? request.index.facts(data.file) : null;
  if (!facts) return [];
  const [site] = targetsAt(request, facts, data.line, data.column);
  return (site?.targets ?? []).map((t) => ({ to: functionItem(request, t.definition), fromRanges: [range] }));
}

function ofMacro(request: View, data: Exclude<ItemData, { kind: 'slot' }>, range: Range): CallHierarchyOutgoingCall[] {
  const macro = request.index.facts(data.file)?.macros.find((m) => m.name === data.name && m.line === data.line);
  return (macro?.calls ?? '')
    .split(' ')
    .filter(Boolean)
    .flatMap((name) => {
      const to = calleeOf(request, name, data.file);
      return to ? [{ to: functionItem(request, to), fromRanges: [range] }] : [];
    });
}

function calleeOf(request: View, name: string, file: string): Definition | null {
  const fn = functionFrom(request, name, file);
  if (fn) return fn;
  const macro = macroNode(request, name, file);
  return macro && macro.kind !== 'slot' ? macro.definition : null;
}

function* ofFunction(request: View, data: Exclude<ItemData, { kind: 'slot' }>): Steps<CallHierarchyOutgoingCall[]> {
  const facts = request.index.facts(data.file);
  if (!facts) return [];
  const columns = newColumns(request);
  const calls = new Map<string, CallHierarchyOutgoingCall & { line: number }>();
  const put = (key: string, line: number, range: Range, item: () => CallHierarchyItem | null): void => {
    const known = calls.get(key);
    if (known) {
      known.fromRanges.push(range);
      return;
    }
    const to = item();
    if (to) calls.set(key, { to, fromRanges: [range], line });
  };
  const isMine = (index: number) =>
    facts.functions[index]?.name === data.name && facts.functions[index].line === data.line;
  for (const { function: f, names, steps } of facts.calls) {
    if (!isMine(f)) continue;
    let line = 0;
    for (const [i, name] of names.split(' ').entries()) {
      yield;
      line += steps[i];
      const range = rangeOf(request, columns({ file: data.file, line, column: 0 }, name), name.length);
      put(name, line, range, () => {
        const callee = calleeOf(request, name, data.file);
        return callee && leadsOn(request, callee) ? functionItem(request, callee) : null;
      });
    }
  }
  for (const site of facts.sites) {
    if (!isMine(site.function)) continue;
    yield;
    const place = { file: data.file, line: site.line, column: site.column };
    const range = rangeOf(request, place, site.macro ? 0 : site.name.length);
    if (site.kind === 'pointer') {
      put(`(*${site.name})`, site.line, range, () => pointerItem(request, data, site, range));
      continue;
    }
    const { owner, member } = slotOfSite(request.index, facts, site);
    if (!owner) continue;
    put(`${owner}.${member}`, site.line, range, () => slotItem(request, owner, member, data.file, place));
  }
  // in the order of the text; macros behind what they would stand in front of: most only instrument
  const isMacro = (call: CallHierarchyOutgoingCall) => Number((call.to.data as ItemData).kind === 'macro');
  return [...calls.values()]
    .sort((a, b) => isMacro(a) - isMacro(b) || a.line - b.line)
    .map(({ to, fromRanges }) => ({ to, fromRanges }));
}

/** Does a call get to a function? That of a macro such as min() may not. */
function leadsOn(request: View, callee: Definition, depth = 0): boolean {
  if (callee.kind !== NameKind.Macro) return true;
  const macro = request.index.facts(callee.file)?.macros.find((m) => m.name === callee.name && m.line === callee.line);
  if (!macro || depth > 5) return true;
  return macro.calls.split(' ').some((name) => {
    const next = name && name !== callee.name ? calleeOf(request, name, callee.file) : null;
    return next !== null && leadsOn(request, next, depth + 1);
  });
}

function pointerItem(
  request: View,
  data: Exclude<ItemData, { kind: 'slot' }>,
  site: { name: string; line: number; column: number },
  range: Range,
): CallHierarchyItem {
  return {
    name: `(*${site.name})`,
    kind: SymbolKind.Event,
    detail: `pointer in ${data.name}`,
    uri: uriOf(request.root, data.file),
    range,
    selectionRange: range,
    data: {
      kind: 'pointer',
      name: site.name,
      file: data.file,
      line: site.line,
      column: site.column,
    } satisfies ItemData,
  };
}
