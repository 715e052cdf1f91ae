/** What a compiler does with a call, guessed after GCC's habits, as costs. */

import { newCache } from '../../index/cache.ts';
import { domainOf, sameDomain } from '../../kernel/domain.ts';
import { definitionsFrom, FUNCTION_KINDS } from '../../resolve/names/scope.ts';
import type { Bodies, Body } from '../bodies/bodies.ts';
import { type FunctionPlace, placesNamed } from '../functions/functionPlaces.ts';
import type { RouteTarget } from './target.ts';

const callees = new WeakMap<Bodies, ReturnType<typeof newCache<string, FunctionPlace[]>>>();

/** The functions that a name may mean in a file, as far as they have a body to inline. */
export function calleesOf(bodies: Bodies, from: FunctionPlace, name: string): FunctionPlace[] {
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

/** The costs of a call in `from`: negative logarithms of how often each is done. */
export function callCosts(
  bodies: Bodies,
  from: FunctionPlace,
  callee: FunctionPlace,
  body: Body,
  target: RouteTarget,
): CallCosts {
  if (body.never) return { inlined: NEVER, jumped: 0 };
  const present = body.debugging ? 0.2 : body.unusual ? 0.5 : 1;
  const share = inlineShare(bodies, from, callee, body, target.outOfLine.has(callee.name)) * present;
  return { inlined: -Math.log(share), jumped: -Math.log(1 - share) };
}

/** Tokens of a body, and how often GCC inlines one of that size for its size alone. */
const BY_SIZE: readonly (readonly [most: number, share: number])[] = [
  [30, 0.8],
  [60, 0.5],
  [120, 0.2],
  [250, 0.06],
  [Number.POSITIVE_INFINITY, 0.02],
];

const shareBySize = (size: number): number => BY_SIZE.find(([most]) => size <= most)?.[1] ?? 0;

/** How often GCC inlines such a function. `isFrame`: the trace shows it as a frame of its own elsewhere. */
function inlineShare(bodies: Bodies, from: FunctionPlace, callee: FunctionPlace, body: Body, isFrame: boolean): number {
  if (body.always) return 0.99;
  if (callee.macro) return isFrame ? 0.6 : 0.9;
  if (callee.file.endsWith('.h') || body.inline) {
    if (hasOwnFunction(bodies, from, callee)) return 0.05;
    return isFrame ? 0.4 : body.size <= 300 ? 0.93 : 0.75;
  }
  const bySize = shareBySize(body.size);
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
