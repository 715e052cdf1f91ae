import { expect, test } from 'vitest';
import { chainNode, groupOf, locations, nodeOfGraph } from '../../../../../server/src/features/source/chains/nodes.ts';
import { functionItem, pendingItem } from '../../../../../server/src/features/source/hierarchy/items.ts';
import { nodesNamed } from '../../../../../server/src/resolve/graph/named.ts';
import { chainTree } from '../../../support/chainTree.ts';

const { world, request } = await chainTree();
const asked = request('mm/space.c');

test('a function is the same whether the hierarchy or the graph names it', () => {
  const [node] = nodesNamed(world, 'one_fill');
  if (node.kind === 'slot') throw new Error('one_fill is a function');
  const item = functionItem(asked, node.definition);
  expect(nodeOfGraph(asked, node)).toEqual(chainNode(asked, item));
  expect(nodeOfGraph(asked, node)).toMatchObject({ kind: 'function', name: 'one_fill', group: 'fs/one', owner: '' });
  const pending = pendingItem({ ...asked, notYet: 'not indexed yet' }, item);
  expect(pending && chainNode(asked, pending)).toBeNull();
});

test('a slot is one, wherever it is called', () => {
  const [slot] = nodesNamed(world, 'space_ops.fill');
  expect(nodeOfGraph(asked, slot)).toMatchObject({ kind: 'slot', name: '->fill', file: 'include/linux/space.h' });
});

test('groups are parts of the tree, or subsystems', () => {
  expect(
    ['fs/ext4/file.c', 'drivers/net/ethernet/intel/e1000/main.c', 'mm/memory.c', 'kernel/sched/core.c', ''].map(
      groupOf,
    ),
  ).toEqual(['fs/ext4', 'drivers/net/ethernet', 'mm', 'kernel/sched', '']);
});

test('places have the length of their name, and no more than some are told', () => {
  const place = { file: 'mm/space.c', line: 2, column: 0 };
  const found = locations(asked, Array(5).fill(place), 'abc', 2);
  expect(found.map(({ range }) => [range.start.character, range.end.character])).toEqual([
    [0, 3],
    [0, 3],
  ]);
});
