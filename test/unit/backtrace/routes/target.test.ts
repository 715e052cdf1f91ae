import { beforeAll, expect, test } from 'vitest';
import { plainType, targetOf } from '../../../../server/src/backtrace/routes/target.ts';
import { bodiesIn, type TreeOfBodies } from '../../support/bodies.ts';

let tree: TreeOfBodies;

beforeAll(async () => {
  tree = await bodiesIn(`
//@ include/linux/pipe.h
struct pipe;
struct pipe_operations { int (*drain)(struct pipe *pipe); };
//@ fs/pipes.c
#include <linux/pipe.h>
static int my_drain(const struct pipe *pipe, int n) { return n; }
static int jumper(struct pipe *pipe) { return my_drain(pipe, 1); }
int far_jumper(struct pipe *pipe) { return jumper(pipe); }
int no_jumper(struct pipe *pipe) { return my_drain(pipe, 2) + 1; }
static const struct pipe_operations my_ops = { .drain = far_jumper };
static int inner(int n) { return n; }
static int outer(int n) { return inner(n); }
void fill(struct pipe_operations *ops) { ops->drain = no_jumper; }
`);
});

const target = (name: string, known = true) =>
  targetOf(tree.bodies, name, known ? tree.place(name) : null, new Set<string>());

test('functions of its file that end by calling it have its place, with those that were left by a jump', () => {
  expect([...target('my_drain').names]).toEqual([
    ['my_drain', []],
    ['jumper', ['jumper']],
    ['far_jumper', ['jumper', 'far_jumper']],
  ]);
});

test('it stands in its own slots, and in those of functions that jump to it', () => {
  const drains = (name: string) =>
    target(name)
      .slots.get('drain')
      ?.map((e) => [e.name, e.registration.kind]);
  expect(drains('my_drain')).toEqual([['far_jumper', 'init']]);
  expect(drains('no_jumper')).toEqual([['no_jumper', 'assign']]);
  expect(drains('inner')).toBeUndefined();
});

test('it is local where nothing outside of its file can name it', () => {
  expect(target('inner').isLocal).toBe(true);
  expect(target('my_drain').isLocal).toBe(false);
  expect(target('no_jumper').isLocal).toBe(false);
});

test('types are compared without const and blanks; of a function that the tree lacks only the name is known', () => {
  expect(target('no_jumper').params).toEqual([['structpipe*']]);
  expect(plainType('const struct constant *')).toBe('structconstant*');
  expect(target('gone', false)).toMatchObject({ params: [], isLocal: false, isSystemCall: false });
  const names = ['__x64_sys_pour', 'compat_sys_pour', 'SyS_pour', 'sysfs_pour'];
  expect(names.filter((name) => target(name, false).isSystemCall)).toEqual(names.slice(0, 3));
});

test('what is asked again is the same target', () => {
  const outOfLine = new Set<string>();
  const ask = (shown: Set<string>) => targetOf(tree.bodies, 'my_drain', tree.place('my_drain'), shown);
  expect(ask(outOfLine)).toBe(ask(outOfLine));
  expect(ask(new Set())).not.toBe(ask(outOfLine));
});
