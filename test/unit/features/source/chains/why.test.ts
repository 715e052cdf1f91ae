import { expect, test } from 'vitest';
import type { ChainNode } from '../../../../../server/src/features/source/chains/model.ts';
import { chainNext } from '../../../../../server/src/features/source/chains/next.ts';
import { chainRootsNamed } from '../../../../../server/src/features/source/chains/roots.ts';
import { chainWhy } from '../../../../../server/src/features/source/chains/why.ts';
import { toEnd } from '../../../../../server/src/resolve/steps.ts';
import { chainTree } from '../../../support/chainTree.ts';

const { request } = await chainTree();
const asked = request('mm/space.c');
const named = (name: string): ChainNode => chainRootsNamed(asked, name).roots[0].node;

/** Why a step leads from a node to that of a name. */
const why = (node: ChainNode, direction: 'callers' | 'targets', name: string): string[] => {
  const step = toEnd(chainNext(asked, { node, direction })).steps.find((s) => s.node.name === name);
  if (!step) throw new Error(`no step leads to ${name}`);
  const { link } = step;
  const ends = link.from === node.id ? { from: node, to: step.node } : { from: step.node, to: node };
  return toEnd(chainWhy(asked, { ...ends, link }));
};

test('of a function in a slot its table, where that is installed, and the lines', () => {
  expect(why(named('space_ops.fill'), 'targets', 'one_fill')).toEqual([
    'one_ops · fs/one/file.c:4',
    '\t.fill = one_fill,',
    'installed as space.ops in one_mount · fs/one/file.c:11',
    '\ts->ops = &one_ops;',
  ]);
});

test('further tables are named', () => {
  const lines = why(named('space_ops.fill'), 'targets', 'shared_fill');
  expect(lines[0]).toBe('two_more_ops · fs/two/file.c:4');
  expect(why(named('filler_ops.fill'), 'targets', 'three_fill').slice(2)).toEqual(
    ['b', 'c', 'd'].map((n, i) => `also ${n}_filler · fs/three/file.c:${i + 5}`).concat('… in 2 more tables'),
  );
});

test('the same from the function, with the condition that it stands under', () => {
  const lines = why(named('shared_fill'), 'callers', '->drain');
  expect(lines.slice(0, 2)).toEqual(['one_ops · fs/one/file.c:6 · if CONFIG_ONE_DRAIN', '\t.drain = shared_fill,']);
});

test('of a call and of a dispatch the line', () => {
  expect(why(named('one_fill'), 'targets', 'shared_fill')).toEqual([
    'fs/one/file.c:2',
    '\tstatic int one_fill(int n) { return shared_fill(n); }',
  ]);
  expect(why(named('space_fill'), 'targets', '->fill').slice(0, 2)).toEqual([
    'mm/space.c:7',
    '\treturn s->ops->fill(1);',
  ]);
});
