/** The functions that a pointer may hold: what its slot's tables hold, and what other code puts there. */

import { type End, endKey } from '../../index/link/ends.ts';
import { isHolder } from '../../index/link/holders.ts';
import { inDomain } from '../../kernel/proximity.ts';
import { type Definition, functionFrom } from '../names/scope.ts';
import { type Implementation, type Registered, type SlotAnswer, slotAnswer } from '../slots/slots.ts';
import type { TreePlace, World } from '../world.ts';
import { type Narrowed, narrowTo } from './narrow.ts';

/** A function that a dispatch may call. */
export interface Target {
  definition: Definition;
  /** registrations that put it into the slot, those that the dispatch gets to first; none where it came as an argument */
  registrations: Registered[];
  /** what puts a table of it into the very pointer that the dispatch reads */
  into: Registered[];
  /** where it was handed over or put into the pointer, for what did not come out of a table */
  passed: (TreePlace & { function: string }) | null;
  evidence: 'typed' | 'flow' | 'signature' | 'name';
}

/** Targets without repeats, in the order that they were found. */
export type TargetsByFunction = Map<string, Target>;

const keyOf = (d: Definition): string => `${d.name} ${d.file}:${d.line}`;

/** Adds a target, where its function is none of them yet. */
export function keepTarget(targets: TargetsByFunction, target: Target): void {
  const key = keyOf(target.definition);
  if (!targets.has(key)) targets.set(key, target);
}

/** The functions in a slot, and what is known of them. */
interface SlotTargets extends Pick<Narrowed, 'group' | 'narrowed'> {
  targets: Target[];
  /** all that the slot holds, whoever calls it */
  whole: SlotAnswer;
}

/**
 * Functions in the slot `owner.member`, as code of the file `from` sees them: by its tables, those that `narrow` leaves,
 * and as what other functions put there. An empty owner asks by the member's name alone.
 */
export function slotTargets(
  world: World,
  { owner, member }: { owner: string; member: string },
  from: string,
  narrow: (all: Implementation[]) => Narrowed = (all) => narrowTo(world, all, null, from),
): SlotTargets {
  const { index } = world;
  const whole = slotAnswer(world, owner, member, from);
  const targets: TargetsByFunction = new Map();
  const { reached, group, narrowed, strangers } = narrow(whole.implementations);
  for (const i of reached)
    keepTarget(targets, {
      definition: i.definition,
      registrations: i.registrations,
      into: i.into,
      passed: null,
      evidence: owner && i.registrations.some((r) => r.evidence !== 'name') ? 'typed' : 'name',
    });
  // what a function puts there goes into a table that nobody names
  if ((owner || isHolder(member)) && strangers)
    for (const flow of index.flowsTo({ kind: 'slot', owner, member })) {
      const file = index.pathOf(flow.file);
      const passed = { file, line: flow.line, column: flow.column, function: flow.function };
      addHeld({ world, targets, seen: new Set() }, flow.from, file, passed);
    }
  return { targets: [...targets.values()], group, narrowed, whole };
}

/** Ends that one question may follow, and those among them that are parameters. */
const MAX_ENDS = 200;
const MAX_PARAMETERS = 180;

/** A search backwards along flows. */
interface Search {
  world: World;
  targets: TargetsByFunction;
  /** ends that were looked at, each with its file */
  seen: Set<string>;
}

/** Adds the functions that an end may hold in a file: itself, what stands in a slot, what is handed to a parameter. */
export function addHeld(search: Search, end: End, file: string, passed: Target['passed']): void {
  const { world, targets, seen } = search;
  const key = `${endKey(end)} ${file}`;
  if (seen.size > MAX_ENDS || seen.has(key)) return;
  seen.add(key);
  switch (end.kind) {
    case 'name': {
      const definition = functionFrom(world, end.name, file);
      if (definition) keepTarget(targets, { definition, registrations: [], into: [], passed, evidence: 'flow' });
      return;
    }
    case 'slot':
      for (const { definition, registrations } of slotAnswer(world, end.owner, end.member, file).implementations)
        keepTarget(targets, { definition, registrations, into: [], passed, evidence: 'flow' });
      return;
    case 'called':
      return;
    default:
      if (seen.size <= MAX_PARAMETERS) addHanded(search, end, file);
  }
}

/** Adds what is handed to a parameter, or returned; a slot's parameter is that of every function that stands there. */
function addHanded(search: Search, end: Extract<End, { kind: 'parameter' | 'result' }>, file: string): void {
  const { world } = search;
  const { index, architecture } = world;
  const name = end.of.kind === 'name' ? end.of.name : '';
  const own = name ? functionFrom(world, name, file) : null;
  const flows = index.flowsTo(end).map((f) => ({ ...f, path: index.pathOf(f.file) }));
  for (const flow of inDomain(flows, (f) => f.path, file, architecture).seen) {
    // another function of the same name
    if (own && functionFrom(world, name, flow.path)?.file !== own.file) continue;
    const passed = { file: flow.path, line: flow.line, column: flow.column, function: flow.function };
    addHeld(search, flow.from, flow.path, passed);
  }
}
