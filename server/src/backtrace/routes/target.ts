/** The upper of two functions of a backtrace, prepared: its other names, the slots it stands in, who jumps to it. */

import { calleesIn } from '../../facts/calls.ts';
import { newCache } from '../../index/cache.ts';
import type { Registration } from '../../index/store/postings.ts';
import type { Bodies } from '../bodies/bodies.ts';
import type { FunctionPlace } from '../functions/functionPlaces.ts';
import type { Route } from './route.ts';

/** A registration of a function under one of its names. */
export interface SlotEntry {
  registration: Registration;
  name: string;
}

/** The upper function, prepared for search. */
export interface RouteTarget {
  name: string;
  place: FunctionPlace | null;
  /** the function and those that jump to it, with the functions jumped from */
  names: Map<string, string[]>;
  isSystemCall: boolean;
  /** no header can name it: it is static in a .c file, and stands in no slot */
  isLocal: boolean;
  /** registrations of it and of those that jump to it, by member */
  slots: Map<string, SlotEntry[]>;
  /** types of the parameters of these functions, without blanks */
  params: string[][];
  /** routes found so far: without jumps through other functions, with them, and with hidden functions */
  memo: readonly Map<string, Route[]>[];
  /** functions that the trace shows to exist on their own */
  outOfLine: ReadonlySet<string>;
}

const SYSTEM_CALL = /^(?:__\w+?_)?(?:compat_)?(?:sys|SyS|SYSC)_\w+$/;

type Targets = ReturnType<typeof newCache<string, RouteTarget>>;
/** by the functions that a trace shows, too: what stands in between depends on them */
const targets = new WeakMap<Bodies, WeakMap<ReadonlySet<string>, Targets>>();

/** Prepares a function for `routesTo`; what was found out about it before is kept. */
export function targetOf(
  bodies: Bodies,
  name: string,
  place: FunctionPlace | null,
  outOfLine: ReadonlySet<string>,
): RouteTarget {
  const byTrace = targets.get(bodies) ?? new WeakMap<ReadonlySet<string>, Targets>();
  targets.set(bodies, byTrace);
  const cache = byTrace.get(outOfLine) ?? newCache<string, RouteTarget>(300);
  byTrace.set(outOfLine, cache);
  return cache.get(`${name}\0${place?.file ?? ''}\0${place?.line ?? 0}`, () =>
    newTarget(bodies, name, place, outOfLine),
  );
}

function newTarget(
  bodies: Bodies,
  name: string,
  place: FunctionPlace | null,
  outOfLine: ReadonlySet<string>,
): RouteTarget {
  const names = new Map<string, string[]>([[name, []]]);
  if (place && place.name !== name) names.set(place.name, []);
  if (place) addJumpers(bodies, place, names);
  const slots: RouteTarget['slots'] = new Map();
  for (const known of names.keys())
    for (const registration of bodies.index.registrationsOfTarget(known)) {
      if (registration.kind === 'install') continue;
      const list = slots.get(registration.member);
      const entry = { registration, name: known };
      if (list) list.push(entry);
      else slots.set(registration.member, [entry]);
    }
  const isSystemCall = [...names.keys()].some((n) => SYSTEM_CALL.test(n));
  return {
    ...{ name, place, names, isSystemCall, slots, outOfLine },
    isLocal: place !== null && slots.size === 0 && isLocal(bodies, place, names),
    params: place ? paramTypes(bodies, place, names) : [],
    memo: [new Map(), new Map(), new Map()],
  };
}

function isLocal(bodies: Bodies, place: FunctionPlace, names: Map<string, string[]>): boolean {
  if (!place.static || !place.file.endsWith('.c')) return false;
  const functions = bodies.index.facts(place.file)?.functions ?? [];
  return [...names.keys()].every((name) => functions.some((f) => f.name === name && f.static));
}

function paramTypes(bodies: Bodies, place: FunctionPlace, names: Map<string, string[]>): string[][] {
  const functions = bodies.index.facts(place.file)?.functions ?? [];
  return functions.filter((f) => names.has(f.name) && !f.macro).map((f) => f.params.map((p) => plainType(p.type)));
}

/** Functions of the same file that end by calling a known one: the compiler makes that a jump, and they leave no frame. */
function addJumpers(bodies: Bodies, place: FunctionPlace, names: Map<string, string[]>): void {
  const facts = bodies.index.facts(place.file);
  if (!facts) return;
  for (let round = 0; round < 4; round++) {
    const before = names.size;
    for (const c of facts.calls) {
      const fn = facts.functions[c.function];
      if (!fn || names.has(fn.name)) continue;
      const called = calleesIn(c).filter((n) => names.has(n));
      if (called.length === 0) continue;
      const body = bodies.body({ ...placeOfFact(place.file, fn), index: c.function });
      const jump = body?.calls.find((b) => b.tail && b.kind === 'call' && names.has(b.name));
      if (jump) names.set(fn.name, [...(names.get(jump.name) ?? []), fn.name]);
    }
    if (names.size === before || names.size > 60) return;
  }
}

const placeOfFact = (
  file: string,
  f: { name: string; line: number; column: number; static: boolean; macro: boolean },
): FunctionPlace => ({
  name: f.name,
  file,
  line: f.line,
  column: f.column,
  kind: 'function',
  static: f.static,
  macro: f.macro,
  index: -1,
});

/** A type as it is compared: without const and blanks. */
export const plainType = (text: string): string => text.replace(/\bconst\b|\s+/g, '');
