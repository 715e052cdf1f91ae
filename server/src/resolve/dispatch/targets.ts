/** What runs at a dispatch: the functions that a call through a member or pointer may get to. */

import type { FileFacts, SiteFact } from '../../facts/types.ts';
import { flowsOf } from '../../index/link/flows.ts';
import { dispatchesOf } from '../../index/link/link.ts';
import type { IndexReader } from '../../index/read/reader.ts';
import { inDomain, type LeftOut, nearnessTo } from '../../kernel/proximity.ts';
import { entityAt, type FileView } from '../cursor/cursor.ts';
import { argumentsOf, fitsFunction, fitsSlot } from '../cursor/signature.ts';
import type { Place } from '../graph/graph.ts';
import { type Definition, functionFrom } from '../names/scope.ts';
import { viewOf } from '../slots/installTests.ts';
import { type Implementation, type Registered, slotAnswer } from '../slots/slots.ts';
import type { World } from '../world.ts';
import { type Group, type Narrowed, narrowTo } from './narrow.ts';
import { originOf } from './receiverOrigin.ts';

/** A function that a dispatch may call. */
export interface Target {
  definition: Definition;
  /** registrations that put it into the slot, those that the dispatch gets to first; none where it came as an argument */
  registrations: Registered[];
  /** what puts a table of it into the very pointer that the dispatch reads */
  into: Registered[];
  /** where it was handed over or put into the pointer, for what did not come out of a table */
  passed: (Place & { function: string }) | null;
  evidence: 'typed' | 'flow' | 'signature' | 'name';
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

/**
 * The dispatches on a line (1-based) of a file, at one column (1-based bytes) or, for 0, all of them. `view` is the text
 * that the facts are of; without it the file is read where the text has to be.
 */
export function targetsAt(
  world: World,
  facts: FileFacts,
  line: number,
  column: number,
  view?: FileView,
): SiteTargets[] {
  const { index } = world;
  const sites = facts.sites.filter(
    (s) => s.line === line && (!column || (column >= s.column && column < s.column + s.name.length)),
  );
  if (sites.length === 0) return [];
  index.types.setOwn(facts);
  try {
    let text: FileView | null | undefined = view;
    const read = () => {
      if (text === undefined) text = viewOf(index, facts.path);
      return text;
    };
    return sites.map((s) => targetsOf(world, facts, s, read));
  } finally {
    index.types.setOwn(null);
  }
}

/** The slot that a dispatch calls through; an empty owner where its struct isn't known. */
export function slotOfSite(index: IndexReader, facts: FileFacts, site: SiteFact): { owner: string; member: string } {
  index.types.setOwn(facts);
  try {
    const [{ owner, member }] = dispatchesOf({ ...facts, sites: [site] }, index.types);
    return { owner, member };
  } finally {
    index.types.setOwn(null);
  }
}

function narrowAt(
  world: World,
  facts: FileFacts,
  site: SiteFact,
  all: readonly Implementation[],
  read: () => FileView | null,
): Narrowed {
  // `dev->write = f`: where no table has the slot, no table can be told apart
  const tables = all.some((i) => i.registrations.some((r) => !r.variable.includes('->')));
  const origin = tables ? originOf(world, facts, site, read) : null;
  return narrowTo(world, all, origin, facts.path);
}

/**
 * The functions of a slot, `all`, as the dispatch at a place (1-based line, byte column) of a file sees them, with how
 * sure it is; null where no dispatch stands there.
 */
export function implementationsAt(
  world: World,
  view: FileView,
  place: { line: number; column: number; evidence: string },
  all: readonly Implementation[],
): Pick<Narrowed, 'group' | 'narrowed' | 'reached'> | null {
  const { index } = world;
  const { facts } = view;
  const site = facts?.sites.find((s) => s.kind === 'call' && s.line === place.line && s.column === place.column);
  if (!facts || !site) return null;
  if (place.evidence === 'name') {
    const [found] = targetsAt(world, facts, site.line, site.column, view);
    const reached = found.targets.map((t) => ({ ...t, name: t.definition.name }));
    return found.narrowed ? { reached, group: null, narrowed: found.narrowed } : null;
  }
  index.types.setOwn(facts);
  try {
    return narrowAt(world, facts, site, all, () => view);
  } finally {
    index.types.setOwn(null);
  }
}

/** The struct of a member that the index could not tell: at the place itself macros are seen through. */
function ownerInText(world: World, facts: FileFacts, site: SiteFact, view: FileView): string {
  const { index } = world;
  if (site.macro) return '';
  try {
    const entity = entityAt(world, { ...view, facts }, site.line, site.column);
    return entity?.kind === 'slot' && entity.member === site.name ? entity.owner : '';
  } finally {
    index.types.setOwn(facts);
  }
}

function targetsOf(world: World, facts: FileFacts, site: SiteFact, read: () => FileView | null): SiteTargets {
  const { index } = world;
  const common = {
    line: site.line,
    column: site.column,
    function: facts.functions[site.function]?.name ?? '',
    kind: site.kind,
    macro: site.macro,
  };
  const only = { ...facts, sites: [site] };
  if (site.kind === 'call') {
    const [dispatch] = dispatchesOf(only, index.types);
    const { member } = dispatch;
    let { owner } = dispatch;
    if (dispatch.evidence === 'name') {
      const view = read();
      owner = view ? ownerInText(world, facts, site, view) : '';
      const fitting = view && !owner ? bySignature(world, facts, site, view) : null;
      if (fitting) return { ...common, slot: member, ...fitting };
    }
    const found = ofSlot(world, owner, member, facts.path, (all) => narrowAt(world, facts, site, all, read));
    return { ...common, slot: owner ? `${owner}.${member}` : member, ...found };
  }
  const { flows, dispatches } = flowsOf(only, index.types);
  const targets = new Map<string, Target>();
  const leftOut: LeftOut = { architectures: 0, programs: 0 };
  for (const flow of flows)
    if (flow.to === '') collect(world, flow.from, facts.path, null, targets, new Set(), leftOut);
  for (const d of dispatches)
    for (const t of ofSlot(world, d.owner, d.member, facts.path).targets) keep(targets, { ...t, evidence: 'flow' });
  const near = nearnessTo(facts.path);
  const list = [...targets.values()].sort((a, b) => near(b.definition.file) - near(a.definition.file));
  return { ...common, slot: site.name, targets: list, group: null, narrowed: null, leftOut };
}

/** More functions of one name than this are not looked at one by one. */
const MAX_COMPARED = 60;

/**
 * What a member of unknown struct may hold, by the call's arguments: of every struct that has a member of that name;
 * null where the arguments can't be told, or fit nothing.
 */
function bySignature(
  world: World,
  facts: FileFacts,
  site: SiteFact,
  view: FileView,
): Pick<SiteTargets, 'targets' | 'group' | 'narrowed' | 'leftOut'> | null {
  const { index } = world;
  const owners = index.ownersOf(site.name);
  const args = owners.length > 0 ? argumentsOf(index, facts, site, view) : null;
  if (!args) return null;
  const targets = new Map<string, Target>();
  const leftOut: LeftOut = { architectures: 0, programs: 0 };
  let seen = 0;
  let fitting = 0;
  const parts: Target[] = [];
  for (const owner of owners) {
    const fits = fitsSlot(index, owner, site.name, args, facts.path);
    if (fits === null) continue;
    seen++;
    if (!fits) continue;
    const found = ofSlot(world, owner, site.name, facts.path);
    if (found.targets.length > 0) fitting++;
    for (const t of found.targets) parts.push({ ...t, evidence: 'signature' });
    leftOut.architectures += found.leftOut.architectures;
    leftOut.programs += found.leftOut.programs;
  }
  if (fitting === 0) return null;
  // whose struct nobody knows either: there the functions themselves can be compared
  for (const [n, t] of ofSlot(world, '', site.name, facts.path).targets.entries()) {
    const fits = n < MAX_COMPARED ? fitsFunction(index, t.definition, args) : null;
    if (fits !== false) parts.push({ ...t, evidence: fits ? 'signature' : 'name' });
  }
  const near = nearnessTo(facts.path);
  const nearest = ({ definition, registrations: [r] }: Target) =>
    Math.max(near(definition.file), r ? near(r.filePath) : 0);
  const ranked = parts.map((t) => ({ t, near: nearest(t) })).sort((x, y) => y.near - x.near);
  for (const { t } of ranked) keep(targets, t);
  const many = `${args.length} argument${args.length === 1 ? '' : 's'}`;
  const narrowed = `by signature: ${fitting} of ${seen} struct${seen === 1 ? '' : 's'} with a member ${site.name} fit${fitting === 1 ? 's' : ''} ${many}`;
  return { targets: [...targets.values()], group: null, narrowed, leftOut };
}

const keyOf = (d: Definition): string => `${d.name} ${d.file}:${d.line}`;

function keep(targets: Map<string, Target>, target: Target): void {
  const key = keyOf(target.definition);
  if (!targets.has(key)) targets.set(key, target);
}

/** Functions in a slot: by its tables, and as what other functions put there. */
function ofSlot(
  world: World,
  owner: string,
  member: string,
  from: string,
  narrow: (all: Implementation[]) => Narrowed = (all) => narrowTo(world, all, null, from),
): Pick<SiteTargets, 'targets' | 'group' | 'narrowed' | 'leftOut'> {
  const { index } = world;
  const { implementations, leftOut } = slotAnswer(world, owner, member, from);
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
      collect(world, flow.from, file, place, targets, new Set(), leftOut);
    }
  return { targets: [...targets.values()], group, narrowed, leftOut };
}

