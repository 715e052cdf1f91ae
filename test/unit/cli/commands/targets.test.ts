import { beforeAll, expect, test } from 'vitest';
import { kerntrailIn, rowsOf } from '../../support/kerntrail.ts';
import { type Tree, writeTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(VM_TREE);
});

const kerntrail = (...args: string[]) => kerntrailIn(tree, args);

test('what a dispatch may call: first what is seen put there', () => {
  const { line } = tree.at('fault-dispatch');
  expect(rowsOf(kerntrail('targets', `fs/ext4/file.c:${line}`, '--json').out).map((t) => t.function)).toEqual([
    'filemap_fault',
    'xfs_fault',
  ]);
  const [proven, other] = rowsOf(kerntrail('targets', `fs/ext4/file.c:${line}`, '--json').out);
  expect(proven).toMatchObject({ pointer: 'vm_area_struct.vm_ops', proven: true, into: [{ function: 'ext4_mmap' }] });
  expect(other).toMatchObject({ proven: false, into: [] });
  const text = kerntrail('targets', `fs/ext4/file.c:${line}`).out;
  expect(text).toMatch(/^put into vm_area_struct\.vm_ops: 1\n.*filemap_fault.*\nnot seen put there: 1\n.*xfs_fault/m);
  expect(kerntrail('targets', 'fs/ext4/file.c')).toMatchObject({ code: 2, err: expect.stringContaining('FILE:LINE') });
  expect(kerntrail('targets', 'fs/none.c:3').code).toBe(2);
  expect(kerntrail('targets', 'fs/ext4/file.c:1').code).toBe(1);
});
