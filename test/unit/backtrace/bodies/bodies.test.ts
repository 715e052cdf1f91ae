import { beforeAll, describe, expect, test } from 'vitest';
import { bodiesIn, brief, type TreeOfBodies } from '../../support/bodies.ts';

let tree: TreeOfBodies;

beforeAll(async () => {
  tree = await bodiesIn(`
//@ include/linux/defs.h
#define inline inline __attribute__((__gnu_inline__)) notrace
#define notrace __attribute__((__no_instrument_function__))
#define __section(name) __attribute__((__section__(name)))
#define __sched __section(".sched.text")
#define noinline __attribute__((__noinline__))
#define noinline_for_stack noinline
#define __always_inline inline __attribute__((__always_inline__))
int f(int n);
int g(int n);
//@ include/uapi/linux/stddef.h
#ifndef __always_inline
#define __always_inline inline
#endif
//@ kernel/a.c
#include <linux/defs.h>
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
static __always_inline int small(int n)
{
	return n;
}
noinline notrace int large(int first,
			   int second)
{
	return f(first) + f(second);
}
static struct page *noinline_for_stack __sched waits(void)
{
}
static inline int hinted(void)
{
}
#define OWN_WORD __attribute__((weak))
int OWN_WORD replaced(void)
{
}
int plain(void)
{
}
#define MAKE(name) static int first_##name(void); static struct page *__sched name(void) { }
MAKE(made)
//@ lib/alone.c
static __no_such_macro __always_inline int unknown(void)
{
}
`);
});

const callsOf = (name: string) => tree.body(name).calls.map(brief);

describe('calls that a compiler turns into a jump', () => {
  test('a returned value, also by way of a variable', () => {
    expect(callsOf('tails')).toEqual(['call f tail', 'call g tail']);
  });

  test('the last statement of a function that returns nothing', () => {
    expect(callsOf('last')).toEqual(['call f', 'call g tail']);
  });
});

describe("what a function's head says of it", () => {
  const NOTHING = { always: false, inline: false, never: false, notrace: false, scheduling: false };

  test("by the compiler's words that the tree's macros come to", () => {
    const small = { always: true, inline: true, notrace: true };
    expect(tree.body('small')).toMatchObject({ ...NOTHING, ...small, static: true, calls: [] });
    expect(tree.body('large')).toMatchObject({ ...NOTHING, never: true, notrace: true, static: false });
    expect(tree.body('large')).toMatchObject({ params: ['first', 'second'], line: 24, open: 26, endLine: 28 });
    expect(tree.body('waits')).toMatchObject({ ...NOTHING, never: true, scheduling: true });
    expect(tree.body('hinted')).toMatchObject({ ...NOTHING, inline: true, notrace: true });
    expect(tree.body('replaced')).toMatchObject({ ...NOTHING, never: true });
    expect(tree.body('plain')).toMatchObject(NOTHING);
  });

  test('of one that a macro makes, too', () => {
    expect(tree.body('made')).toMatchObject({ ...NOTHING, scheduling: true });
  });

  test("a word that no macro explains may be the compiler's", () => {
    expect(tree.body('unknown')).toMatchObject({ ...NOTHING, always: true, inline: true, notrace: true });
  });
});

test('how often a file calls each name', () => {
  const counts = tree.bodies.callCounts('kernel/a.c');
  expect([counts.get('f'), counts.get('g'), counts.get('small()'), counts.get('small')]).toEqual([4, 2, 1, undefined]);
});
