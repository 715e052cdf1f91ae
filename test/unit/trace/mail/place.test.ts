import { expect, test } from 'vitest';
import { parsePatch } from '../../../../server/src/trace/mail/patch.ts';
import { placeHunk } from '../../../../server/src/trace/mail/place.ts';

const [HUNK] = parsePatch('--- a/x.c\n+++ b/x.c\n@@ -2,3 +2,3 @@\n one\n-two\n+TWO\n three\n').patches[0].files[0]
  .hunks;
const place = (...lines: string[]) => placeHunk(HUNK, lines);

test('found by content: at its line, elsewhere, done already, not at all', () => {
  expect(place('zero', 'one', 'two', 'three')).toMatchObject({
    state: 'applies',
    line: 2,
    drift: 0,
    exact: true,
    unique: true,
  });
  expect(place('a', 'b', 'c', 'one', 'two', 'three')).toMatchObject({ state: 'drifted', line: 4, drift: 2 });
  expect(place('zero', 'one', 'TWO', 'three')).toMatchObject({ state: 'applied', line: 2 });
  expect(place('x', 'y', 'z')).toMatchObject({ state: 'conflicts', matched: 0 });
});

test('white space aside, and one of several places', () => {
  expect(place('zero', '\tone', 't wo', 'three')).toMatchObject({ state: 'applies', exact: false });
  expect(place('one', 'two', 'three', '', 'one', 'two', 'three')).toMatchObject({ unique: false });
});
