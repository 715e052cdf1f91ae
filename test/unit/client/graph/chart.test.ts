import { expect, test } from 'vitest';
import { indexChart, pairKey, waysThrough, withMore } from '../../../../client/src/graph/chart.ts';
import { chainNodeNamed, chartOf, linkNamed } from '../../support/chart.ts';

test('links between the same two are one line, what tells most first; links to nowhere are none', () => {
  const chart = chartOf(['a b']);
  chart.links.push(linkNamed('a', 'b', { kind: 'flow' }), linkNamed('a', 'gone'));
  const { pairs, out, into } = indexChart(chart);
  expect(pairs.map(({ from, to, links }) => [from, to, links.map((link) => link.kind)])).toEqual([
    ['a', 'b', ['flow', 'call']],
  ]);
  expect([out.get('a'), into.get('b')]).toEqual([['b'], ['a']]);
});

test('what joins a chart stands in it once', () => {
  const chart = chartOf(['a b']);
  const more = withMore(chart, [chainNodeNamed('b'), chainNodeNamed('c')], [linkNamed('a', 'b'), linkNamed('b', 'c')]);
  expect(more.nodes.map((n) => n.id)).toEqual(['a', 'b', 'c']);
  expect(more.links.map(({ from, to }) => pairKey(from, to))).toEqual([pairKey('a', 'b'), pairKey('b', 'c')]);
});

test('ways through a node: all before it and all behind it, circles included', () => {
  const index = indexChart(chartOf(['a b c b', 'x c', 'b y', 'z y']));
  expect([...waysThrough(index, 'b')].sort()).toEqual(['a', 'b', 'c', 'x', 'y']);
});
