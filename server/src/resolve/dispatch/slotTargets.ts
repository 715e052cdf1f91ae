/** The functions that a pointer may hold: what its slot's tables hold, and what other code puts there. */

import { isHolder } from '../../index/link/holders.ts';
import type { Definition } from '../names/scope.ts';
import { type Implementation, type Registered, type SlotAnswer, slotAnswer, slotSeen } from '../slots/slots.ts';
import type { TreePlace, World } from '../world.ts';
import { type Narrowed, narrowTo } from './narrow.ts';
import { openWays, type Stop, stepsInto, type Ways, walk } from './ways.ts';

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
    addHeld(openWays(world, from), targets, [slotSeen(world, { kind: 'slot', owner, member }, from)], true);
  return { targets: [...targets.values()], group, narrowed, whole };
}

/**
 * Adds the functions that get to some stops, each with the place where it is handed over, or put where it is taken from.
 * `handed`: not those that are registered in the stops themselves, which are known.
 */
export function addHeld(ways: Ways, targets: TargetsByFunction, starts: readonly Stop[], handed = false): void {
  for (const { stop, step, from } of walk(starts, (at, isStart) => stepsInto(ways, at, handed && isStart))) {
    if (stop.kind !== 'function') continue;
    const { definition } = stop;
    const registrations = step?.registrations ?? [];
    const handing = registrations.length > 0 ? (from?.step ?? null) : step;
    const passed = handing && { ...handing.place, function: handing.by };
    keepTarget(targets, { definition, registrations, into: [], passed, evidence: 'flow' });
  }
}
