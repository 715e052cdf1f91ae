import { beforeAll, expect, test } from 'vitest';
import { callCosts, calleesOf } from '../../../../server/src/backtrace/routes/inlining.ts';
import { targetOf } from '../../../../server/src/backtrace/routes/target.ts';
import { bodiesIn, type TreeOfBodies } from '../../support/bodies.ts';

let tree: TreeOfBodies;

const LONG = Array.from({ length: 30 }, (_, i) => `\tn += ${i} * n;`).join('\n');

beforeAll(async () => {
  tree = await bodiesIn(`
//@ include/linux/pipe.h
static __always_inline int always(int n) { return n; }
static inline int in_header(int n) { return n; }
#ifdef CONFIG_EITHER
int either(int n);
#else
static inline int either(int n) { return n; }
#endif
//@ include/trace/events/pipes.h
TRACE_EVENT(drained, TP_PROTO(int n));
//@ fs/either.c
int either(int n) { return n; }
int elsewhere(int n) { return n; }
//@ fs/pipes.c
#include <linux/pipe.h>
static noinline int never(int n) { return n; }
static int once(int n) { return n; }
static int thrice(int n) { return n; }
static int long_one(int n)
{
${LONG}
	return n;
}
#ifdef CONFIG_FAST
static int armed(int n) { return n; }
#else
static int armed(int n) { return n + 1; }
#endif
int caller(int n)
{
	never(once(n));
	trace_drained(n);
	return thrice(1) + thrice(2) + thrice(n) + long_one(n) + long_one(1) + always(n) + in_header(n) + either(n);
}
`);
});

const callees = (name: string) => calleesOf(tree.bodies, tree.place('caller'), name);

/** What a call of `name` in `caller` costs; `shown`: the functions that the trace has frames of. */
function costs(name: string, ...shown: string[]) {
  const [callee] = callees(name);
  const target = targetOf(tree.bodies, 'gone', null, new Set(shown));
  const body = tree.bodies.body(callee);
  if (!body) throw new Error(`${name} has no body`);
  return callCosts(tree.bodies, tree.place('caller'), callee, body, target);
}
const inlined = (name: string, ...shown: string[]): number => costs(name, ...shown).inlined;

test('what may be inlined stands in the file or in a header; any arm of an #if may be the one', () => {
  expect(callees('once').map((p) => p.file)).toEqual(['fs/pipes.c']);
  expect(callees('in_header').map((p) => p.file)).toEqual(['include/linux/pipe.h']);
  expect(callees('armed')).toHaveLength(2);
  expect(callees('elsewhere')).toEqual([]);
  expect(callees('trace_drained').map((p) => p.kind)).toEqual(['event']);
});

test('noinline is never inlined, and is left by a jump for nothing', () => {
  expect(costs('never')).toEqual({ inlined: Number.POSITIVE_INFINITY, jumped: 0 });
});

test('the likelier the compiler inlines, the less it costs', () => {
  const order = ['always', 'once', 'thrice', 'long_one'];
  expect(order.map((name) => inlined(name)).every((cost, i, all) => i === 0 || cost > all[i - 1])).toBe(true);
  const jumps = order.map((name) => costs(name).jumped);
  expect(jumps.every((cost, i) => i === 0 || cost < jumps[i - 1])).toBe(true);
});

test('a frame of its own in the trace tells against it, and so does a function of another configuration', () => {
  for (const name of ['once', 'thrice', 'in_header']) expect(inlined(name, name)).toBeGreaterThan(inlined(name));
  expect(inlined('always', 'always')).toBe(inlined('always'));
  expect(inlined('either')).toBeGreaterThan(inlined('in_header'));
});
