import { beforeAll, expect, test } from 'vitest';
import { FAULT_TREE } from '../../../support/faultTree.ts';
import { kerntrailIn, rowsOf } from '../../../support/kerntrail.ts';
import { type Tree, writeTree } from '../../../support/marked.ts';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(FAULT_TREE);
});

const kerntrail = (...args: string[]) => kerntrailIn(tree, args);

test('a map as text: the entry, each goal with its way, the choices; what is named otherwise beside it', () => {
  const { code, out, err } = kerntrail('map', 'fault');
  expect(code).toBe(0);
  expect(out).toMatch(/^The entry\n *exc_page_fault/);
  expect(out).toContain('readahead of the file system');
  expect(out).toMatch(/one_page +anonymous, swapped/);
  expect(err).toContain('is address_space_operations.readpages in this tree');
});

test('the same as rows, Mermaid and DOT', () => {
  const rows = rowsOf(kerntrail('map', 'fault', '--json').out);
  expect(rows).toContainEqual(expect.objectContaining({ from: 'vm_operations_struct.fault', to: 'odd_fault' }));
  expect(kerntrail('map', 'fault', '--format', 'mermaid').out).toMatch(/^flowchart TD\n/);
  expect(kerntrail('map', 'fault', '--format', 'dot').out).toMatch(/^digraph kerntrail \{\n/);
});

test('no such map, and a tree without its beginning', () => {
  expect(kerntrail('map', 'nothing')).toMatchObject({ code: 2, err: expect.stringContaining('fault, read') });
  expect(kerntrail('map', 'open')).toMatchObject({ code: 1, err: expect.stringContaining('no sys_openat') });
});
