import { beforeAll, expect, test } from 'vitest';
import { type Bodies, openBodies } from '../../../../server/src/backtrace/bodies/bodies.ts';
import { placesNamed } from '../../../../server/src/backtrace/functions/functionPlaces.ts';
import { routesTo } from '../../../../server/src/backtrace/routes/routes.ts';
import { targetOf } from '../../../../server/src/backtrace/routes/target.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;
let bodies: Bodies;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/pipe.h
struct pipe;
struct pipe_operations { int (*drain)(struct pipe *pipe); };
struct pipe { const struct pipe_operations *ops; };
//@ fs/pipes.c
#include <linux/pipe.h>
static int my_drain(struct pipe *pipe) { return 1; }
static const struct pipe_operations my_ops = { .drain = my_drain };
static inline int drain_one(struct pipe *pipe)
{
	return pipe->ops->drain(pipe) + 1;
}
int pipe_flush(struct pipe *pipe)
{
	int n = drain_one(pipe);
	return n + 1;
}
static noinline int jumper(struct pipe *pipe) { return my_drain(pipe); }
int pipe_jump(struct pipe *pipe)
{
	int n = jumper(pipe);
	return n + 1;
}
int alone(int n) { return n; }
`);
  bodies = openBodies({ index: tree.index, architecture: 'x86' });
});

const route = (from: string, to: string) => {
  const [lower] = placesNamed(tree.index, from);
  const [upper] = placesNamed(tree.index, to);
  return routesTo(bodies, lower, targetOf(bodies, to, upper, new Set()));
};

test('through an inlined function and a typed slot', () => {
  const [best] = route('pipe_flush', 'my_drain');
  expect(best.inlined.map((i) => i.function)).toEqual(['drain_one']);
  expect(best.via).toMatchObject({
    kind: 'dispatch',
    slot: 'pipe_operations.drain',
    holders: [{ variable: 'my_ops' }],
    evidence: 'typed',
  });
  expect(best.line).toBe(10);
});

test('a function that ends in a jump leaves no frame', () => {
  const [best] = route('pipe_jump', 'my_drain');
  expect(best.via).toMatchObject({ kind: 'call', jumped: ['jumper'] });
});

test('no way is invented', () => {
  expect(route('pipe_flush', 'alone')).toEqual([]);
});
