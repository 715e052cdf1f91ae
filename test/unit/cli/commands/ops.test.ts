import { beforeAll, describe, expect, test } from 'vitest';
import { kerntrailIn, rowsOf } from '../../support/kerntrail.ts';
import { type Tree, writeTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(VM_TREE);
});

const kerntrail = (...args: string[]) => kerntrailIn(tree, args);

describe('ops', () => {
  test("a table's slots as text", () => {
    const { code, out } = kerntrail('ops', 'ext4_vm_ops');
    expect(code).toBe(0);
    expect(out).toBe(
      `fs/ext4/file.c:${tree.at('ext4_vm_ops').line}: const struct vm_operations_struct ext4_vm_ops
  .fault    filemap_fault  mm/filemap.c:2
  .mkwrite  ext4_mkwrite   fs/ext4/file.c:2  if defined(CONFIG_MKWRITE)
  unset: open
installed:
  vm_area_struct.vm_ops  in ext4_mmap  fs/ext4/file.c:${tree.at('install').line}  if !dax
`,
    );
  });

  test('as JSON', () => {
    const [row] = rowsOf(kerntrail('ops', 'ext4_vm_ops', '--json').out);
    expect(row).toMatchObject({
      table: 'ext4_vm_ops',
      struct: 'vm_operations_struct',
      unset: ['open'],
      slots: [{ path: 'fault', target: 'filemap_fault', targetFile: 'mm/filemap.c' }, { path: 'mkwrite' }],
    });
  });

  test("a struct's tables", () => {
    expect(
      kerntrail('ops', 'vm_operations_struct')
        .out.split('\n')
        .map((l) => l.split(/\s+/)[1]),
    ).toEqual(['ext4_vm_ops', 'xfs_vm_ops', 'generic_vm_ops', undefined]);
  });
});
