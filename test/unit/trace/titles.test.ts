import { expect, test } from 'vitest';
import { titleOf } from '../../../server/src/trace/titles.ts';

test('titles of stacks, and whose they are', () => {
  expect(titleOf('Call Trace:')).toMatchObject({ title: 'Call Trace', generic: true });
  expect(titleOf('Freed by task 77:')).toMatchObject({ title: 'Freed by task 77', pid: 77, past: true });
  expect(titleOf('miller/77 is trying to acquire lock:')).toMatchObject({ task: 'miller', pid: 77, places: true });
  expect(titleOf('-> #0 (a){+.+.}-{0:0}:')).toMatchObject({ kind: 'lockdep' });
  expect(titleOf('Callers of this function')).toBe(null);
});
