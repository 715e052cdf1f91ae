import { beforeAll, describe, expect, test } from 'vitest';
import { openBodies } from '../../../../server/src/backtrace/bodies/bodies.ts';
import type { BodyCall } from '../../../../server/src/backtrace/bodies/bodyCalls.ts';
import { placesNamed } from '../../../../server/src/backtrace/functions/functionPlaces.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/defs.h
struct dev;
struct dev_ops { int (*go)(struct dev *d); };
struct dev { const struct dev_ops *ops; };
int f(int n);
int g(int n);
int h(int n);
void cb(int n);
void later(void (*fn)(int));
void __put_user_8(void);
#define unlikely(x) __builtin_expect(!!(x), 0)
#define NOTHING(x) do { } while (0)
//@ include/linux/wrap.h
#define CALL_IT(fn, ...) fn(__VA_ARGS__)
#define BOTH(n) do { f(n); g(n); } while (0)
//@ include/linux/debug.h
#ifdef CONFIG_DEBUG_IT
#define CHECKED(n) g(n)
#else
#define CHECKED(n) f(n)
#endif
//@ kernel/a.c
#include <linux/defs.h>
#define MAKE(name) static noinline int make_##name(int n) { return f(n); } int name(int n)
int plain(struct dev *d, int (*fn)(int))
{
	int r = f(1);
	if (unlikely(r < 0)) {
		g(2);
	}
	d->ops->go(d);
	fn(3);
	return h(4);
}
void macros(int n)
{
	BOTH(n);
	CALL_IT(h,
		n);
	CHECKED(n);
	NOTHING(n);
}
int tails(int n)
{
	int r;
	if (n)
		return f(n);
	if (n > 2) {
		r = g(n);
	} else {
		r = n;
	}
	return r;
}
void last(int n)
{
	f(n);
	if (n)
		g(n);
}
void taken(struct dev *d)
{
	int (*fn)(struct dev *) = d->ops->go;
	later(cb);
	fn(d);
	asm volatile("call __" "put_user" "_%P[size]" : : "i" (8));
}
MAKE(outer)
{
	return g(n);
}
static inline __always_inline int small(int n)
{
	return n;
}
`);
});

function bodyOf(name: string) {
  const bodies = openBodies({ index: tree.index, architecture: 'x86' });
  const [place] = placesNamed(tree.index, name);
  const body = bodies.body(place);
  if (!body) throw new Error(`${name} has no body`);
  return body;
}

const brief = (c: BodyCall): string =>
  `${c.kind} ${c.owner ? `${c.owner}.` : ''}${c.name}${c.tail ? ' tail' : ''}${c.cold ? ' cold' : ''}`;
const callsOf = (name: string) => bodyOf(name).calls.map(brief);

test('direct calls, members, pointers; what is seldom done', () => {
  const { calls } = bodyOf('plain');
  expect(calls.map(brief)).toEqual(['call f', 'call g cold', 'member dev_ops.go', 'pointer fn', 'call h tail']);
  expect(calls.map((c) => c.line)).toEqual([5, 7, 9, 10, 11]);
  expect([...calls].sort((a, b) => a.at - b.at)).toEqual(calls);
});

test('through macros, those of headers that hold nothing else too; of two the one of usual kernels', () => {
  expect(callsOf('macros')).toEqual(['call f', 'call g', 'call h', 'call f tail']);
  expect(bodyOf('macros').calls.map((c) => c.line)).toEqual([15, 15, 16, 18]);
});

describe('calls that a compiler turns into a jump', () => {
  test('a returned value, also by way of a variable', () => {
    expect(callsOf('tails')).toEqual(['call f tail', 'call g tail']);
  });

  test('the last statement of a function that returns nothing', () => {
    expect(callsOf('last')).toEqual(['call f', 'call g tail']);
  });
});

test("functions handed on, a pointer's member, assembly", () => {
  expect(callsOf('taken')).toEqual(['call later', 'argument cb', 'pointer fn', 'call __put_user_*']);
  expect(bodyOf('taken').calls.find((c) => c.kind === 'pointer')?.member).toBe('go');
});

test('functions that a macro makes', () => {
  expect(callsOf('make_outer')).toEqual(['call f tail']);
  expect(bodyOf('make_outer').never).toBe(true);
  expect(callsOf('outer')).toEqual(['call g tail']);
  expect(bodyOf('small')).toMatchObject({ always: true, inline: true, static: true, calls: [] });
});
