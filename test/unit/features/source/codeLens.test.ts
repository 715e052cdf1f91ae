import { beforeAll, expect, test } from 'vitest';
import { codeLenses, type LensData, resolveCodeLens } from '../../../../server/src/features/source/codeLens.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { askIn, type IndexedTree, indexTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(VM_TREE);
});

test('lenses over tables and over registered functions', () => {
  const lenses = (file: string, on = { tables: true, functions: true }) =>
    toEnd(codeLenses(askIn(tree, file), on)).map((l) => {
      const { command } = resolveCodeLens(askIn(tree, file), l, l.data as LensData, {
        references: 'refs',
        implementations: 'impls',
      });
      return `${l.range.start.line + 1} ${command?.title} ${command?.command} ${(command?.arguments?.[2] as unknown[] | undefined)?.length ?? 0}`;
    });
  const line = (name: string) => tree.at(name).line;
  expect(lenses('fs/ext4/file.c')).toEqual([
    '2 vm_operations_struct.mkwrite in 1 table refs 1',
    `${line('ext4_vm_ops')} 2 slots · installed in 1 place refs 1`,
  ]);
  expect(lenses('mm/filemap.c')).toEqual([
    `${line('filemap_fault')} vm_operations_struct.fault in 2 tables refs 2`,
    `${line('generic_vm_ops')} 1 slot impls 1`,
  ]);
  expect(lenses('mm/filemap.c', { tables: false, functions: true }).length).toBe(1);
  expect(lenses('mm/filemap.c', { tables: false, functions: false })).toEqual([]);
});
