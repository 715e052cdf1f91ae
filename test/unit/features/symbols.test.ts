import { beforeAll, expect, test } from 'vitest';
import type { DocumentSymbol } from 'vscode-languageserver';
import { codeLenses, type LensData, resolveCodeLens } from '../../../server/src/features/source/codeLens.ts';
import { documentSymbols } from '../../../server/src/features/source/documentSymbol.ts';
import { workspaceSymbols } from '../../../server/src/features/source/workspaceSymbol.ts';
import { toEnd } from '../../../server/src/resolve/steps.ts';
import { askIn, type IndexedTree, indexTree } from '../support/marked.ts';
import { VM_TREE } from '../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(VM_TREE);
});

const outline = (symbols: readonly DocumentSymbol[], depth = 0): string[] =>
  symbols.flatMap((s) => [
    `${'  '.repeat(depth)}${s.name}${s.detail ? ` · ${s.detail}` : ''}`,
    ...outline(s.children ?? [], depth + 1),
  ]);

test('outline: tables with their slots, structs with their members', () => {
  expect(outline(documentSymbols(askIn(tree, 'fs/ext4/file.c')))).toMatchInlineSnapshot(`
    [
      "ext4_mkwrite",
      "ext4_vm_ops · const struct vm_operations_struct",
      "  filemap_fault · .fault",
      "  ext4_mkwrite · .mkwrite",
      "ext4_mmap",
    ]
  `);
  expect(outline(documentSymbols(askIn(tree, 'include/linux/mm.h')))).toMatchInlineSnapshot(`
    [
      "container_of · macro(ptr, type, member)",
      "vm_fault · struct",
      "  flags · int",
      "vm_operations_struct · struct",
      "  open · void (*)(struct vm_area_struct *area)",
      "  fault · int (*)(struct vm_fault *vmf)",
      "  (unnamed) · union { … }",
      "    mkwrite · int (*)(struct vm_fault *vmf)",
      "    cookie · long",
      "vm_area_struct · struct",
      "  start · unsigned long",
      "  vm_ops · const struct vm_operations_struct *",
      "  own · struct vm_operations_struct",
    ]
  `);
  expect(documentSymbols(askIn(tree, 'fs/ext4/file.c', { besideOther: true }))).toEqual([]);
});

test('every range holds its selection and its children, as editors insist', () => {
  const check = (s: DocumentSymbol): void => {
    const holds = (inner: DocumentSymbol['range']) => {
      expect(inner.start.line * 1e4 + inner.start.character).toBeGreaterThanOrEqual(
        s.range.start.line * 1e4 + s.range.start.character,
      );
      expect(inner.end.line * 1e4 + inner.end.character).toBeLessThanOrEqual(
        s.range.end.line * 1e4 + s.range.end.character,
      );
    };
    holds(s.selectionRange);
    for (const child of s.children ?? []) {
      holds(child.range);
      check(child);
    }
  };
  for (const file of tree.files.keys())
    if (file.endsWith('.c') || file.endsWith('.h'))
      documentSymbols(askIn(tree, file, { character: (_p, _l, c) => Math.min(c - 1, 200) })).forEach(check);
});

test('workspace symbols are fuzzy and ranked', () => {
  const names = (query: string) => workspaceSymbols(askIn(tree, 'mm/filemap.c'), query).map((s) => s.name);
  expect(names('ext4_vm_ops')[0]).toBe('ext4_vm_ops');
  expect(names('vmops')).toEqual(expect.arrayContaining(['ext4_vm_ops', 'xfs_vm_ops']));
  expect(names(' ')).toEqual([]);
  expect(workspaceSymbols(askIn(tree, 'mm/filemap.c', { besideOther: true }), 'ext4')).toEqual([]);
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
