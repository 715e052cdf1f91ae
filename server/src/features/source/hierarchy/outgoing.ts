/** Outgoing calls: functions and macros by name, slots, pointers; of a slot, the functions that its dispatches may call. */

import type { CallHierarchyItem, CallHierarchyOutgoingCall, Range } from 'vscode-languageserver';
import { calleesOfMacro, callsIn } from '../../../facts/calls.ts';
import type { FileFacts, SiteFact } from '../../../facts/types.ts';
import { NameKind } from '../../../index/store/postings.ts';
import { byFolder, isInFolder } from '../../../kernel/proximity.ts';
import type { SiteFile } from '../../../resolve/dispatch/receiverOrigin.ts';
import type { Target } from '../../../resolve/dispatch/slotTargets.ts';
import { siteAt, siteFile, slotOfSite, targets, targetsOfAll } from '../../../resolve/dispatch/targets.ts';
import { macroNode } from '../../../resolve/graph/nodes.ts';
import { type Definition, functionFrom } from '../../../resolve/names/scope.ts';
import { slotAnswer } from '../../../resolve/slots/slots.ts';
import type { Steps } from '../../../resolve/steps.ts';
import { rangeOf } from '../../request.ts';
import {
  type FunctionData,
  functionItem,
  type HierarchyRequest,
  type ItemData,
  newColumns,
  type PointerData,
  pendingItem,
  pointerItem,
  type SlotData,
  slotItem,
  slotPlace,
} from './items.ts';

/** More functions than this in a slot open by folder or subsystem. */
const MANY = 40;

/** A function in a slot, or in a pointer. */
export type Held = Pick<Target, 'definition' | 'registrations'> & Partial<Pick<Target, 'passed' | 'evidence'>>;

/** A step on from an item: by name where nothing else is told. */
export interface Outgoing extends CallHierarchyOutgoingCall {
  /** of a function in a slot or pointer: what puts it there */
  held?: Held;
  /** of a slot that is called: what the calls may get to, and how the slot is known */
  dispatch?: { targets: readonly Held[]; evidence: 'typed' | 'flow' | 'signature' };
}

/** What an item calls. */
export function* outgoingCalls(request: HierarchyRequest, item: CallHierarchyItem): Steps<CallHierarchyOutgoingCall[]> {
  const data = item.data as ItemData;
  const range = item.selectionRange;
  const folded = data.kind === 'slot' ? yield* folders(request, data, range) : [];
  const known = folded.length > 1 ? folded : yield* callsOfItem(request, data, range);
  const pending = data.kind === 'pending' ? null : pendingItem(request, item);
  const out = known.map(({ to, fromRanges }) => ({ to, fromRanges }));
  return pending ? [...out, { to: pending, fromRanges: [] }] : out;
}

/** The same as all there is of it: a slot's functions each for themselves. `range` stands for what has no place of its own. */
export function* callsOfItem(request: HierarchyRequest, data: ItemData, range: Range): Steps<Outgoing[]> {
  switch (data.kind) {
    case 'slot':
      return yield* ofSlot(request, data, range);
    case 'pointer':
      return ofPointer(request, data, range);
    case 'macro':
      return ofMacro(request, data, range);
    case 'function':
      return yield* ofFunction(request, data);
  }
  return [];
}

const fileOf = (request: HierarchyRequest, facts: FileFacts): SiteFile =>
  siteFile(request, facts, () => request.view(facts.path));

/** The functions that a slot's dispatches may call, or all that stand in it, or those of one folder. */
export function heldBy(request: HierarchyRequest, data: SlotData): readonly Held[] {
  const all = heldByAll(request, data);
  const { folder } = data;
  return folder === null ? all : all.filter((t) => isInFolder(t.definition.file, folder));
}

