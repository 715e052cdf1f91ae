import { beforeAll, expect, test } from 'vitest';
import { chainMap } from '../../../../../server/src/features/source/chains/maps.ts';
import { mapNamed } from '../../../../../server/src/kernel/maps.ts';
import { toEnd } from '../../../../../server/src/resolve/steps.ts';
import { FAULT_TREE } from '../../../support/faultTree.ts';
import { askIn, type IndexedTree, indexTree } from '../../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(FAULT_TREE);
});

const chartOf = (id: string) => {
  const plan = mapNamed(id);
  if (!plan) throw new Error(`no map ${id}`);
  return toEnd(chainMap(askIn(tree, 'mm/memory.c'), plan, { context: [] }));
};

test('a map as nodes and links: each once, every end there, the main way chosen from the first node on', () => {
  const { nodes, links, chosen, title, message } = chartOf('fault');
  expect([title, message]).toEqual(['Page Fault Path · x86', null]);
  const ids = nodes.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { from, to } of links) expect([ids.includes(from), ids.includes(to)]).toEqual([true, true]);
  const name = (id: string) => nodes.find((node) => node.id === id)?.name;
  expect(name(chosen[0][0])).toBe('exc_page_fault');
  expect(name(chosen[chosen.length - 1][1])).toBe('->readpages');
  expect(nodes[0].name).toBe('exc_page_fault');
  const held = links.filter(({ kind, to }) => kind === 'member' && name(to) === 'filemap_fault');
  expect(held.map(({ how }) => how)).toEqual([expect.stringContaining('generic_vm_ops')]);
});

test('where nothing is known, the chart says why', () => {
  expect(chartOf('open')).toMatchObject({
    nodes: [],
    message: 'open(): There is no sys_openat or sys_open in this tree.',
  });
});
