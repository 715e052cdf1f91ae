import { expect, test } from 'vitest';
import type { Box, Rect } from '../../../../client/src/graph/boxes.ts';
import { boundsOf, joined, type Picture, type Placed, without } from '../../../../client/src/graph/place.ts';

const box = (id: string, width = 100): Box => ({
  ...{ id, kind: 'function', name: id, below: '', room: '', width, height: 26 },
});
const placed = (id: string, x: number, y: number): Placed => ({ ...box(id), x, y });

const picture: Picture = {
  boxes: [placed('a', 0, 0), placed('b', 0, 100), placed('c', 150, 100)],
  rooms: [{ name: 'mm/memory.c', kind: 'file', x: -10, y: 80, width: 280, height: 60 }],
  lines: [
    {
      from: 'a',
      to: 'b',
      points: [
        { x: 50, y: 26 },
        { x: 50, y: 60 },
        { x: 50, y: 60 },
        { x: 50, y: 100 },
      ],
    },
  ],
};

const meet = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

test.each([3, 40, 130])('%i boxes join where there is room, and nothing else moves', (count) => {
  const boxes = Array.from({ length: count }, (_, n) => box(`n${n}`, 60 + (n % 7) * 20));
  for (const side of ['targets', 'callers'] as const) {
    const ends = boxes.map(({ id }) => (side === 'targets' ? { from: 'a', to: id } : { from: id, to: 'a' }));
    const now = joined(picture, { anchor: picture.boxes[0], boxes, side, title: 'ways through a' }, ends);
    expect(now.boxes.slice(0, 3)).toEqual(picture.boxes);
    expect(now.lines[0]).toEqual(picture.lines[0]);
    const fresh = now.boxes.slice(3);
    expect(fresh).toHaveLength(count);
    for (const [n, one] of fresh.entries()) {
      expect([...picture.boxes, ...picture.rooms].some((old) => meet(one, old))).toBe(false);
      expect(fresh.slice(n + 1).some((other) => meet(one, other))).toBe(false);
      expect(meet(one, now.rooms[1])).toBe(true);
    }
    // one line more where a list hangs on a frame
    expect(now.lines).toHaveLength(1 + count + (count > 4 ? 1 : 0));
    expect(side === 'targets' ? fresh[0].y > 0 : fresh[0].y < 0).toBe(true);
  }
});

test('what leaves takes its lines and its empty frame along', () => {
  const boxes = [box('n')];
  const now = joined(picture, { anchor: picture.boxes[0], boxes, side: 'targets', title: '' }, [
    { from: 'a', to: 'n' },
  ]);
  expect(without(now, new Set(['n']))).toEqual(picture);
});

test('the bounds hold boxes, rooms and lines; those of nothing are a point', () => {
  expect(boundsOf(picture)).toEqual({ x: -10, y: 0, width: 280, height: 140 });
  expect(boundsOf({ boxes: [], rooms: [], lines: [] })).toMatchObject({ width: 1, height: 1 });
});
