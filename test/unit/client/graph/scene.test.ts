import { expect, test } from 'vitest';
import type { Chart } from '../../../../client/src/graph/chart.ts';
import { type Choice, sceneOf } from '../../../../client/src/graph/scene.ts';
import { chartOf } from '../../support/chart.ts';

const choice = (more: Partial<Choice> = {}): Choice => ({
  shown: new Set(),
  hidden: new Set(),
  pinned: new Set(),
  ...more,
});

const fan = (n: number): Chart =>
  chartOf(['start ->run', ...Array.from({ length: n }, (_, i) => `->run f${i}`), '->run on ->more']);

test('the ends of a fan-out fold, what leads on stays', () => {
  const { nodes, folds } = sceneOf(fan(70), choice());
  expect(nodes).toEqual(['start', '->run', 'f0', 'f1', 'on', '->more']);
  expect(folds).toMatchObject([{ id: 'targets of ->run', of: '->run', side: 'targets', count: 68 }]);
  // one alone is no fold
  expect(sceneOf(fan(3), choice()).folds).toEqual([]);
});

test('what is shown, pinned or chosen is never folded; what is hidden is not even counted', () => {
  const picked = choice({ shown: new Set(['f50']), pinned: new Set(['f60']), hidden: new Set(['f0', 'f1']) });
  const { nodes, folds } = sceneOf({ ...fan(70), chosen: [['->run', 'f65']] }, picked);
  for (const id of ['f50', 'f60', 'f65']) expect(nodes).toContain(id);
  expect(nodes).not.toContain('f0');
  // three that matter are enough: what leads on is folded beside them
  expect(folds[0].count).toBe(71 - 2 - 3);
});

test('callers that lead nowhere else fold, too', () => {
  const { folds } = sceneOf(chartOf(['a b', ...Array.from({ length: 20 }, (_, i) => `c${i} b`)]), choice());
  expect(folds).toMatchObject([{ of: 'b', side: 'callers' }]);
});

test('what a chart only counts is a fold as well', () => {
  const { folds } = sceneOf({ ...chartOf(['a ->run f']), more: { '->run': 78 } }, choice());
  expect(folds).toMatchObject([{ of: '->run', nodes: [], count: 78 }]);
});

test('beyond the most boxes it folds, whatever leads on; nothing is lost', () => {
  const chains = Array.from({ length: 300 }, (_, i) => `start a${i} b${i} c${i} end`);
  const { nodes, folds, pairs } = sceneOf(chartOf(chains), choice(), undefined, 100);
  expect(nodes.length).toBeLessThanOrEqual(100);
  expect(pairs.every(({ from, to }) => nodes.includes(from) && nodes.includes(to))).toBe(true);
  expect(folds.find((fold) => fold.of === 'start')?.count).toBe(300 - nodes.filter((id) => /^a/.test(id)).length);
});

test('a circle has a beginning as well', () => {
  expect(sceneOf(chartOf(['a b c a']), choice()).nodes).toEqual(['a', 'b', 'c']);
});
