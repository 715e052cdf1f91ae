/** What runs at a dispatch: the functions that a call through a member or pointer may get to. */
import type { FileFacts, SiteFact } from '../facts/types.ts';
import { flowsOf } from '../index/flows.ts';
import { dispatchesOf } from '../index/link.ts';
import type { IndexReader } from '../index/reader.ts';
import type { FileView } from './cursor.ts';
import type { Place } from './graph.ts';
import { type Group, type Narrowed, narrowTo } from './narrow.ts';
import { inDomain, type LeftOut, nearnessTo } from './near.ts';
import { originOf } from './receivers.ts';
import { viewOf } from './runtime.ts';
import { type Definition, functionFrom } from './scope.ts';
import { type Implementation, type Registered, slotAnswer } from './slots.ts';

/** A function that a dispatch may call. */
export interface Target {
  definition: Definition;
  /** registrations that put it into the slot, those that the dispatch gets to first; none where it came as an argument */
  registrations: Registered[];
  /** what puts a table of it into the very pointer that the dispatch reads */
  into: Registered[];
  /** where it was handed over or put into the pointer, for what did not come out of a table */
  passed: (Place & { function: string }) | null;
  evidence: 'typed' | 'flow' | 'name';
}

/** A dispatch site and what it may call, the nearest first. */
export interface SiteTargets {
  /** place of the member's or pointer's name: 1-based line and byte column */
  line: number;
  column: number;
  function: string;
  /** `struct.member`, or the pointer's name */
  slot: string;
  kind: 'call' | 'pointer';
  macro: boolean;
  targets: Target[];
  /** what the first of the targets are proven to have in common; null where nothing tells them apart */
  group: Group | null;
  /** why there are fewer than the slot has; null where there are all */
  narrowed: string | null;
  leftOut: LeftOut;
}

const MAX_DEPTH = 6;

/** The dispatches on a line (1-based) of a file, at one column (1-based bytes) or, for 0, all of them. */
export function targetsAt(
  index: IndexReader,
  facts: FileFacts,
  line: number,
  column: number,
  architecture: string,
): SiteTargets[] {
  const sites = facts.sites.filter(
    (s) => s.line === line && (!column || (column >= s.column && column < s.column + s.name.length)),
  );
  if (sites.length === 0) return [];
  index.types.setOwn(facts);
  try {
    return sites.map((s) => targetsOf(index, facts, s, architecture));
  } finally {
    index.types.setOwn(null);
  }
}

function targetsOf(index: IndexReader, facts: FileFacts, site: SiteFact, architecture: string): SiteTargets {
  const common = {
    line: site.line,
    column: site.column,
    function: facts.functions[site.function]?.name ?? '',
    kind: site.kind,
    macro: site.macro,
  };
  const only = { ...facts, sites: [site] };
  if (site.kind === 'call') {
    const [{ owner, member }] = dispatchesOf(only, index.types);
    const found = ofSlot(index, owner, member, facts.path, architecture, (all) => {
      let view: FileView | null | undefined;
      const read = () => {
        view = view === undefined ? viewOf(index, facts.path) : view;
        return view;
      };
      // `dev->write = f`: where no table has the slot, no table can be told apart
      const tables = all.some((i) => i.registrations.some((r) => !r.variable.includes('->')));
      const origin = tables ? originOf(index, facts, site, architecture, read) : null;
      return narrowTo(index, all, origin, facts.path, architecture);
    });
    return { ...common, slot: owner ? `${owner}.${member}` : member, ...found };
  }
  const { flows, dispatches } = flowsOf(only, index.types);
  const targets = new Map<string, Target>();
  const leftOut: LeftOut = { architectures: 0, programs: 0 };
  for (const flow of flows)
    if (flow.to === '') collect(index, flow.from, facts.path, null, architecture, targets, new Set(), leftOut);
  for (const d of dispatches)
    for (const t of ofSlot(index, d.owner, d.member, facts.path, architecture).targets)
      keep(targets, { ...t, evidence: 'flow' });
  const near = nearnessTo(facts.path);
  const list = [...targets.values()].sort((a, b) => near(b.definition.file) - near(a.definition.file));
  return { ...common, slot: site.name, targets: list, group: null, narrowed: null, leftOut };
}

const keyOf = (d: Definition): string => `${d.name} ${d.file}:${d.line}`;

function keep(targets: Map<string, Target>, target: Target): void {
  const key = keyOf(target.definition);
  if (!targets.has(key)) targets.set(key, target);
}

/** Functions in a slot: by its tables, and as what other functions put there. */
function ofSlot(
  index: IndexReader,
  owner: string,
  member: string,
  from: string,
  architecture: string,
  narrow: (all: Implementation[]) => Narrowed = (all) => narrowTo(index, all, null, from, architecture),
): Pick<SiteTargets, 'targets' | 'group' | 'narrowed' | 'leftOut'> {
  const { implementations, leftOut } = slotAnswer(index, owner, member, from, architecture);
  const targets = new Map<string, Target>();
  const { reached, group, narrowed, strangers } = narrow(implementations);
  for (const i of reached)
    keep(targets, {
      definition: i.definition,
      registrations: i.registrations,
      into: i.into,
      passed: null,
      evidence: owner && i.registrations.some((r) => r.evidence !== 'name') ? 'typed' : 'name',
    });
  // what a function puts there goes into a table that nobody names
  if (owner && strangers)
    for (const flow of index.flowsTo(`${owner}.${member}`)) {
      const file = index.pathOf(flow.file);
      const place = { file, line: flow.line, column: flow.column, function: flow.function };
      collect(index, flow.from, file, place, architecture, targets, new Set(), leftOut);
    }
  return { targets: [...targets.values()], group, narrowed, leftOut };
}

/** Adds the functions that an end may hold: itself, what is handed to a parameter, what stands in a slot. */
function collect(
  index: IndexReader,
  end: string,
  file: string,
  passed: Target['passed'],
  architecture: string,
  targets: Map<string, Target>,
  seen: Set<string>,
  leftOut: LeftOut,
): void {
  if (seen.size > 200 || seen.has(`${end} ${file}`)) return;
  seen.add(`${end} ${file}`);
  const hash = end.lastIndexOf('#');
  const dot = end.indexOf('.');
  if (hash < 0 && dot < 0) {
    const definition = functionFrom(index, end, file, architecture);
    if (definition) keep(targets, { definition, registrations: [], into: [], passed, evidence: 'flow' });
    return;
  }
  if (hash < 0) {
    const { implementations } = slotAnswer(index, end.slice(0, dot), end.slice(dot + 1), file, architecture);
    for (const { definition, registrations } of implementations)
      keep(targets, { definition, registrations, into: [], passed, evidence: 'flow' });
    return;
  }
  if (seen.size > MAX_DEPTH * 30) return;
  const name = end.slice(0, hash);
  const own = dot < 0 ? functionFrom(index, name, file, architecture) : null;
  const flows = index.flowsTo(end).map((f) => ({ ...f, path: index.pathOf(f.file) }));
  const { seen: visible } = inDomain(flows, (f) => f.path, file, architecture);
  for (const flow of visible) {
    // another function of the same name
    if (own && functionFrom(index, name, flow.path, architecture)?.file !== own.file) continue;
    const place = { file: flow.path, line: flow.line, column: flow.column, function: flow.function };
    collect(index, flow.from, flow.path, place, architecture, targets, seen, leftOut);
  }
  // a slot's parameter is that of every function that stands there; what they are handed by name is in the list above
}
