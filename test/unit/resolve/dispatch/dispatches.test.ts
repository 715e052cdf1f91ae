import { beforeAll, expect, test } from 'vitest';
import { dispatchesSeen } from '../../../../server/src/resolve/dispatch/dispatches.ts';
import { type IndexedTree, memoryTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await memoryTree(`
//@ include/linux/ops.h
struct dev;
struct dev_ops {
	int (*start)(struct dev *d);
	int (*stop)(struct dev *d);
};
struct dev {
	const struct dev_ops *ops;
	struct {
		int (*notify)(struct dev *d);
	} hook;
};
typedef struct { int (*run)(int n); } runner_t;
struct dev *find_dev(int n);
extern struct dev *first_dev;
#define dev_call(d, fn) ((d)->ops->fn ? (d)->ops->fn(d) : 0)
//@ drivers/core.c
#include <linux/ops.h>
int begin(struct dev *d) { return d->ops->start(d); }
int begin_found(int n) { return find_dev(n)->ops->start(0); }
int begin_first(void) { return first_dev->ops->start(first_dev); }
int shadow(struct dev *d)
{
	{
		struct dev_ops *d = 0;
		d->start(0);
	}
	return d->hook.notify(d);
}
int run(runner_t *r) { return r->run(1); }
//@ drivers/other/x.c
int lost(void *d) { return unknown_thing(d)->start(d); }
//@ arch/arm64/mm/y.c
#include <linux/ops.h>
int arm(struct dev *d) { return d->ops->start(d); }
`);
});

const callersOf = (owner: string, member: string, from = 'drivers/core.c') =>
  dispatchesSeen({ index: tree.index, architecture: 'x86' }, owner, member, from).sites.map(
    (d) => `${d.function}:${d.line}:${d.column} ${d.evidence}`,
  );

test('calls through a slot: parameters, results, globals, shadowed names', () => {
  expect(callersOf('dev_ops', 'start')).toEqual([
    'begin:2:43 typed',
    'begin_found:3:51 typed',
    'begin_first:4:48 typed',
    'shadow:9:6 typed',
  ]);
});

test('a member of an unnamed struct belongs to the one around it, that of a typedef to the typedef', () => {
  expect(callersOf('dev', 'notify')).toEqual(['shadow:11:17 typed']);
  expect(callersOf('runner_t', 'run')).toEqual(['run:13:34 typed']);
});

test('what is not known is counted apart, other architectures are left out', () => {
  const answer = dispatchesSeen({ index: tree.index, architecture: 'x86' }, 'dev_ops', 'start', '');
  expect(answer.unknown.map((d) => `${d.function} ${d.evidence}`)).toEqual(['lost name']);
  expect(answer.leftOut.architectures).toBe(1);
});

test('a slot that nothing calls', () => {
  expect(callersOf('dev_ops', 'stop')).toEqual([]);
});
