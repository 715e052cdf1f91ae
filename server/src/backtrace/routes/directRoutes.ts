/** The last step of a route: a call that may reach the target itself, by name, through a slot or through a pointer. */

import { NameKind, type Registration } from '../../index/store/postings.ts';
import { findField, resolveType } from '../../index/types/typing.ts';
import { folderOf } from '../../kernel/domain.ts';
import { definitionsFrom, FUNCTION_KINDS } from '../../resolve/names/scope.ts';
import type { Bodies } from '../bodies/bodies.ts';
import type { BodyCall } from '../bodies/callees.ts';
import { eventsOfFunction, isProbeOf } from '../events.ts';
import type { FunctionPlace } from '../functions/functionPlaces.ts';
import { callCosts, calleesOf } from './inlining.ts';
import type { Route, RouteVia } from './route.ts';
import { plainType, type RouteTarget, type SlotEntry } from './target.ts';

/** What a tracepoint calls. */
const IS_PROBE = /^(?:__traceiter_|trace_event_raw_event_|perf_trace_|__bpf_trace_)/;
export const JUMP_COST = 0.4;

/** One search: what is looked for, and whether functions of any file are seen through that end in a jump. */
export interface Search {
  bodies: Bodies;
  target: RouteTarget;
  jumps: boolean;
  hidden: boolean;
}

/** The call itself reaches the target: at most one way, whatever kind of call it is. */
export function directRoutes(way: Search, from: FunctionPlace, call: BodyCall): Route[] {
  const step = stepOf(way, from, call);
  if (!step) return [];
  const { bodies, target } = way;
  const { cost, via, jumped } = step;
  return [
    {
      line: call.line,
      at: call.at,
      inlined: [],
      via: { ...via, jumped },
      tail: call.tail,
      cold: call.cold,
      leaves: call.leaves,
      cost: cost + jumped.length * JUMP_COST + ownJumpCost(bodies, from, jumped, target),
    },
  ];
}

/** One step, its cost without what is left by jumps, and what is left so, innermost first. */
interface Step {
  cost: number;
  via: Omit<RouteVia, 'jumped'>;
  jumped: string[];
}

const step = (cost: number, via: Partial<Step['via']> & Pick<Step['via'], 'kind'>, jumped: string[] = []): Step => ({
  cost,
  via: { slot: null, holders: [], evidence: null, ...via },
  jumped,
});

function stepOf(way: Search, from: FunctionPlace, call: BodyCall): Step | null {
  const { bodies, target } = way;
  switch (call.kind) {
    case 'call': {
      const jumped = call.name.endsWith('*') ? sizedName(call.name, target) : target.names.get(call.name);
      return jumped && means(bodies, from, call.name, target) ? step(0, { kind: 'call' }, jumped) : null;
    }
    case 'member':
      return memberStep(way, call);
    case 'pointer':
      return pointerStep(way, call);
    case 'argument': {
      const isMeant = call.name === target.name && means(bodies, from, call.name, target);
      return isMeant ? step(1.2, { kind: 'pointer', evidence: 'flow' }) : null;
    }
    case 'event': {
      const event = eventsOfFunction(bodies.index, `trace_${call.name}`).find((e) => isProbeOf(e, target.name));
      return event ? step(0.1, { kind: 'event', slot: event.name }) : null;
    }
    case 'syscall':
      return target.isSystemCall ? step(0.3, { kind: 'syscall' }) : null;
  }
}

/** Through a member: into a slot that holds the target, else into one that could by its type. */
function memberStep({ bodies, target, jumps }: Search, call: BodyCall): Step | null {
  const best = cheapestEntry(target, call);
  if (best) {
    const { registration: r, name } = best.entry;
    const owner = call.owner || r.owner;
    return step(
      best.cost,
      {
        kind: 'dispatch',
        slot: owner ? `${owner}.${call.name}` : call.name,
        holders: best.holders,
        evidence: call.owner && r.owner ? 'typed' : 'name',
      },
      target.names.get(name),
    );
  }
  // a slot that nothing is known to put the target into: the last resort
  const jumpers = jumps ? slotJumpers(bodies, call, target) : [];
  if (jumpers.length > 0) {
    const via = { kind: 'dispatch', slot: slotName(call), holders: jumpers, evidence: 'typed' } as const;
    return step(0.5, via, [jumpers[0].target]);
  }
  const fits = signatureFits(bodies, call, target);
  return fits === false ? null : step(fits ? 3 : 5, { kind: 'dispatch', slot: slotName(call), evidence: 'signature' });
}

/** Registrations that a member may have gone through, as good as each other, and what they cost. */
interface BestEntry {
  cost: number;
  entry: SlotEntry;
  holders: Registration[];
}

