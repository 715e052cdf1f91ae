import { beforeAll, expect, test } from 'vitest';
import { successorsOf } from '../../../../server/src/backtrace/frames/successors.ts';
import { bodiesIn, type TreeOfBodies } from '../../support/bodies.ts';
import { framesOfCalls } from '../../support/frames.ts';
import { TRACE_TREE } from '../../support/traceTree.ts';

let tree: TreeOfBodies;

beforeAll(async () => {
  tree = await bodiesIn(`${TRACE_TREE}
//@ fs/hoses.c
#include <linux/fs.h>
long hose_drain_slowly(struct file *f) { return 1; }
static long hose_drain_some(struct file *f) { return 2; }
static long hose_wind(struct file *f) { return 3; }
long close_hoses(struct file *f)
{
	return hose_drain_some(f) + 1;
}
//@ drivers/wet/pump.c
long pump_start_all(int n) { return n; }
//@ tools/wet/pump.c
long pump_stop_everything(int n) { return n; }
`);
});

const resolve = (...lines: string[]) => framesOfCalls(tree.tree, ...lines);
const successors = (name: string, file: string | null = null, caller: string | null = null) =>
  successorsOf(tree.bodies, { name, file, caller: caller === null ? null : tree.place(caller) });

test('a function that is gone: what stands in the slot that its caller calls', () => {
  const [gone, lower] = resolve('my_readv+0x10/0x40', 'call_read+0x8/0x20');
  expect(gone.definition).toBeNull();
  expect(gone.note).toEqual({ kind: 'missing', module: null });
  expect(gone.successors[0]).toMatchObject({ function: 'my_read', file: 'fs/myfs/file.c' });
  expect(gone.successors[0].why).toContain('file_operations.read');
  expect(lower.call?.confidence).toBe('guess');
});

test('names like it in its file, the likeliest first; what its caller calls today comes before', () => {
  const named = (caller: string | null) => successors('hose_drain_slow', 'fs/hoses.c', caller).map((s) => s.function);
  expect(named(null)).toEqual(['hose_drain_slowly', 'hose_drain_some']);
  expect(named('close_hoses')).toEqual(['hose_drain_some', 'hose_drain_slowly']);
  expect(successors('hose_drain_slow', 'fs/hoses.c', 'close_hoses')[0].why).toMatch(/, and close_hoses calls it$/);
});

test('a name like it anywhere in the kernel, but in no other program', () => {
  expect(successors('pump_start_any')).toEqual([
    { function: 'pump_start_all', file: 'drivers/wet/pump.c', line: 1, why: 'a name like it' },
  ]);
  expect(successors('pump_stop_everybody')).toEqual([]);
});

test('nothing where nothing comes near', () => {
  expect(successors('quite_another_thing', 'fs/hoses.c', 'close_hoses')).toEqual([]);
});
