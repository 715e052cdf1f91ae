import { beforeAll, expect, test } from 'vitest';
import { directRoutes, mentions } from '../../../../server/src/backtrace/routes/directRoutes.ts';
import type { Route } from '../../../../server/src/backtrace/routes/route.ts';
import { targetOf } from '../../../../server/src/backtrace/routes/target.ts';
import { bodiesIn, type TreeOfBodies } from '../../support/bodies.ts';

let tree: TreeOfBodies;

beforeAll(async () => {
  tree = await bodiesIn(`
//@ include/linux/pipe.h
struct pipe;
struct pipe_operations {
	int (*drain)(struct pipe *pipe);
	int (*fill)(struct pipe *pipe, int n);
};
struct pipe { const struct pipe_operations *ops; };
void later(int (*fn)(struct pipe *));
//@ include/trace/events/pipes.h
TRACE_EVENT(drained, TP_PROTO(int n));
//@ fs/pipes.c
#include <linux/pipe.h>
static int my_drain(struct pipe *pipe) { return 1; }
static int other_drain(struct pipe *pipe) { return 2; }
static const struct pipe_operations my_ops = { .drain = my_drain };
int by_name(struct pipe *pipe)
{
	int n = my_drain(pipe);
	return n + 1;
}
int by_hand(struct pipe *pipe)
{
	later(my_drain);
	return 1;
}
//@ fs/hoses.c
#include <linux/pipe.h>
static int my_drain(struct pipe *pipe) { return 3; }
int by_other_name(struct pipe *pipe)
{
	int n = my_drain(pipe);
	return n + 1;
}
int by_slot(struct pipe *pipe)
{
	int n = pipe->ops->drain(pipe);
	return n + 1;
}
int by_other_slot(struct pipe *pipe)
{
	int n = pipe->ops->fill(pipe, 1);
	return n + 1;
}
int by_pointer(struct pipe *pipe, int (*fn)(struct pipe *))
{
	int n = fn(pipe);
	return n + 1;
}
int by_given(struct pipe *pipe)
{
	int (*fn)(struct pipe *) = pipe->ops->drain;
	int n = fn(pipe);
	return n + 1;
}
//@ fs/dry.c
#include <linux/pipe.h>
static int slot_drain(struct pipe *pipe) { return 4; }
static const struct pipe_operations dry_ops = { .drain = slot_drain };
int dries(struct pipe *pipe) { return by_hand(pipe) + 1; }
`);
});

const target = (name: string) => targetOf(tree.bodies, name, tree.place(name) ?? null, new Set<string>());

/** The ways that the calls of `from` alone lead to `to`. */
function direct(from: string, to: string): Route[] {
  const way = { bodies: tree.bodies, target: target(to), jumps: false, hidden: false };
  return tree.body(from).calls.flatMap((call) => directRoutes(way, tree.place(from), call));
}

test('by its name, but not where that is the name of another', () => {
  const [way, ...others] = direct('by_name', 'my_drain');
  expect(way).toMatchObject({ line: 7, inlined: [], cost: 0, tail: false, via: { kind: 'call', jumped: [] } });
  expect(others).toEqual([]);
  expect(direct('by_other_name', 'my_drain')).toEqual([]);
});

test('through a slot: one that holds it is likelier than one that could by its type', () => {
  const [typed] = direct('by_slot', 'my_drain');
  const [possible] = direct('by_slot', 'other_drain');
  const [unfit] = direct('by_other_slot', 'other_drain');
  const slot = 'pipe_operations.drain';
  expect(typed.via).toMatchObject({ kind: 'dispatch', slot, holders: [{ variable: 'my_ops' }], evidence: 'typed' });
  expect(possible.via).toMatchObject({ kind: 'dispatch', slot, holders: [], evidence: 'signature' });
  expect(typed.cost).toBeLessThan(possible.cost);
  expect(unfit).toBeUndefined();
});

test("through a pointer: to the member's value that it was given, else to anything", () => {
  const [given] = direct('by_given', 'my_drain');
  const [any] = direct('by_pointer', 'my_drain');
  expect(given.via).toMatchObject({ kind: 'dispatch', holders: [{ variable: 'my_ops' }], evidence: 'flow' });
  expect(any.via).toMatchObject({ kind: 'pointer', slot: 'fn', evidence: 'signature' });
  expect(given.cost).toBeLessThan(any.cost);
});

test('handed on to what calls it; a tracepoint calls its probes', () => {
  expect(direct('by_hand', 'my_drain').map((r) => r.via)).toMatchObject([{ kind: 'pointer', evidence: 'flow' }]);
  const [probe] = direct('trace_drained', 'trace_event_raw_event_drained');
  expect(probe.via).toMatchObject({ kind: 'event', slot: 'drained' });
  expect(direct('trace_drained', 'trace_event_raw_event_filled')).toEqual([]);
});

test('a file mentions a target that it defines, that it calls, or whose slot it calls', () => {
  const files = ['fs/pipes.c', 'fs/hoses.c', 'fs/dry.c'];
  const mentioning = (name: string) => files.filter((file) => mentions(tree.bodies, file, target(name)));
  expect(mentioning('my_drain')).toEqual(['fs/pipes.c', 'fs/hoses.c']);
  expect(mentioning('other_drain')).toEqual(['fs/pipes.c']);
  expect(mentioning('slot_drain')).toEqual(['fs/hoses.c', 'fs/dry.c']);
  expect(mentioning('by_hand')).toEqual(['fs/pipes.c', 'fs/dry.c']);
});
