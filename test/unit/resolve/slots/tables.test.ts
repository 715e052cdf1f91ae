import { beforeAll, expect, test } from 'vitest';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import { definitionsFrom } from '../../../../server/src/resolve/names/scope.ts';
import { functionMembers, tableOf, tablesOfStruct } from '../../../../server/src/resolve/slots/tables.ts';
import { type IndexedTree, memoryTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await memoryTree(VM_TREE);
});

const tableNamed = (name: string, file: string) => {
  const [definition] = definitionsFrom({ index: tree.index, architecture: 'x86' }, name, file, [NameKind.Variable]);
  const facts = tree.index.facts(file);
  return facts && definition ? tableOf({ index: tree.index, architecture: 'x86' }, facts, definition, file) : null;
};

test('a table: its slots with conditions, what is unset, where it is installed', () => {
  const table = tableNamed('ext4_vm_ops', 'fs/ext4/file.c');
  expect(table?.slots.map((s) => [s.path, s.target, s.definition?.file, s.condition])).toEqual([
    ['fault', 'filemap_fault', 'mm/filemap.c', null],
    ['mkwrite', 'ext4_mkwrite', 'fs/ext4/file.c', 'defined(CONFIG_MKWRITE)'],
  ]);
  expect(table?.unset).toEqual(['open']);
  expect(table?.installs.map((r) => `${r.owner}.${r.member} ${r.function}:${r.targetLine}`)).toEqual([
    `vm_area_struct.vm_ops ext4_mmap:${tree.at('install').line}`,
  ]);
  expect(table?.struct).toBe('vm_operations_struct');
});

test("a struct's tables, nearest first", () => {
  const { tables, leftOut } = tablesOfStruct(
    { index: tree.index, architecture: 'x86' },
    'vm_operations_struct',
    'fs/xfs/x.c',
  );
  expect(tables.map((t) => t.variable)).toEqual(['xfs_vm_ops', 'ext4_vm_ops', 'generic_vm_ops']);
  expect(leftOut).toEqual({ architectures: 1, programs: 1 });
});

test('function members show through unnamed unions', () => {
  const [record] = tree.index.types.recordsByTag('vm_operations_struct');
  expect(functionMembers(tree.index.types, record)).toEqual(['open', 'fault', 'mkwrite']);
});