function heldByAll(request: HierarchyRequest, { owner, member, from, sites }: SlotData): readonly Held[] {
  const facts = sites.length > 0 ? request.index.facts(from) : null;
  const found = facts ? sites.flatMap((place) => siteAt(facts, place, place.name) ?? []) : [];
  // the file may have changed since the item was made
  if (!facts || found.length === 0) return slotAnswer(request, owner, member, from).implementations;
  return targetsOfAll(fileOf(request, facts), found);
}

/** The folders or subsystems that a slot with many functions opens by; none for one with few. */
function* folders(request: HierarchyRequest, data: SlotData, range: Range): Steps<Outgoing[]> {
  const { owner, member, from } = data;
  const held = heldBy(request, data);
  const groups = held.length > MANY ? byFolder(held, (t) => t.definition.file, from) : [];
  const out: Outgoing[] = [];
  const place = slotPlace(request, owner, member, null);
  for (const { items, folder: part } of groups) {
    yield;
    const to =
      items.length === 1
        ? functionItem(request, items[0].definition)
        : slotItem(request, { ...data, folder: part }, items.length, place);
    out.push({ to, fromRanges: [range] });
  }
  return out;
}

function* ofSlot(request: HierarchyRequest, data: SlotData, range: Range): Steps<Outgoing[]> {
  const out: Outgoing[] = [];
  for (const t of heldBy(request, data)) {
    yield;
    const to = functionItem(request, t.definition);
    to.detail = `${howText(t)} · ${to.detail}`;
    out.push({ to, fromRanges: [range], held: t });
  }
  return out;
}

/** The tables that a function stands in, or who put it into the slot. */
export function howText({ registrations, passed }: Pick<Held, 'registrations' | 'passed'>): string {
  if (registrations.length === 0) return passed ? `put there by ${passed.function}` : 'put there by a pointer';
  const tables = [...new Set(registrations.map((r) => r.variable))];
  return `${tables.slice(0, 2).join(', ')}${tables.length > 2 ? ` + ${tables.length - 2}` : ''}`;
}

function ofPointer(request: HierarchyRequest, data: PointerData, range: Range): Outgoing[] {
  const facts = data.line ? request.index.facts(data.file) : null;
  const site = facts && siteAt(facts, data, data.name);
  if (!facts || !site) return [];
  const found = targets(fileOf(request, facts), site).targets;
  return found.map((t) => ({ to: functionItem(request, t.definition), fromRanges: [range], held: t }));
}

function ofMacro(request: HierarchyRequest, data: FunctionData, range: Range): Outgoing[] {
  const macro = request.index.facts(data.file)?.macros.find((m) => m.name === data.name && m.line === data.line);
  return (macro ? calleesOfMacro(macro) : []).flatMap((name) => {
    const to = calleeOf(request, name, data.file);
    return to ? [{ to: functionItem(request, to), fromRanges: [range] }] : [];
  });
}

function calleeOf(request: HierarchyRequest, name: string, file: string): Definition | null {
  const fn = functionFrom(request, name, file);
  if (fn) return fn;
  const macro = macroNode(request, name, file);
  return macro && macro.kind !== 'slot' ? macro.definition : null;
}

/** Calls of one function, by what they call, each with its first line. */
type Calls = Map<string, Outgoing & { line: number }>;

function put(calls: Calls, key: string, line: number, range: Range, item: () => CallHierarchyItem | null): void {
  const known = calls.get(key);
  if (known) {
    known.fromRanges.push(range);
    return;
  }
  const to = item();
  if (to) calls.set(key, { to, fromRanges: [range], line });
}

function* ofFunction(request: HierarchyRequest, data: FunctionData): Steps<Outgoing[]> {
  const facts = request.index.facts(data.file);
  if (!facts) return [];
  const n = facts.functions.findIndex((f) => f.name === data.name && f.line === data.line);
  const calls: Calls = new Map();
  yield* addDirect(request, data, facts, n, calls);
  yield* addDispatches(request, data, facts, n, calls);
  // in the order of the text; macros behind what they would stand in front of: most only instrument
  const isMacro = (call: CallHierarchyOutgoingCall) => Number((call.to.data as ItemData).kind === 'macro');
  return [...calls.values()]
    .sort((a, b) => isMacro(a) - isMacro(b) || a.line - b.line)
    .map(({ line, ...call }) => call);
}

