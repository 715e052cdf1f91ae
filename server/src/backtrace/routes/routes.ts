/**
 * How one function of a backtrace is reached from the one below it, from the source alone: the call's line, what was
 * inlined in between, the slot or pointer that it went through. What a compiler inlines is guessed after GCC's habits,
 * as a cost: the lower, the likelier.
 */
import { calleesIn } from '../../facts/calls.ts';
import { newCache } from '../../index/cache.ts';
import { NameKind, type Registration } from '../../index/store/postings.ts';
import { findField, resolveType } from '../../index/types/typing.ts';
import { domainOf, folderOf, sameDomain } from '../../kernel/domain.ts';
import { eventsOfFunction, isProbeOf } from '../../resolve/names/events.ts';
import { type FunctionPlace, placesNamed } from '../../resolve/names/functionPlaces.ts';
import { definitionsFrom, FUNCTION_KINDS } from '../../resolve/names/scope.ts';
import type { Bodies, Body, BodyCall } from '../bodies/bodyCalls.ts';

/** A function that was inlined, and the line that executes in it. */
export interface InlineStep {
  function: string;
  file: string;
  line: number;
}

/** How the last step is taken. */
export interface RouteVia {
  kind: 'call' | 'dispatch' | 'pointer' | 'syscall' | 'event';
  /** `address_space_operations.readahead`, the pointer's name, or null */
  slot: string | null;
  table: string | null;
  evidence: 'typed' | 'flow' | 'signature' | 'name' | null;
  /** functions that were left by a jump, and so are missing from the stack; innermost first */
  jumped: string[];
}

/** One way from a function to the one above it. */
export interface Route {
  /** line in the lower function */
  line: number;
  /** share of its body in front of that line, 0 to 1 */
  at: number;
  /** innermost first */
  inlined: InlineStep[];
  via: RouteVia;
  /** the call is the last thing that the lower function does */
  tail: boolean;
  /** it stands where control seldom comes */
  cold: boolean;
  /** its block leaves the function early */
  leaves: boolean;
  cost: number;
}

/** The upper function, prepared for search. */
export interface Target {
  name: string;
  place: FunctionPlace | null;
  /** the function and those that jump to it, with the functions jumped from */
  names: Map<string, string[]>;
  isSystemCall: boolean;
  /** no header can name it: it is static in a .c file, and stands in no slot */
  isLocal: boolean;
  /** registrations of it and of those that jump to it, by member */
  slots: Map<string, { registration: Registration; name: string }[]>;
  /** types of the parameters of these functions, without blanks */
  params: string[][];
  /** routes found so far: without jumps through other functions, with them, and with hidden functions */
  memo: readonly Map<string, Route[]>[];
  /** functions that the trace shows to exist on their own */
  outOfLine: ReadonlySet<string>;
}

const SYSTEM_CALL = /^(?:__\w+?_)?(?:compat_)?(?:sys|SyS|SYSC)_\w+$/;
/** What a tracepoint calls. */
const IS_PROBE = /^(?:__traceiter_|trace_event_raw_event_|perf_trace_|__bpf_trace_)/;
const MAX_DEPTH = 8;
const MAX_ROUTES = 8;
const TOO_MUCH = 14;
const JUMP_COST = 0.4;

type Targets = ReturnType<typeof newCache<string, Target>>;
/** by the functions that a trace shows, too: what stands in between depends on them */
const targets = new WeakMap<Bodies, WeakMap<ReadonlySet<string>, Targets>>();

/** Prepares a function for `routesTo`; what was found out about it before is kept. */
export function targetOf(
  bodies: Bodies,
  name: string,
  place: FunctionPlace | null,
  outOfLine: ReadonlySet<string>,
): Target {
  const byTrace = targets.get(bodies) ?? new WeakMap<ReadonlySet<string>, Targets>();
  targets.set(bodies, byTrace);
  const cache = byTrace.get(outOfLine) ?? newCache<string, Target>(300);
  byTrace.set(outOfLine, cache);
  return cache.get(`${name}\0${place?.file ?? ''}\0${place?.line ?? 0}`, () =>
    newTarget(bodies, name, place, outOfLine),
  );
}

