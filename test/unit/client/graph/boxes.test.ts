import { expect, test } from 'vitest';
import { boxesOf, cut } from '../../../../client/src/graph/boxes.ts';
import { indexChart } from '../../../../client/src/graph/chart.ts';
import { sceneOf } from '../../../../client/src/graph/scene.ts';
import { chainNodeNamed, chartOf } from '../../support/chart.ts';

const none = { shown: new Set<string>(), hidden: new Set<string>(), pinned: new Set<string>() };

test('functions of one file share a room; slots are in none, and what is alone names its file or its table', () => {
  const chart = chartOf(['one two ->run held', 'two lone']);
  for (const node of chart.nodes) if (node.id === 'one' || node.id === 'two') node.file = 'mm/memory.c';
  const index = indexChart(chart);
  const boxes = boxesOf(sceneOf(chart, none, index), index, 8);
  expect(boxes.map(({ id, kind, below, room }) => [id, kind, below, room])).toEqual([
    ['one', 'function', '', 'mm/memory.c'],
    ['two', 'function', '', 'mm/memory.c'],
    ['->run', 'slot', 'ops', ''],
    ['held', 'function', 'in held_ops', ''],
    ['lone', 'function', 'fs/lone.c', ''],
  ]);
  expect(boxes[1].width).toBe('two'.length * 8 + 24);
  expect(boxes[1].height).toBeLessThan(boxes[2].height);
});

test('a fold is a box that says how much it holds', () => {
  const chart = {
    ...chartOf(['a ->run']),
    nodes: [chainNodeNamed('a'), chainNodeNamed('->run')],
    more: { '->run': 9 },
  };
  const index = indexChart(chart);
  expect(boxesOf(sceneOf(chart, none, index), index).at(-1)).toMatchObject({ kind: 'fold', name: '+ 9 more' });
});

test('long names are cut in the middle: their ends tell them apart', () => {
  const long = `__${'x'.repeat(80)}_end`;
  expect(cut(long)).toMatch(/^__x+…x+_end$/);
  expect(cut(long)).toHaveLength(44);
  expect(cut('short')).toBe('short');
});
