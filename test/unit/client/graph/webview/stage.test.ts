// @vitest-environment happy-dom
import { beforeAll, expect, test } from 'vitest';
import type { Picture } from '../../../../../client/src/graph/place.ts';
import { fitted, newStage, revealing } from '../../../../../client/src/graph/webview/stage.ts';
import { loadBody } from '../../../support/graphPage.ts';

const pictureOf = (width: number, height: number): Picture => ({
  boxes: [
    { id: 'a', kind: 'function', name: 'a', below: '', room: '', x: 0, y: 0, width: 100, height: 26 },
    {
      id: 'b',
      kind: 'function',
      name: 'b',
      below: '',
      room: '',
      x: width - 100,
      y: height - 26,
      width: 100,
      height: 26,
    },
  ],
  rooms: [],
  lines: [],
});
const size = { width: 1000, height: 800 };

test('what fits is shown whole, in the middle', () => {
  const { x, y, scale } = fitted(pictureOf(400, 300), size, false);
  expect(scale).toBe(1.25);
  expect([x + 200 * scale, y + 150 * scale]).toEqual([500, 400]);
});

test('what would be too small begins at its first box, unless all of it is asked for', () => {
  const view = fitted(pictureOf(5000, 4000), size, false);
  expect(view.scale).toBe(0.7);
  expect(50 * view.scale + view.x).toBe(500);
  expect(fitted(pictureOf(5000, 4000), size, true).scale).toBeLessThan(0.2);
});

test('what is in sight stays where it is; what is not comes no farther than needed', () => {
  const view = { x: 0, y: 0, scale: 1 };
  expect(revealing(view, { x: 100, y: 100, width: 10, height: 10 }, size, false)).toBe(view);
  expect(revealing(view, { x: 1100, y: 100, width: 10, height: 10 }, size, false)).toEqual({ x: -134, y: 0, scale: 1 });
  expect(revealing(view, { x: 1100, y: 100, width: 10, height: 10 }, size, true)).toEqual({
    x: -605,
    y: 295,
    scale: 1,
  });
});

let moved = 0;

beforeAll(() => {
  loadBody();
});

test('the stage moves its world, keeps a point under the mouse as it zooms, and tells when it rests', async () => {
  const stage = newStage(() => {
    moved++;
  });
  stage.changed(pictureOf(400, 300));
  stage.set({ x: 10, y: 20, scale: 1 });
  stage.zoom(2, { x: 110, y: 220 });
  expect(stage.view()).toEqual({ x: -90, y: -180, scale: 2 });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(document.getElementById('world')?.style.transform).toBe('translate(-90px, -180px) scale(2)');
  expect(moved).toBe(1);
  stage.zoom(1000);
  expect(stage.view().scale).toBe(3);
});
