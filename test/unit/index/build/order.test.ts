import { expect, test } from 'vitest';
import { batches, chunks, inOrder, inStages, inTurn } from '../../../../server/src/index/build/order.ts';

const files = (...paths: string[]) => paths.map((path) => ({ path, size: 10 }));
const pathsOf = (list: readonly { path: string }[]) => list.map((f) => f.path);

test('what is open comes first, then the core, other architectures last', () => {
  const list = files(
    'arch/alpha/a.c',
    'drivers/x/x.c',
    'fs/a.c',
    'arch/x86/a.c',
    'mm/a.c',
    'tools/a.c',
    'drivers/y/y.c',
  );
  expect(pathsOf(inOrder(list, ['drivers/y/'], 'x86'))).toEqual([
    'drivers/y/y.c',
    'mm/a.c',
    'fs/a.c',
    'arch/x86/a.c',
    'drivers/x/x.c',
    'tools/a.c',
    'arch/alpha/a.c',
  ]);
});

test('jobs are bounded by number and by bytes, and hold every file once', () => {
  const many = Array.from({ length: 1000 }, (_, n) => ({ path: `f${n}.c`, size: n === 500 ? 5_000_000 : 10 }));
  const jobs = [
    ...batches(many, (list) => ({ kind: 'facts', link: false, files: list.map((f, id) => ({ ...f, id })) })),
  ];
  const held = jobs.flatMap((job) => (job.kind === 'facts' ? [job.files] : []));
  expect(held.flat().map((f) => f.path)).toEqual(pathsOf(many));
  expect(Math.max(...held.map((f) => f.length))).toBeLessThanOrEqual(150);
  expect(held.find((list) => list.some((f) => f.path === 'f500.c'))?.at(-1)?.path).toBe('f500.c');
});

test('parts of a list', () => {
  expect(chunks([1, 2, 3, 4, 5], 2)).toEqual([[1, 2], [3, 4], [5]]);
  expect(chunks([], 2)).toEqual([]);
});

test('what is asked for while files are read comes next, unless it was read already', () => {
  const first: string[] = [];
  const read: string[] = [];
  for (const { path } of inTurn(files('drivers/a/a.c', 'drivers/b/b.c', 'drivers/c/c.c', 'mm/a.c'), first, 'x86')) {
    read.push(path);
    if (read.length === 2) first.push('mm/a.c', 'drivers/c/');
  }
  expect(read).toEqual(['mm/a.c', 'drivers/a/a.c', 'drivers/c/c.c', 'drivers/b/b.c']);
});

test('the core is a stage of its own', () => {
  const list = files('arch/arm64/a.c', 'arch/x86/a.c', 'drivers/x/x.h', 'include/linux/a.h', 'fs/a.c', 'sound/s.c');
  expect(inStages(list, 'x86').map(pathsOf)).toEqual([
    ['arch/x86/a.c', 'include/linux/a.h', 'fs/a.c'],
    ['arch/arm64/a.c', 'drivers/x/x.h', 'sound/s.c'],
  ]);
  expect(inStages([], 'x86')).toEqual([]);
});
