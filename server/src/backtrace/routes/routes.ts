/**
 * How one function of a backtrace is reached from the one below it, from the source alone: the call's line, what was
 * inlined in between, the slot or pointer that it went through. What a compiler inlines is guessed after GCC's habits,
 * as a cost: the lower, the likelier.
 */

import { definitionsFrom, FUNCTION_KINDS } from '../../resolve/names/scope.ts';
import type { Bodies, Body } from '../bodies/bodies.ts';
import type { BodyCall } from '../bodies/callees.ts';
import type { FunctionPlace } from '../functions/functionPlaces.ts';
import { directRoutes, JUMP_COST, mentions, type Search } from './directRoutes.ts';
import { callCosts, calleesOf } from './inlining.ts';
import type { Route } from './route.ts';
import type { RouteTarget } from './target.ts';

const MAX_DEPTH = 8;
const MAX_ROUTES = 8;
const TOO_MUCH = 14;

/**
 * Every way that was found, likeliest first. Functions that end in a jump are looked through where nothing else is
 * found. `hidden`: the trace leaves out the scheduler's own functions (`__sched`), as /proc/PID/stack does.
 */
export function routesTo(bodies: Bodies, lower: FunctionPlace, target: RouteTarget, hidden = false): Route[] {
  const plain = search({ bodies, target, jumps: false, hidden: false }, lower, 0, new Set());
  if (plain.some((r) => r.cost < GOOD)) return plain;
  return distinct([...plain, ...search({ bodies, target, jumps: true, hidden }, lower, 0, new Set())]);
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
