import { beforeAll, expect, test } from 'vitest';
import { workspaceSymbols } from '../../../../server/src/features/source/workspaceSymbol.ts';
import { askIn, type IndexedTree, indexTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(VM_TREE);
});

test('workspace symbols are fuzzy and ranked', () => {
  const names = (query: string) => workspaceSymbols(askIn(tree, 'mm/filemap.c'), query).map((s) => s.name);
  expect(names('ext4_vm_ops')[0]).toBe('ext4_vm_ops');
  expect(names('vmops')).toEqual(expect.arrayContaining(['ext4_vm_ops', 'xfs_vm_ops']));
  expect(names(' ')).toEqual([]);
  expect(workspaceSymbols(askIn(tree, 'mm/filemap.c', { besideOther: true }), 'ext4')).toEqual([]);
});
