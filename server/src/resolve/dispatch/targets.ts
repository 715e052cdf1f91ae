/**
 * What runs at a dispatch: the functions that a call through a member or pointer may get to. This is the one question
 * that hover, implementations, call hierarchy, paths and CLI ask of a dispatch.
 */

import type { FileFacts, SiteFact } from '../../facts/types.ts';
import { dispatchesOf } from '../../index/link/calls.ts';
import { flowsOf, memberTaken } from '../../index/link/flows.ts';
import { isHolder } from '../../index/link/holders.ts';
import { type LeftOut, nearnessTo } from '../../kernel/proximity.ts';
import { entityAt, type WordPlace } from '../cursor/cursor.ts';
import { type FileView, readView } from '../cursor/fileView.ts';
import { functionAt } from '../cursor/localScope.ts';
import type { Definition } from '../names/scope.ts';
import type { Implementation, SlotAnswer } from '../slots/slots.ts';
import { type World, worldOf } from '../world.ts';
import { bySignature } from './bySignature.ts';
import { listsCalled } from './dispatches.ts';
import { elementPicked, narrowToElement } from './elements.ts';
import { functionsOn, headCallsIn } from './heads.ts';
import { type Group, type Narrowed, narrowTo } from './narrow.ts';
import { originOf, type SiteFile } from './receiverOrigin.ts';
import { addHeld, keepTarget, slotTargets, type Target, type TargetsByFunction } from './slotTargets.ts';
import { openWays, stopsFrom } from './ways.ts';

/** A dispatch site and what it may call, the nearest first. */
export interface SiteTargets {
  /** place of the member's or pointer's name: 1-based line and byte column */
  line: number;
  column: number;
  function: string;
  kind: 'call' | 'pointer';
  macro: boolean;
  /** struct that owns the member; '' where it isn't known, and for a pointer */
  owner: string;
  /** the member's or pointer's name */
  member: string;
  targets: Target[];
  /** what the first of the targets are proven to have in common; null where nothing tells them apart */
  group: Group | null;
  /** why there are fewer than the slot has; null where there are all */
  narrowed: string | null;
  leftOut: LeftOut;
  /** all that the slot holds, whoever calls it; null for a pointer */
  whole: SlotAnswer | null;
}

/**
 * A file whose dispatches are asked about. `read` gets the text that the facts are of, where it is needed: that on disk
 * if nothing else is told.
 */
export function siteFile(
  world: World,
  facts: FileFacts,
  read: () => FileView | null = () => readView(world.index, facts.path),
): SiteFile {
  let text: FileView | null | undefined;
  return {
    ...worldOf(world, facts),
    facts,
    view() {
      if (text === undefined) text = read();
      return text;
    },
  };
}

/** What a dispatch of a file may call. */
export function targets(file: SiteFile, site: SiteFact): SiteTargets {
  const common = {
    line: site.line,
    column: site.column,
    function: file.facts.functions[site.function]?.name ?? '',
    kind: site.kind,
    macro: site.macro,
  };
  if (site.kind === 'pointer') return { ...common, ...ofPointer(file, site) };
  const { owner, member, evidence } = slotOfSite(file, site);
  if (evidence === 'name' && !owner) {
    const view = file.view();
    const fitting = view && bySignature(file, site, view);
    if (fitting) return { ...common, owner, member, group: null, ...fitting };
  }
  const found = slotTargets(file, { owner, member }, file.facts.path, (all) => narrowAt(file, site, all));
  return { ...common, owner, member, ...found, leftOut: found.whole.leftOut };
}

/**
 * The slot that a dispatch calls: through a member, or through a pointer that is taken out of one. An empty owner where
 * its struct can't be told, and for a pointer that comes from elsewhere.
 */
export function slotOfSite(file: SiteFile, site: SiteFact): { owner: string; member: string; evidence: string } {
  if (site.kind === 'pointer') {
    const taken = memberTaken(file.facts, file.types, site);
    return taken ? slotOfSite(file, taken) : { owner: '', member: site.name, evidence: 'flow' };
  }
  const [dispatch] = dispatchesOf({ ...file.facts, sites: [site] }, file.types);
  if (dispatch.evidence !== 'name') return dispatch;
  const view = file.view();
  return { ...dispatch, owner: view ? ownerInText(file, site, view) : '' };
}

/** What several dispatches of one slot may call, each function once: those of the first site first. */
export function targetsOfAll(file: SiteFile, sites: readonly SiteFact[]): Target[] {
  const found: TargetsByFunction = new Map();
  for (const site of sites) for (const target of targets(file, site).targets) keepTarget(found, target);
  return [...found.values()];
}

/** The dispatches on a line (1-based) of a file, at one column (1-based bytes) or, for 0, all of them. */
export function targetsAt(
  world: World,
  facts: FileFacts,
  line: number,
  column: number,
  read?: () => FileView | null,
): SiteTargets[] {
  const sites = facts.sites.filter(
    (s) => s.line === line && (!column || (column >= s.column && column < s.column + s.name.length)),
  );
  if (sites.length === 0) return listTargets(world, facts, line, column);
  const file = siteFile(world, facts, read);
  return sites.map((site) => targets(file, site));
}

