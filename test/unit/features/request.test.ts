import { expect, test } from 'vitest';
import { distinct, located, locationOf, rangeOf, uriOf } from '../../../server/src/features/request.ts';
import { toEnd } from '../../../server/src/resolve/steps.ts';

/** A file whose lines begin with one letter of two bytes. */
const request = { root: '/k', character: (_path: string, _line: number, column: number) => Math.max(0, column - 2) };

test('places of the index become places of an editor', () => {
  expect(uriOf('/k', 'fs/a b.c')).toBe('file:///k/fs/a%20b.c');
  expect(rangeOf(request, { file: 'fs/a.c', line: 3, column: 5 }, 4)).toEqual({
    start: { line: 2, character: 3 },
    end: { line: 2, character: 7 },
  });
  // nothing stands before the first line
  expect(rangeOf(request, { file: 'fs/a.c', line: 0, column: 1 }, 0).start).toEqual({ line: 0, character: 0 });
});

test('repeats are left out, the order stays', () => {
  const at = (line: number) => ({ at: { file: 'fs/a.c', line, column: 2 }, length: 1 });
  const found = toEnd(located(request, [at(2), at(1), at(2)]));
  expect(found.map((l) => l.range.start.line)).toEqual([1, 0]);
  expect(distinct([locationOf(request, at(1).at, 1), locationOf(request, at(1).at, 9)]).length).toBe(1);
});
