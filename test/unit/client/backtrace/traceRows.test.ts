import { expect, test } from 'vitest';
import { walkEnd } from '../../../../client/src/backtrace/traceRows.ts';
import { placed, row } from '../../support/frameItems.ts';

test('the end of a walk: nothing is called outermost that is not', () => {
  const rows = [placed('a'), row('b'), row('c')];
  expect(walkEnd(rows, 0, 1, true)).toBe('The 2 frames further out: not indexed yet.');
  expect(walkEnd(rows, 0, 1, false)).toBe('The 2 frames further out have no place in this tree.');
  expect(walkEnd(rows, 2, 1, true)).toBe('This is the outermost frame of the backtrace.');
  expect(walkEnd(rows, 0, -1, true)).toBe('This is the innermost frame of the backtrace.');
});
