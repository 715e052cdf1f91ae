import { expect, test } from 'vitest';
import {
  expanded,
  folded,
  hiding,
  laidOut,
  pictureFor,
  pinning,
  showingAll,
  unfolded,
} from '../../../../../client/src/graph/webview/acts.ts';
import { newPage, type Page } from '../../../../../client/src/graph/webview/page.ts';
import { chainNodeNamed, chartOf, linkNamed } from '../../../support/chart.ts';
import { columnLayout } from '../../../support/graphPage.ts';

const LETTER = 7;

function pageOf(held: number): Page {
  const page = newPage(chartOf(['start ->run', ...Array.from({ length: held }, (_, n) => `->run f${n}`)]));
  const { ask, scene } = pictureFor(page, LETTER);
  return laidOut(page, scene, LETTER, columnLayout({ kind: 'lay', id: 1, picture: ask }));
}

const ids = ({ picture }: Page): string[] => picture.boxes.map((box) => box.id);
const places = ({ picture }: Page) => new Map(picture.boxes.map(({ id, x, y }) => [id, `${x} ${y}`]));

/** Do all boxes of one page that another one has, too, stand at the same place there? */
function expectSamePlaces(before: Page, after: Page): void {
  const now = places(after);
  for (const [id, at] of places(before)) if (now.has(id)) expect([id, now.get(id)]).toEqual([id, at]);
}

test('a fold opens beside itself, a large one as far as it can be read; the rest stays folded', () => {
  const before = pageOf(100);
  const [fold] = before.folds;
  const after = unfolded(before, fold, LETTER);
  expect(ids(after)).toHaveLength(2 + 3 + 60 + 1);
  expect(after.folds).toMatchObject([{ id: fold.id, count: 100 - 63 }]);
  expect(after.picture.boxes.find((box) => box.id === fold.id)?.name).toBe('+ 37 more');
  expectSamePlaces(before, after);
  const whole = unfolded(after, after.folds[0], LETTER);
  expect(whole.folds).toEqual([]);
  expectSamePlaces(after, whole);
  // two frames of lists, each with a line that leads to it
  expect(whole.picture.lines).toHaveLength(101 + 2);
});

test('ends are folded again', () => {
  const page = unfolded(pageOf(20), pageOf(20).folds[0], LETTER);
  const again = folded(page, '->run', LETTER);
  expect(again.folds).toMatchObject([{ of: '->run', count: 17 }]);
  expectSamePlaces(page, again);
});

test('what a question brings joins; what the chart had only counted is known then', () => {
  const page = { ...pageOf(3) };
  page.chart = { ...page.chart, more: { '->run': 2 } };
  const found = {
    nodes: ['f0', 'g0', 'g1'].map((n) => chainNodeNamed(n)),
    links: [linkNamed('->run', 'g0'), linkNamed('->run', 'g1')],
    folds: [{ within: 'drivers/', count: 30 }],
  };
  const after = expanded(page, { of: '->run', side: 'targets' }, found, LETTER);
  expect(ids(after)).toEqual(['start', '->run', 'f0', 'f1', 'f2', 'g0', 'g1', 'targets of ->run']);
  expect(after.folds).toMatchObject([{ of: '->run', nodes: [], count: 30 }]);
  expect(after.chart.more).toEqual({});
  expectSamePlaces(page, after);
});

test('what is hidden goes with its lines and its folds, and comes back', () => {
  const page = pageOf(20);
  const without = hiding({ ...page, focus: '->run' }, ['->run'], LETTER);
  expect(ids(without)).toEqual(['start', 'f0', 'f1', 'f2']);
  expect(without.picture.lines).toEqual([]);
  expect(without.focus).toBe('start');
  expect(ids(showingAll(without, LETTER))).toContain('->run');
  expect([...pinning(pinning(page, 'f0'), 'f0').choice.pinned]).toEqual([]);
});