/** What calls through the heads of lists on a line get to: the functions of the objects that are put there. */
function listTargets(world: World, facts: FileFacts, line: number, column: number): SiteTargets[] {
  const n = facts.functions.findIndex((f) => f.line <= line && line <= f.endLine);
  const out: SiteTargets[] = [];
  for (const { list, call } of n < 0 ? [] : headCallsIn(world, facts, n)) {
    const { place, callee, slot } = call;
    if (place.line !== line || (column && (column < place.column || column >= place.column + callee.length))) continue;
    const { name } = list.head;
    out.push({
      ...{ line, column: place.column, function: call.function, kind: 'call', macro: false },
      ...{ owner: list.struct, member: slot, group: null, leftOut: { architectures: 0, programs: 0 }, whole: null },
      narrowed: `what is seen put on ${name}`,
      targets: functionsOn(world, list, slot).map(({ definition, registrations, on }) => ({
        ...{ definition, registrations, into: [], evidence: 'flow' },
        passed: { ...on.place, function: on.by },
      })),
    });
  }
  return out;
}

/** The dispatch whose member's name starts at a place (1-based line, byte column) of a file; null where none does. */
export function dispatchAt(
  world: World,
  view: FileView,
  at: { line: number; column: number; member: string },
): SiteTargets | null {
  const { facts } = view;
  const site = facts && siteAt(facts, at, at.member);
  return site?.kind === 'call'
    ? targets(
        siteFile(world, facts as FileFacts, () => view),
        site,
      )
    : null;
}

/** What the local or parameter that a word names may hold, where its function calls it; null where it doesn't. */
export function pointerAt(world: World, view: FileView, { word, line, column }: WordPlace): SiteTargets | null {
  const { facts } = view;
  const fn = facts && functionAt(facts, line);
  if (!facts || !fn) return null;
  const isCall = (s: SiteFact) => s.kind === 'pointer' && s.name === word && facts.functions[s.function] === fn;
  const sites = facts.sites.filter(isCall);
  const site = sites.find((s) => s.line === line && s.column === column) ?? sites[0];
  if (!site) return null;
  return targets(
    siteFile(world, facts, () => view),
    site,
  );
}

/** The dispatch of that name at a place of a file: those that one macro makes stand at one place. */
export const siteAt = (facts: FileFacts, { line, column }: { line: number; column: number }, name: string) =>
  facts.sites.find((s) => s.line === line && s.column === column && s.name === name) ?? null;

/** `struct.member` of a dispatch, or the name alone where its struct isn't known, and of a pointer. */
export const slotOf = ({ owner, member }: Pick<SiteTargets, 'owner' | 'member'>): string =>
  owner ? `${owner}.${member}` : member;

/** May a dispatch get to a function that stands in its slot? Where it can't be told, it may. */
export function mayGetTo(file: SiteFile, site: SiteFact, definition: Definition): boolean {
  const origin = site.kind === 'call' ? originOf(file, site) : null;
  // only where all of the pointer's values are known, or the element, something can be left out
  if (origin ? origin.open || origin.members.length > 0 : elementPicked(file, site) === null) return true;
  const { targets: list } = targets(file, site);
  return list.some((t) => t.definition.file === definition.file && t.definition.line === definition.line);
}

function narrowAt(file: SiteFile, site: SiteFact, all: readonly Implementation[]): Narrowed {
  // `dev->write = f`: where no table has the slot, no table can be told apart
  const tables = all.some((i) => i.registrations.some((r) => !r.variable.includes('->')));
  return narrowTo(file, all, tables ? originOf(file, site) : null, file.facts.path);
}

/** The struct of a member that the index could not tell: at the place itself macros are seen through. */
function ownerInText(file: SiteFile, site: SiteFact, view: FileView): string {
  if (site.macro) return '';
  const entity = entityAt(file, { ...view, facts: file.facts }, site.line, site.column);
  return entity?.kind === 'slot' && entity.member === site.name ? entity.owner : '';
}

type Held = Pick<SiteTargets, 'owner' | 'member' | 'targets' | 'group' | 'narrowed' | 'leftOut' | 'whole'>;

/**
 * What a pointer holds: what flows into it, and what stands in the slots that it is taken out of. One that is taken out of
 * a single slot is as good as a call through that.
 */
function ofPointer(file: SiteFile, site: SiteFact): Held {
  const { facts } = file;
  const { flows, dispatches } = flowsOf({ ...facts, sites: [site] }, file.types);
  const members = dispatches.filter((d) => !isHolder(d.member));
  const taken = members.length > 0 ? memberTaken(facts, file.types, site) : null;
  const slot = taken && targets(file, taken);
  const found: TargetsByFunction = new Map();
  for (const t of slot?.targets ?? []) keepTarget(found, t.evidence === 'typed' ? { ...t, evidence: 'flow' } : t);
  const ways = openWays(file, facts.path);
  const starts = flows.flatMap((flow) => (flow.to.kind === 'called' ? stopsFrom(ways, flow.from, facts.path) : []));
  if (!slot) for (const { owner, member } of members) starts.push({ kind: 'slot', owner, member });
  addHeld(ways, found, starts);
  let narrowed = slot?.narrowed ?? null;
  for (const holder of dispatches.flatMap((d) => (isHolder(d.member) ? listsCalled(file.index, facts.path, d) : []))) {
    const of = slotTargets(file, holder, facts.path, (all) => narrowToElement(file, site, holder.member, all));
    narrowed ??= of.narrowed;
    for (const t of of.targets) keepTarget(found, { ...t, evidence: holder.evidence });
  }
  if (slot) {
    const { owner, member, group, leftOut, whole } = slot;
    return { owner, member, group, narrowed, leftOut, whole, targets: [...found.values()] };
  }
  const near = nearnessTo(facts.path);
  const list = [...found.values()].sort((a, b) => near(b.definition.file) - near(a.definition.file));
  const leftOut = { architectures: 0, programs: 0 };
  return { owner: '', member: site.name, targets: list, group: null, narrowed, leftOut, whole: null };
}
