import { beforeAll, expect, test } from 'vitest';
import { mapNamed } from '../../../../../server/src/kernel/maps.ts';
import { type GraphMap, mapSteps } from '../../../../../server/src/resolve/graph/maps/map.ts';
import { type GraphEdge, nodeName, openGraph } from '../../../../../server/src/resolve/graph/nodes.ts';
import { toEnd } from '../../../../../server/src/resolve/steps.ts';
import { FAULT_TREE } from '../../../support/faultTree.ts';
import { type IndexedTree, indexTree } from '../../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(FAULT_TREE);
});

function mapOf(id: string, architecture = 'x86'): GraphMap {
  const plan = mapNamed(id);
  if (!plan) throw new Error(`no map ${id}`);
  const graph = openGraph({ index: tree.index, architecture });
  return toEnd(mapSteps(graph, plan, { context: [], timeLimit: 10_000 }));
}

const wayOf = (edges: readonly GraphEdge[]): string[] => [
  nodeName(edges[0].from),
  ...edges.map((edge) => nodeName(edge.to)),
];

test('the main way: from the entry of the architecture through the slots to the goal, by the name it has here', () => {
  const { main, remarks } = mapOf('fault');
  expect(wayOf(main)).toEqual([
    ...['exc_page_fault', 'user_fault', 'handle_mm_fault', 'one_page', 'of_file'],
    ...[expect.stringMatching(/^(?:read|copy)_one$/), 'ask_mapping', 'vm_operations_struct.fault'],
    ...['filemap_fault', 'read_ahead', 'address_space_operations.readpages'],
  ]);
  expect(remarks).toContain('address_space_operations.readahead is address_space_operations.readpages in this tree.');
  expect(remarks).toContain('This tree has no hugetlb_fault.');
});

test('another architecture has its own entry', () => {
  expect(wayOf(mapOf('fault', 'arm64').main)[0]).toBe('exc_abort');
});

test('choices beside a way: what has the same prototype, and what else stands in its slots', () => {
  const steps = mapOf('fault').edges.map((edge) => `${nodeName(edge.from)} > ${nodeName(edge.to)}`);
  expect(steps).toEqual(
    expect.arrayContaining([
      'one_page > anonymous',
      'one_page > swapped',
      'of_file > copy_one',
      'of_file > read_one',
      'copy_one > ask_mapping',
      'read_one > ask_mapping',
      'vm_operations_struct.fault > odd_fault',
      'address_space_operations.readpages > small_readpages',
    ]),
  );
  expect(steps).not.toContain('one_page > counted');
  // filemap_fault stands there by two tables
  expect(new Set(steps).size).toBe(steps.length - 1);
});

test('a tree without the beginning has no such map, and says so', () => {
  const { edges, remarks } = mapOf('sendmsg');
  expect(edges).toEqual([]);
  expect(remarks).toEqual(['There is no sys_sendmsg in this tree.']);
});
