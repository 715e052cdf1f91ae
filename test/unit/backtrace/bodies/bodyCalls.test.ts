import { beforeAll, expect, test } from 'vitest';
import { bodiesIn, brief, type TreeOfBodies } from '../../support/bodies.ts';

let tree: TreeOfBodies;

beforeAll(async () => {
  tree = await bodiesIn(`
//@ include/linux/defs.h
struct dev;
struct dev_ops { int (*go)(struct dev *d); };
struct dev { const struct dev_ops *ops; };
int f(int n);
int g(int n);
int h(int n);
void cb(int n);
void later(void (*fn)(int), int n, int m);
void __put_user_8(void);
#define unlikely(x) __builtin_expect(!!(x), 0)
//@ kernel/a.c
#include <linux/defs.h>
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
void taken(struct dev *d, int n)
{
	int (*fn)(struct dev *) = d->ops->go;
	later(cb, &n, n + 1);
	fn(d);
	asm volatile("call __" "put_user" "_%P[size]" : : "i" (8));
}
int nested(int n)
{
	return f(g(h(n)));
}
int by_number(int nr)
{
	switch (nr) {
#include <asm/syscalls_64.h>
	}
	return -1;
}
`);
});

const callsOf = (name: string) => tree.body(name).calls.map(brief);

test('direct calls, members, pointers; what is seldom done', () => {
  const { calls } = tree.body('plain');
  expect(calls.map(brief)).toEqual(['call f', 'call g cold', 'member dev_ops.go', 'pointer fn', 'call h tail']);
  expect(calls.map((c) => c.line)).toEqual([4, 6, 8, 9, 10]);
  expect([...calls].sort((a, b) => a.at - b.at)).toEqual(calls);
});

test("functions handed on, a pointer's member, assembly", () => {
  expect(callsOf('taken')).toEqual(['call later', 'argument cb', 'pointer fn', 'call __put_user_*']);
  expect(tree.body('taken').calls.find((c) => c.kind === 'pointer')?.member).toBe('go');
});

test('arguments are kept as far as they are names', () => {
  expect(tree.body('taken').calls[0].args).toEqual(['cb', 'n', '']);
});

test('of calls in one expression the outer one comes first, and it alone is the tail', () => {
  expect(callsOf('nested')).toEqual(['call f tail', 'call g', 'call h']);
});

test("the build's list of system calls is a call of any of them", () => {
  expect(callsOf('by_number')).toEqual(['syscall  tail']);
});
