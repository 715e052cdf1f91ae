import { expect, test } from 'vitest';
import { headings, isTableEdge, linesOfSection } from '../../../../server/src/resolve/docs/docSections.ts';

const TEXT = `=====
Title
=====

First part
==========

struct a_ops
------------

text

==== ====
a    b
==== ====

Second part
===========
------------------ old_style ------------------
end`.split('\n');

test('headings by their underlines, those between lines, and no tables', () => {
  expect(headings(TEXT).map((h) => `${h.line} ${h.title} ${h.level}`)).toEqual([
    '2 Title 0',
    '5 First part 1',
    '8 struct a_ops 2',
    '17 Second part 1',
    '19 old_style 3',
  ]);
});

test('a section ends where one of its level begins', () => {
  expect(linesOfSection(TEXT, 8)).toEqual([8, 16]);
  expect(linesOfSection(TEXT, 5)).toEqual([5, 16]);
  expect(linesOfSection(TEXT, 4)).toEqual([0, 0]);
});

test("a table's edge has several columns", () => {
  expect(isTableEdge('==== \t===')).toBe(true);
  expect(isTableEdge('====')).toBe(false);
});
