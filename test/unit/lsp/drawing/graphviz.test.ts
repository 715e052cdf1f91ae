import { instance } from '@viz-js/viz';
import { expect, test } from 'vitest';
import { graphInput, placesIn } from '../../../../server/src/lsp/drawing/graphviz.ts';

const picture = {
  boxes: [
    { id: 'a "quoted"', width: 100, height: 26, room: 'mm/memory.c' },
    { id: 'b', width: 80, height: 26, room: 'mm/memory.c' },
    { id: '->run', width: 120, height: 40, room: '' },
    { id: 'lone', width: 60, height: 26, room: '' },
  ],
  lines: [
    { from: 'a "quoted"', to: 'b' },
    { from: 'b', to: '->run', weight: 8 },
    { from: 'b', to: 'nobody' },
  ],
};

test('what Graphviz answers are places in pixels from the upper left corner, rooms around their boxes', async () => {
  const answer = (await instance()).render(graphInput(picture), { format: 'json0', engine: 'dot' });
  const { boxes, rooms, lines, width, height, message } = placesIn(picture, answer.output ?? '');
  expect(message).toBeNull();
  expect(boxes.map((box) => box.id).sort()).toEqual(['->run', 'a "quoted"', 'b', 'lone']);
  const at = new Map(boxes.map((box) => [box.id, box]));
  const [a, b, run] = ['a "quoted"', 'b', '->run'].map((id) => at.get(id) as { x: number; y: number });
  expect(a.y).toBeLessThan(b.y);
  expect(b.y).toBeLessThan(run.y);
  const [room] = rooms;
  expect(room.name).toBe('mm/memory.c');
  for (const { x, y } of [a, b]) {
    expect(x).toBeGreaterThanOrEqual(room.x);
    expect(y).toBeGreaterThanOrEqual(room.y);
  }
  expect(run.y).toBeGreaterThan(room.y + room.height);
  expect(lines.map(({ from, to }) => [from, to])).toEqual([
    ['a "quoted"', 'b'],
    ['b', '->run'],
  ]);
  for (const { points } of lines) {
    expect((points.length - 1) % 3).toBe(0);
    for (const { x, y } of points) expect(x >= 0 && x <= width && y >= 0 && y <= height).toBe(true);
  }
  // lines begin at the lower edge of one box and end at the upper one of the other
  expect(lines[1].points.at(-1)?.y).toBeCloseTo(run.y, 0);
});

test('an answer that is none of Graphviz is a fault', () => {
  expect(() => placesIn(picture, 'no JSON')).toThrow();
});
