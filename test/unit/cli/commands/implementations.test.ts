import { beforeAll, expect, test } from 'vitest';
import { kerntrailIn, rowsOf } from '../../support/kerntrail.ts';
import { type Tree, writeTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(VM_TREE);
});

const kerntrail = (...args: string[]) => kerntrailIn(tree, args);

test('implementations of a slot, in the chosen architecture', () => {
  const names = (...args: string[]) =>
    rowsOf(kerntrail('implementations', 'vm_operations_struct.fault', '--json', ...args).out).map((r) => r.function);
  expect(names()).toEqual(['filemap_fault', 'xfs_fault']);
  expect(names('--arch', 'arm64').sort()).toEqual(['arm_fault', 'filemap_fault', 'xfs_fault']);
});
