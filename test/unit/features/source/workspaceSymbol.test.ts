import { beforeAll, expect, test } from 'vitest';
import { SymbolKind } from 'vscode-languageserver';
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

test('a struct, a member or a name of one file, under the name that was asked for', () => {
  const found = (query: string) =>
    workspaceSymbols(askIn(tree, 'mm/filemap.c'), query)
      .slice(0, 1)
      .map((s) => [s.name, s.kind, s.location.uri.slice(s.location.uri.indexOf('/linux/') + 7)]);
  expect(found('vm_operations_struct.fault')).toEqual([
    ['vm_operations_struct.fault', SymbolKind.Field, 'include/linux/mm.h'],
  ]);
  expect(found('struct vm_operations_struct')).toEqual([
    ['struct vm_operations_struct', SymbolKind.Struct, 'include/linux/mm.h'],
  ]);
  expect(found('ext4/file.c:ext4_vm_ops')).toEqual([
    ['ext4/file.c:ext4_vm_ops', SymbolKind.Variable, 'fs/ext4/file.c'],
  ]);
});