/** Adds the functions that an end may hold: itself, what is handed to a parameter, what stands in a slot. */
function collect(
  world: World,
  end: string,
  file: string,
  passed: Target['passed'],
  targets: Map<string, Target>,
  seen: Set<string>,
  leftOut: LeftOut,
): void {
  const { index, architecture } = world;
  if (seen.size > 200 || seen.has(`${end} ${file}`)) return;
  seen.add(`${end} ${file}`);
  const hash = end.lastIndexOf('#');
  const dot = end.indexOf('.');
  if (hash < 0 && dot < 0) {
    const definition = functionFrom(world, end, file);
    if (definition) keep(targets, { definition, registrations: [], into: [], passed, evidence: 'flow' });
    return;
  }
  if (hash < 0) {
    const { implementations } = slotAnswer(world, end.slice(0, dot), end.slice(dot + 1), file);
    for (const { definition, registrations } of implementations)
      keep(targets, { definition, registrations, into: [], passed, evidence: 'flow' });
    return;
  }
  if (seen.size > MAX_DEPTH * 30) return;
  const name = end.slice(0, hash);
  const own = dot < 0 ? functionFrom(world, name, file) : null;
  const flows = index.flowsTo(end).map((f) => ({ ...f, path: index.pathOf(f.file) }));
  const { seen: visible } = inDomain(flows, (f) => f.path, file, architecture);
  for (const flow of visible) {
    // another function of the same name
    if (own && functionFrom(world, name, flow.path)?.file !== own.file) continue;
    const place = { file: flow.path, line: flow.line, column: flow.column, function: flow.function };
    collect(world, flow.from, flow.path, place, targets, seen, leftOut);
  }
  // a slot's parameter is that of every function that stands there; what they are handed by name is in the list above
}
