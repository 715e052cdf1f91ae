import { expect, test } from 'vitest';
import { indexChart } from '../../../../client/src/graph/chart.ts';
import {
  foldLabel,
  isUnsure,
  lineStyle,
  nodeLabel,
  nodeLines,
  openedTitle,
  pairLines,
} from '../../../../client/src/graph/words.ts';
import { chainNodeNamed, chartOf, linkNamed } from '../../support/chart.ts';

const index = indexChart(chartOf(['a ->run f']));

test('a node tells its name, its place and its neighbours', () => {
  expect(nodeLines(chainNodeNamed('->run'), index, true)).toEqual([
    'ops->run',
    'slot · include/ops.h:4',
    '1 caller, 1 target in this graph · pinned',
  ]);
  expect(nodeLabel({ name: 'f', below: 'in f_ops' }, chainNodeNamed('f'), index, false)).toBe(
    'f in f_ops, function · fs/f.c:4, 1 caller, 0 targets in this graph',
  );
  expect(nodeLabel({ name: 'f…x', below: '' }, chainNodeNamed('fxx'), index, false)).toMatch(/^f…x, fxx, function/);
});

test('a line tells each of its links and what it rests on', () => {
  const links = [
    linkNamed('->run', 'f', { why: ['f_ops · fs/f.c:9'] }),
    linkNamed('->run', 'f', { kind: 'flow', evidence: 'name', how: '' }),
  ];
  expect(pairLines({ from: '->run', to: 'f', links }, index)).toEqual([
    '->run → f',
    'a function in that slot · in f_ops',
    'f_ops · fs/f.c:9',
    'called by a pointer · by name alone',
  ]);
  expect([isUnsure(links[0]), isUnsure(links[1])]).toEqual([false, true]);
  expect(lineStyle({ links: [linkNamed('a', 'b', { evidence: 'inlined' })] })).toBe('inlined');
});

test('folds and frames say of whom they are', () => {
  const fold = { id: 'x', of: '->run', side: 'targets' as const, nodes: [], count: 2 };
  expect(foldLabel(fold, '+ 2 more', index)).toBe('+ 2 more: folded targets of ->run');
  expect(openedTitle(index.nodes.get('->run'), 'targets')).toBe('ways through ->run');
  expect(openedTitle(index.nodes.get('a'), 'callers')).toBe('callers of a');
});
