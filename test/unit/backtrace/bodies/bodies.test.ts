import { beforeAll, describe, expect, test } from 'vitest';
import { bodiesIn, brief, type TreeOfBodies } from '../../support/bodies.ts';

let tree: TreeOfBodies;

beforeAll(async () => {
  tree = await bodiesIn(`
//@ include/linux/defs.h
int f(int n);
int g(int n);
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
static inline __always_inline int small(int n)
{
	return n;
}
noinline notrace int large(int first,
			   int second)
{
	return f(first) + f(second);
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

test("what a function's head says of it", () => {
  expect(tree.body('small')).toMatchObject({ always: true, inline: true, static: true, never: false, calls: [] });
  expect(tree.body('large')).toMatchObject({ always: false, inline: false, static: false, never: true, notrace: true });
  expect(tree.body('large')).toMatchObject({ params: ['first', 'second'], line: 24, open: 26, endLine: 28 });
});

test('how often a file calls each name', () => {
  const counts = tree.bodies.callCounts('kernel/a.c');
  expect([counts.get('f'), counts.get('g'), counts.get('small()'), counts.get('small')]).toEqual([4, 2, 1, undefined]);
});