/** The registrations that are likeliest behind a member: typed ones first, and those that need no jump. */
function cheapestEntry(target: RouteTarget, call: BodyCall): BestEntry | null {
  let best: BestEntry | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const entry of target.slots.get(call.name) ?? []) {
    const { registration: r } = entry;
    if (call.owner && r.owner && call.owner !== r.owner) continue;
    const typed = call.owner !== '' && r.owner === call.owner && r.evidence === 'typed';
    const cost = typed ? 0.3 : 1.5;
    const withJumps = cost + (target.names.get(entry.name)?.length ?? 0) * JUMP_COST;
    if (best && withJumps === least && (call.owner || best.entry.registration.owner === r.owner)) best.holders.push(r);
    if (withJumps >= least) continue;
    least = withJumps;
    best = { cost, entry, holders: [r] };
  }
  return best;
}

/** Through a pointer: to a member's value that it was given here, to a tracepoint's probes, to anything. */
function pointerStep(way: Search, call: BodyCall): Step | null {
  const { target } = way;
  if (call.member && target.slots.has(call.member)) {
    const given = memberStep(way, { ...call, kind: 'member', name: call.member });
    return given && { ...given, via: { ...given.via, evidence: 'flow' } };
  }
  if (call.name.startsWith('tp_func_'))
    return IS_PROBE.test(target.name) ? step(0.1, { kind: 'event', slot: call.name.slice(8) }) : null;
  return step(call.patched ? 5 : 3.5, { kind: 'pointer', slot: call.name || null, evidence: 'signature' });
}

/** Registrations of a function in the slot, from the target's folder, that ends by calling the target; none without one. */
function slotJumpers(bodies: Bodies, call: BodyCall, target: RouteTarget): Registration[] {
  if (!call.owner || !target.place) return [];
  const folder = `${folderOf(target.place.file)}/`;
  const all = bodies.index.registrationsOfSlot(call.owner, call.name);
  for (const r of all) {
    const file = bodies.index.pathOf(r.file);
    if (!file.startsWith(folder) || r.own?.kind !== NameKind.Function || !mentions(bodies, file, target)) continue;
    const place: FunctionPlace = {
      ...{ name: r.target, file, line: r.own.line, column: r.own.column, index: r.own.index },
      ...{ kind: 'function', static: true, macro: false },
    };
    if (bodies.body(place)?.calls.some((c) => c.tail && c.kind === 'call' && target.names.has(c.name)))
      return all.filter((other) => other.target === r.target && other.file === r.file);
  }
  return [];
}

/** `__put_user_*` is any of that name with a size behind it. */
const sizedName = (name: string, target: RouteTarget): string[] | undefined =>
  /^\d+$/.test(target.name.slice(name.length - 1)) && target.name.startsWith(name.slice(0, -1)) ? [] : undefined;

/** Do a slot's parameters have the target's types? Null where one of the two isn't known. */
function signatureFits(bodies: Bodies, call: BodyCall, target: RouteTarget): boolean | null {
  const { types } = bodies.index;
  if (target.params.length === 0 || !call.owner) return null;
  for (const at of types.recordsByTag(call.owner)) {
    const found = findField(types, at, call.name);
    if (!found) continue;
    const { shape } = resolveType(types, { text: found.field.type, file: found.file });
    if (!shape.ops.includes('()')) return null;
    const wanted = shape.params === 'void' || shape.params === '' ? [] : shape.params.split(',').map(plainType);
    return target.params.some(
      (own) => own.length === wanted.length && wanted.every((type, i) => type.startsWith(own[i])),
    );
  }
  return null;
}

const slotName = (call: BodyCall): string => (call.owner ? `${call.owner}.${call.name}` : call.name);

/** A function of the same file would rather have been inlined. */
function ownJumpCost(bodies: Bodies, from: FunctionPlace, jumped: readonly string[], target: RouteTarget): number {
  const [name] = jumped.slice(-1);
  if (name === undefined || target.place?.file !== from.file) return 0;
  const [callee] = calleesOf(bodies, from, name);
  const body = callee && bodies.body(callee);
  return body ? callCosts(bodies, from, callee, body, target).jumped : 0;
}

/** Does the name, where it is called, mean the target and not another function of that name? */
function means(bodies: Bodies, from: FunctionPlace, name: string, target: RouteTarget): boolean {
  if (!target.place || (name !== target.name && name !== target.place.name)) return true;
  if (target.place.file === from.file || !target.place.static) return true;
  const found = definitionsFrom(bodies, name, from.file, FUNCTION_KINDS);
  // a function of the caller's own file hides all others of its name
  if (found.some((d) => d.file === from.file)) return false;
  return found.length === 0 || found.some((d) => d.file === target.place?.file);
}

/** Does any function of a file name the target or one of its slots? Most files don't, and need no further look. */
export function mentions(bodies: Bodies, file: string, target: RouteTarget): boolean {
  if (target.place?.file === file) return true;
  const counts = bodies.callCounts(file);
  for (const name of target.names.keys()) if (counts.has(name)) return true;
  for (const member of target.slots.keys()) if (member && counts.has(`->${member}`)) return true;
  return target.isSystemCall && bodies.dispatchesSystemCalls(file);
}
