import { expect, test } from 'vitest';
import { pathSteps } from '../../../../../server/src/features/source/chains/pathSteps.ts';
import { nodesNamed } from '../../../../../server/src/resolve/graph/named.ts';
import { openGraph } from '../../../../../server/src/resolve/graph/nodes.ts';
import { findPaths } from '../../../../../server/src/resolve/graph/paths.ts';
import { chainTree } from '../../../support/chainTree.ts';

const { world, request } = await chainTree();

const steps = (from: string, to: string) => {
  const [a, b] = [nodesNamed(world, from), nodesNamed(world, to)];
  const [chain] = findPaths(openGraph(world), a, b, { max: 1, context: [], timeLimit: 5000 }).found;
  return pathSteps(request('mm/space.c'), a[0], chain.edges);
};
const shown = (from: string, to: string) =>
  steps(from, to).map(({ node, link }) => [node.name, link && `${link.kind} ${link.how}`.trim()]);

test('between a caller and a function stands the slot, whose dispatch it knows', () => {
  expect(shown('space_fill', 'one_fill')).toEqual([
    ['space_fill', null],
    ['->fill', 'dispatch'],
    ['one_fill', 'member in one_ops'],
  ]);
  const [, slot] = steps('space_fill', 'one_fill');
  expect(slot.node.data).toMatchObject({ from: 'mm/space.c', sites: [{ line: 7, name: 'fill' }] });
});

test('each link leads from the step before', () => {
  const all = steps('space_fill', 'one_fill');
  expect(all.slice(1).map(({ link }) => [link?.from, link?.to])).toEqual(
    all.slice(1).map(({ node }, n) => [all[n].node.id, node.id]),
  );
});

test('what is handed on is called by the function that it is handed to: there, and where it was handed over', () => {
  expect(shown('walk_all', 'shared_fill')).toEqual([
    ['walk_all', null],
    ['each_page', 'call'],
    ['shared_fill', 'argument calls what walk_all hands it'],
  ]);
  const last = steps('walk_all', 'shared_fill').at(-1);
  expect(last?.link?.places.map(({ range }) => range.start.line + 1)).toEqual([3, 10]);
});
