import { expect, test } from 'vitest';
import type { Placed } from '../../../../client/src/graph/place.ts';
import { matches, step } from '../../../../client/src/graph/walk.ts';

const at = (id: string, x: number, y: number): Placed => ({
  ...{ id, kind: 'function', name: id, below: '', room: '', width: 80, height: 26, x, y },
});
const boxes = [at('top', 100, 0), at('left', 0, 100), at('right', 200, 104), at('far', 260, 0), at('low', 0, 200)];
const lines = [
  { from: 'top', to: 'left' },
  { from: 'top', to: 'right' },
  { from: 'left', to: 'low' },
];

test('up and down follow lines, left and right the row', () => {
  expect(step(boxes, lines, 'left', 'up')).toBe('top');
  expect(step(boxes, lines, 'left', 'down')).toBe('low');
  expect(step(boxes, lines, 'left', 'right')).toBe('right');
  expect(step(boxes, lines, 'right', 'left')).toBe('left');
  expect(step(boxes, lines, 'top', 'right')).toBe('far');
  expect(step(boxes, lines, 'low', 'down')).toBeNull();
  expect(step(boxes, lines, 'nobody', 'down')).toBeNull();
});

test('a search finds all words in names and files, names that begin with it first', () => {
  const texts = new Map([
    ['low', 'mm/filemap.c'],
    ['left', 'fs/low.c'],
  ]);
  expect(matches(boxes, texts, 'LOW')).toEqual(['low', 'left']);
  expect(matches(boxes, texts, 'low mm')).toEqual(['low']);
  expect(matches(boxes, texts, '  ')).toEqual([]);
});