function newTarget(bodies: Bodies, name: string, place: FunctionPlace | null, outOfLine: ReadonlySet<string>): Target {
  const names = new Map<string, string[]>([[name, []]]);
  if (place && place.name !== name) names.set(place.name, []);
  if (place) addJumpers(bodies, place, names);
  const slots: Target['slots'] = new Map();
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

/**
 * Every way that was found, likeliest first. Functions that end in a jump are looked through where nothing else is
 * found. `hidden`: the trace leaves out the scheduler's own functions (`__sched`), as /proc/PID/stack does.
 */
export function routesTo(bodies: Bodies, lower: FunctionPlace, target: Target, hidden = false): Route[] {
  const plain = search({ bodies, target, jumps: false, hidden: false }, lower, 0, new Set());
  if (plain.some((r) => r.cost < GOOD)) return plain;
  return distinct([...plain, ...search({ bodies, target, jumps: true, hidden }, lower, 0, new Set())]);
}

/** One search: what is looked for, and whether functions of any file are seen through that end in a jump. */
interface Search {
  bodies: Bodies;
  target: Target;
  jumps: boolean;
  hidden: boolean;
}

const GOOD = 2.5;
/** How deep in inlined functions jumps are looked for. */
const JUMP_DEPTH = 3;

const keyOf = (p: FunctionPlace): string => `${p.file}:${p.line}:${p.name}`;

function search(way: Search, from: FunctionPlace, depth: number, active: Set<string>): Route[] {
  const { bodies, target } = way;
  const memo = target.memo[way.hidden ? 2 : way.jumps ? 1 : 0];
  const key = keyOf(from);
  const known = memo.get(key);
  if (known) return known;
  if (active.has(key) || depth > MAX_DEPTH) return [];
  const body = bodies.body(from);
  if (!body) return [];
  active.add(key);
  const routes: Route[] = [];
  for (const call of body.calls) {
    routes.push(...directRoutes(way, from, call));
    if (call.kind !== 'call' || call.name === target.name) continue;
    routes.push(...inlinedRoutes(way, from, call, depth, active));
    if (way.jumps && depth <= JUMP_DEPTH) routes.push(...jumpRoutes(way, from, call, depth, active));
  }
  active.delete(key);
  const best = distinct(routes);
  memo.set(key, best);
  return best;
}

/** The likeliest routes, one for each line and chain. */
function distinct(routes: Route[]): Route[] {
  routes.sort((a, b) => a.cost - b.cost);
  const seen = new Set<string>();
  const out: Route[] = [];
  const perLine = new Map<number, number>();
  for (const r of routes) {
    if (r.cost > TOO_MUCH) break;
    const key = `${r.line} ${r.inlined.map((s) => `${s.function}:${s.line}`).join(' ')}`;
    if (seen.has(key)) continue;
    const n = perLine.get(r.line) ?? 0;
    if (n >= 3) continue;
    perLine.set(r.line, n + 1);
    seen.add(key);
    out.push(r);
    if (out.length >= MAX_ROUTES * 3) break;
  }
  return out;
}

/** The call itself reaches the target. */
function directRoutes(way: Search, from: FunctionPlace, call: BodyCall): Route[] {
  const { bodies, target } = way;
  const route = (cost: number, via: Omit<RouteVia, 'jumped'>, jumped: string[]): Route => ({
    line: call.line,
    at: call.at,
    inlined: [],
    via: { ...via, jumped },
    tail: call.tail,
    cold: call.cold,
    leaves: call.leaves,
    cost: cost + jumped.length * JUMP_COST + ownJumpCost(bodies, from, jumped, target),
  });
  switch (call.kind) {
    case 'call': {
      const jumped = call.name.endsWith('*') ? sizedName(call.name, target) : target.names.get(call.name);
      if (!jumped || !means(bodies, from, call.name, target)) return [];
      return [route(0, { kind: 'call', slot: null, table: null, evidence: null }, jumped)];
    }
    case 'member': {
      let best: { cost: number; entry: { registration: Registration; name: string } } | null = null;
      for (const entry of target.slots.get(call.name) ?? []) {
        const { registration: r } = entry;
        if (call.owner && r.owner && call.owner !== r.owner) continue;
        const typed = call.owner !== '' && r.owner === call.owner && r.evidence === 'typed';
        const cost = (typed ? 0.3 : 1.5) + (target.names.get(entry.name)?.length ?? 0) * JUMP_COST;
        if (!best || cost < best.cost) best = { cost, entry };
      }
      // a slot that nothing is known to put the target into: the last resort
      if (!best && way.jumps) {
        const jumper = slotJumper(bodies, call, target);
        if (jumper) {
          const via = { kind: 'dispatch', slot: slotName(call), table: jumper.variable, evidence: 'typed' } as const;
          return [route(0.5, via, [jumper.target])];
        }
      }
      if (!best) {
        const fits = signatureFits(bodies, call, target);
        return fits === false
          ? []
          : [route(fits ? 3 : 5, { kind: 'dispatch', slot: slotName(call), table: null, evidence: 'signature' }, [])];
      }
      const { registration: r, name } = best.entry;
      const owner = call.owner || r.owner;
      return [
        route(
          best.cost - (target.names.get(name)?.length ?? 0) * JUMP_COST,
          {
            kind: 'dispatch',
            slot: owner ? `${owner}.${call.name}` : call.name,
            table: r.variable || null,
            evidence: call.owner && r.owner ? 'typed' : 'name',
          },
          target.names.get(name) ?? [],
        ),
      ];
    }
    case 'pointer':
      if (call.member && target.slots.has(call.member))
        return directRoutes(way, from, { ...call, kind: 'member', name: call.member }).map((r) => ({
          ...r,
          via: { ...r.via, evidence: 'flow' },
        }));
      if (call.name.startsWith('tp_func_'))
        return IS_PROBE.test(target.name)
          ? [route(0.1, { kind: 'event', slot: call.name.slice(8), table: null, evidence: null }, [])]
          : [];
      return [
        route(
          call.patched ? 5 : 3.5,
          { kind: 'pointer', slot: call.name || null, table: null, evidence: 'signature' },
          [],
        ),
      ];
    case 'argument': {
      if (call.name !== target.name || !means(bodies, from, call.name, target)) return [];
      return [route(1.2, { kind: 'pointer', slot: null, table: null, evidence: 'flow' }, [])];
    }
    case 'event': {
      const event = eventsOfFunction(bodies.index, `trace_${call.name}`).find((e) => isProbeOf(e, target.name));
      return event ? [route(0.1, { kind: 'event', slot: event.name, table: null, evidence: null }, [])] : [];
    }
    case 'syscall':
      return target.isSystemCall ? [route(0.3, { kind: 'syscall', slot: null, table: null, evidence: null }, [])] : [];
  }
}

/** A function in the slot, from the target's folder, that ends by calling the target. */
function slotJumper(bodies: Bodies, call: BodyCall, target: Target): Registration | null {
  if (!call.owner || !target.place) return null;
  const folder = `${folderOf(target.place.file)}/`;
  for (const r of bodies.index.registrationsOfSlot(call.owner, call.name)) {
    const file = bodies.index.pathOf(r.file);
    if (!file.startsWith(folder) || r.own?.kind !== NameKind.Function || !mentions(bodies, file, target)) continue;
    const place: FunctionPlace = {
      ...{ name: r.target, file, line: r.own.line, column: r.own.column, index: r.own.index },
      ...{ kind: 'function', static: true, macro: false },
    };
    if (bodies.body(place)?.calls.some((c) => c.tail && c.kind === 'call' && target.names.has(c.name))) return r;
  }
  return null;
}

/** `__put_user_*` is any of that name with a size behind it. */
const sizedName = (name: string, target: Target): string[] | undefined =>
  /^\d+$/.test(target.name.slice(name.length - 1)) && target.name.startsWith(name.slice(0, -1)) ? [] : undefined;

/** Do a slot's parameters have the target's types? Null where one of the two isn't known. */
function signatureFits(bodies: Bodies, call: BodyCall, target: Target): boolean | null {
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

const plainType = (text: string): string => text.replace(/\bconst\b|\s+/g, '');

const slotName = (call: BodyCall): string => (call.owner ? `${call.owner}.${call.name}` : call.name);

/** A function of the same file would rather have been inlined. */
function ownJumpCost(bodies: Bodies, from: FunctionPlace, jumped: readonly string[], target: Target): number {
  const [name] = jumped.slice(-1);
  if (name === undefined || target.place?.file !== from.file) return 0;
  const [callee] = calleesOf(bodies, from, name);
  const body = callee && bodies.body(callee);
  return body ? callCosts(bodies, from, callee, body, target).jumped : 0;
}

/** Does the name, where it is called, mean the target and not another function of that name? */
function means(bodies: Bodies, from: FunctionPlace, name: string, target: Target): boolean {
  if (!target.place || (name !== target.name && name !== target.place.name)) return true;
  if (target.place.file === from.file || !target.place.static) return true;
  const found = definitionsFrom(bodies, name, from.file, FUNCTION_KINDS);
  return found.length === 0 || found.some((d) => d.file === target.place?.file);
}

/** The call's function was inlined, or it jumped on: the target is reached from there. */
function inlinedRoutes(way: Search, from: FunctionPlace, call: BodyCall, depth: number, active: Set<string>): Route[] {
  const { bodies, target } = way;
  const out: Route[] = [];
  const handsOn = () => call.args.some((a) => a !== '' && bodies.callCounts(from.file).has(`${a}()`));
  for (const callee of calleesOf(bodies, from, call.name)) {
    if (!way.jumps && target.isLocal && callee.file.endsWith('.h') && callee.file !== from.file && !handsOn()) continue;
    const body = bodies.body(callee);
    if (!body || body.calls.length === 0) continue;
    const cost = callCosts(bodies, from, callee, body, target).inlined;
    if (cost > TOO_MUCH) continue;
    const routes = [...search(way, callee, depth + 1, active), ...handedRoutes(way, from, body, call, depth, active)];
    for (const inner of routes) {
      const total = cost + inner.cost;
      if (total > TOO_MUCH) continue;
      out.push({
        line: call.line,
        at: call.at,
        inlined: [...inner.inlined, { function: callee.name, file: callee.file, line: inner.line }],
        via: inner.via,
        tail: call.tail && inner.tail,
        cold: call.cold || inner.cold,
        leaves: call.leaves,
        cost: total,
      });
    }
  }
  return out;
}

/** The call hands a function on, which its inlined function calls through a parameter: `kref_put(ref, release)`. */
function handedRoutes(
  way: Search,
  from: FunctionPlace,
  body: Body,
  call: BodyCall,
  depth: number,
  active: Set<string>,
): Route[] {
  if (!body.params || call.args.every((a) => a === '')) return [];
  const out: Route[] = [];
  for (const inner of body.calls) {
    if (inner.kind !== 'pointer') continue;
    const name = call.args[body.params.indexOf(inner.name)];
    if (!name) continue;
    const handed: BodyCall = { ...inner, kind: 'call', name, args: [] };
    out.push(...directRoutes(way, from, handed));
    if (name !== way.target.name) out.push(...inlinedRoutes(way, from, handed, depth + 1, active));
  }
  return out.map((r) => ({ ...r, via: { ...r.via, evidence: r.via.evidence ?? 'flow' } }));
}

/** The call's function is not inlined and ends in a jump to the target. */
function jumpRoutes(way: Search, from: FunctionPlace, call: BodyCall, depth: number, active: Set<string>): Route[] {
  const { bodies, target } = way;
  if (target.names.has(call.name)) return [];
  const [found] = definitionsFrom(bodies, call.name, from.file, FUNCTION_KINDS).filter((d) => d.file.endsWith('.c'));
  if (!found || !mentions(bodies, found.file, target)) return [];
  const callee: FunctionPlace = { ...found, kind: 'function' };
  const body = bodies.body(callee);
  const isHidden = way.hidden && body?.scheduling === true;
  if (!isHidden && !body?.calls.some((c) => c.tail)) return [];
  if (!body) return [];
  const cost = callee.file === from.file ? callCosts(bodies, from, callee, body, target).jumped : 0;
  return search(way, callee, depth + 1, active)
    .filter((inner) => (inner.tail || isHidden) && cost + inner.cost <= TOO_MUCH)
    .map((inner) => ({
      ...inner,
      line: call.line,
      at: call.at,
      inlined: [],
      via: { ...inner.via, jumped: [...inner.via.jumped, callee.name] },
      tail: call.tail,
      cold: call.cold,
      leaves: call.leaves,
      cost: cost + inner.cost + JUMP_COST,
    }));
}

/** Does any function of a file name the target or one of its slots? Most files don't, and need no further look. */
function mentions(bodies: Bodies, file: string, target: Target): boolean {
  if (target.place?.file === file) return true;
  const counts = bodies.callCounts(file);
  for (const name of target.names.keys()) if (counts.has(name)) return true;
  for (const member of target.slots.keys()) if (member && counts.has(`->${member}`)) return true;
  return target.isSystemCall && bodies.dispatchesSystemCalls(file);
}

const callees = new WeakMap<Bodies, ReturnType<typeof newCache<string, FunctionPlace[]>>>();

/** The functions that a name may mean in a file, as far as they have a body to inline. */
function calleesOf(bodies: Bodies, from: FunctionPlace, name: string): FunctionPlace[] {
  let cache = callees.get(bodies);
  if (!cache) {
    cache = newCache<string, FunctionPlace[]>(20_000);
    callees.set(bodies, cache);
  }
  return cache.get(`${from.file}\0${name}`, () => {
    const found = definitionsFrom(bodies, name, from.file, FUNCTION_KINDS).filter(
      (d) => d.file === from.file || d.file.endsWith('.h'),
    );
    const [first] = found;
    const all = placesNamed(bodies.index, name);
    if (!first) return all.filter((p) => p.kind === 'event');
    // the arms of one #if define it in the same file: any of them may be the compiled one
    return found
      .filter((d) => d.file === first.file)
      .slice(0, 4)
      .flatMap((d) => all.filter((p) => p.file === d.file && p.line === d.line))
      .filter((p) => sameDomain('kernel/*', domainOf(p.file), bodies.architecture) || p.file === from.file);
  });
}

/** What GCC does with a call: the costs of its function being inlined, and of its being left by a jump. */
interface CallCosts {
  inlined: number;
  jumped: number;
}

const NEVER = Number.POSITIVE_INFINITY;

function callCosts(bodies: Bodies, from: FunctionPlace, callee: FunctionPlace, body: Body, target: Target): CallCosts {
  if (body.never) return { inlined: NEVER, jumped: 0 };
  const share =
    inlineShare(bodies, from, callee, body, target.outOfLine.has(callee.name)) *
    (body.debugging ? 0.2 : body.unusual ? 0.5 : 1);
  return { inlined: -Math.log(share), jumped: -Math.log(1 - share) };
}

/** How often GCC inlines such a function. */
function inlineShare(bodies: Bodies, from: FunctionPlace, callee: FunctionPlace, body: Body, isFrame: boolean): number {
  if (body.always) return 0.99;
  const size = Math.max(1, body.size);
  if (callee.macro) return isFrame ? 0.6 : 0.9;
  if (callee.file.endsWith('.h') || body.inline) {
    const plain = size <= 300 ? 0.93 : 0.75;
    return hasOwnFunction(bodies, from, callee) ? 0.05 : isFrame ? 0.4 : plain;
  }
  const bySize = size <= 30 ? 0.8 : size <= 60 ? 0.5 : size <= 120 ? 0.2 : size <= 250 ? 0.06 : 0.02;
  if (!callee.static) return isFrame ? bySize * 0.5 : bySize;
  const calls = bodies.callCounts(from.file).get(callee.name) ?? 1;
  if (calls <= 1 && !isAddressTaken(bodies, callee)) return isFrame ? 0.1 : 0.9;
  return isFrame ? bySize * 0.4 : bySize;
}

/** Does another configuration have a function of its own for what is inline in this header? */
function hasOwnFunction(bodies: Bodies, from: FunctionPlace, callee: FunctionPlace): boolean {
  if (!callee.file.endsWith('.h')) return false;
  return definitionsFrom(bodies, callee.name, from.file, FUNCTION_KINDS).some(
    (d) => !d.static && d.file.endsWith('.c'),
  );
}

const isAddressTaken = (bodies: Bodies, p: FunctionPlace): boolean =>
  bodies.index.registrationsOfTarget(p.name).some((r) => bodies.index.pathOf(r.file) === p.file);