function* addDirect(
  request: HierarchyRequest,
  { file }: FunctionData,
  facts: FileFacts,
  n: number,
  calls: Calls,
): Steps<void> {
  const columns = newColumns(request);
  for (const own of facts.calls)
    if (own.function === n)
      for (const { name, line } of callsIn(own)) {
        yield;
        const range = rangeOf(request, columns({ file, line, column: 0 }, name), name.length);
        put(calls, name, line, range, () => {
          const callee = calleeOf(request, name, file);
          return callee && leadsOn(request, callee) ? functionItem(request, callee) : null;
        });
      }
}

/** Adds the slots and pointers that a function calls; dispatches of one slot are one item. */
function* addDispatches(
  request: HierarchyRequest,
  data: FunctionData,
  facts: FileFacts,
  n: number,
  calls: Calls,
): Steps<void> {
  const file = fileOf(request, facts);
  const slots = new Map<string, CalledSlot>();
  const rangeOfSite = (site: SiteFact) =>
    rangeOf(request, { ...site, file: data.file }, site.macro ? 0 : site.name.length);
  for (const site of facts.sites) {
    if (site.function !== n) continue;
    yield;
    const { owner, member, evidence } = slotOfSite(file, site);
    if (site.kind === 'pointer' && !owner) {
      const range = rangeOfSite(site);
      put(calls, `(*${site.name})`, site.line, range, () => pointerItem(request, data, site, range));
      continue;
    }
    const key = `${owner}.${member}`;
    const known = slots.get(key);
    if (known) known.sites.push(site);
    else if (owner || targets(file, site).narrowed) {
      const isFlow = site.kind === 'pointer' || evidence === 'flow';
      slots.set(key, { owner, member, sites: [site], evidence: isFlow ? 'flow' : owner ? 'typed' : 'signature' });
    }
  }
  for (const [key, slot] of slots) {
    yield;
    const { sites, evidence } = slot;
    const found = targetsOfAll(file, sites);
    const to = dispatchItem(request, file, slot, found.length);
    const dispatch = { targets: found, evidence };
    calls.set(key, { to, fromRanges: sites.map(rangeOfSite), line: sites[0].line, dispatch });
  }
}

/** A slot with its dispatches in a function. */
interface CalledSlot {
  owner: string;
  member: string;
  sites: SiteFact[];
  evidence: 'typed' | 'flow' | 'signature';
}

/** The item of dispatches of one slot in a file. */
function dispatchItem(
  request: HierarchyRequest,
  file: SiteFile,
  { owner, member, sites }: CalledSlot,
  implementations: number,
): CallHierarchyItem {
  const [{ line, column }] = sites;
  const from = file.facts.path;
  const places = sites.map((s) => ({ line: s.line, column: s.column, name: s.name }));
  const data = { owner, member, from, sites: places, reached: null, folder: null };
  const place = slotPlace(request, owner, member, { file: from, line, column });
  return slotItem(request, data, implementations, place);
}

/** Does a call get to a function? That of a macro such as min() may not. */
function leadsOn(request: HierarchyRequest, callee: Definition, depth = 0): boolean {
  if (callee.kind !== NameKind.Macro) return true;
  const macro = request.index.facts(callee.file)?.macros.find((m) => m.name === callee.name && m.line === callee.line);
  if (!macro || depth > 5) return true;
  return calleesOfMacro(macro).some((name) => {
    const next = name !== callee.name ? calleeOf(request, name, callee.file) : null;
    return next !== null && leadsOn(request, next, depth + 1);
  });
}
