import { expect, test } from 'vitest';
import type { ChainNode } from '../../../../../server/src/features/source/chains/model.ts';
import { chainNext } from '../../../../../server/src/features/source/chains/next.ts';
import { chainRoots } from '../../../../../server/src/features/source/chains/roots.ts';
import { toEnd } from '../../../../../server/src/resolve/steps.ts';
import { chainTree } from '../../../support/chainTree.ts';

const { world, request } = await chainTree();

const nodeAt = (file: string, text: string, n = 1): ChainNode => {
  const { line, column } = world.at(file, text, n);
  const [root] = chainRoots(request(file), line, column).roots;
  return root.node;
};
const next = (node: ChainNode, direction: 'callers' | 'targets', context = '') =>
  toEnd(chainNext(request('mm/space.c'), { node, direction, context })).steps;
const shown = (...args: Parameters<typeof next>) =>
  next(...args).map(
    ({ node, link, outside }) =>
      `${outside ? '- ' : ''}${node.name} | ${link.kind} ${link.evidence} | ${link.how} | ${link.places.map((p) => p.range.start.line + 1)}`,
  );

test('targets: slots with how many may be meant, macros behind what the text calls', () => {
  expect(shown(nodeAt('mm/space.c', 'space_fill'), 'targets')).toEqual([
    '->fill | dispatch typed | 3 functions | 7',
    'fill_twice | call named |  | 8',
  ]);
  const [slot] = next(nodeAt('mm/space.c', 'space_fill'), 'targets');
  expect(shown(slot.node, 'targets')).toEqual([
    'shared_fill | member typed | in two_more_ops | 4',
    'one_fill | member typed | in one_ops | 4',
    'two_fill | member typed | in two_ops | 3',
  ]);
});

test('links go with the call, whichever way they were asked for', () => {
  const slot = nodeAt('include/linux/space.h', 'fill');
  const [{ node, link }] = next(nodeAt('fs/one/file.c', 'one_fill'), 'callers');
  expect([node.id, link.from, link.to]).toEqual([slot.id, slot.id, nodeAt('fs/one/file.c', 'one_fill').id]);
  const [down] = next(slot, 'targets').filter((s) => s.node.name === 'one_fill');
  expect([down.link.from, down.link.to]).toEqual([link.from, link.to]);
});

test('callers: by name, by slots, by what hands it on', () => {
  expect(shown(nodeAt('mm/space.c', 'shared_fill'), 'callers')).toEqual(
    [
      '->drain | member typed | in one_ops | 6',
      '->fill | member typed | in two_more_ops | 4',
      'one_fill | call named |  | 2',
      'fill_twice | call named | by the macro | 6',
      'walk_all | argument flow | hands it to each_page | 10',
    ].sort((a, b) => order(a) - order(b)),
  );
  expect(shown(nodeAt('include/linux/space.h', 'fill'), 'callers')).toEqual([
    'two_own | dispatch typed |  | 5',
    'space_fill | dispatch typed |  | 7',
  ]);
});

/** The order that the answer has: it goes by nearness, which is tested where that is made. */
function order(line: string): number {
  const names = next(nodeAt('mm/space.c', 'shared_fill'), 'callers').map((s) => s.node.name);
  return names.indexOf(line.split(' | ')[0]);
}

test('a context narrows what a slot may get to, by place and by table; the rest is marked', () => {
  const slot = nodeAt('include/linux/space.h', 'fill');
  const names = (context: string) => next(slot, 'targets', context).map((s) => `${s.outside ? '-' : ''}${s.node.name}`);
  expect(names('one')).toEqual(['one_fill', '-shared_fill', '-two_fill']);
  // what is everybody's counts where a table of the context holds it
  expect(names('fs/two').toSorted()).toEqual(['-one_fill', 'shared_fill', 'two_fill']);
  expect(names('two_more_ops')).toEqual(['shared_fill', '-one_fill', '-two_fill']);
  expect(next(nodeAt('mm/space.c', 'space_fill'), 'targets', 'one')[0].link.how).toBe('1 of 3 as one');
});

test('a context narrows the dispatches of a slot to its own and to what everybody shares', () => {
  const slot = nodeAt('include/linux/space.h', 'fill');
  expect(next(slot, 'callers', 'one').map((s) => `${s.outside ? '-' : ''}${s.node.name}`)).toEqual([
    'space_fill',
    '-two_own',
  ]);
});

test('a context that is none is told, and what is not indexed yet', () => {
  const slot = nodeAt('include/linux/space.h', 'fill');
  const asked = (context: string, notYet: string | null) =>
    toEnd(chainNext({ ...request('mm/space.c'), notYet }, { node: slot, direction: 'targets', context }));
  expect(asked('nine', null)).toMatchObject({
    message: 'This tree has no subsystem, table or module nine.',
    steps: { length: 3 },
  });
  expect(asked('', 'not indexed yet').message).toBe('The rest is not indexed yet.');
});

test('a pointer is called by its own function, and gets to what that is handed', () => {
  const pointer = nodeAt('mm/space.c', 'fn(1)');
  expect([pointer.kind, pointer.name]).toEqual(['pointer', '(*fn)']);
  expect(shown(pointer, 'callers')).toEqual(['each_page | flow flow | calls it | 3']);
  expect(shown(pointer, 'targets')).toEqual(['shared_fill | flow flow | put there by walk_all | 10']);
});

test('a function that calls itself is its own target', () => {
  const node = nodeAt('mm/space.c', 'loop_fill');
  expect(next(node, 'targets').map((s) => s.node.id)).toEqual([node.id]);
});
