import { beforeAll, expect, test } from 'vitest';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import { definitionsFrom } from '../../../../server/src/resolve/names/scope.ts';
import { implementationCount, slotAnswer, usesOf } from '../../../../server/src/resolve/slots/slots.ts';
import { type IndexedTree, memoryTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await memoryTree(`${VM_TREE}
//@ drivers/a.c
#include <linux/mm.h>
static int same_name(struct vm_fault *vmf) { return 0; }
static const struct vm_operations_struct a = { .mkwrite = same_name };
//@ drivers/b.c
#include <linux/mm.h>
static int same_name(struct vm_fault *vmf) { return 0; }
static const struct vm_operations_struct b = { .mkwrite = same_name };
`);
});

const functionsOf = (owner: string, member: string, from: string, architecture = 'x86') =>
  slotAnswer({ index: tree.index, architecture }, owner, member, from).implementations.map(
    (i) => `${i.name} ${i.registrations.length}`,
  );

test('functions in a slot come nearest first, one entry each', () => {
  expect(functionsOf('vm_operations_struct', 'fault', 'fs/xfs/other.c')).toEqual(['xfs_fault 1', 'filemap_fault 2']);
  expect(functionsOf('vm_operations_struct', 'fault', 'mm/other.c')).toEqual(['filemap_fault 2', 'xfs_fault 1']);
});

test('another architecture and another program are counted, not mixed in', () => {
  expect(
    slotAnswer({ index: tree.index, architecture: 'x86' }, 'vm_operations_struct', 'fault', 'mm/filemap.c').leftOut,
  ).toEqual({
    architectures: 1,
    programs: 1,
  });
  expect(functionsOf('vm_operations_struct', 'fault', 'mm/filemap.c', 'arm64')).toContain('arm_fault 1');
  expect(functionsOf('vm_operations_struct', 'fault', 'arch/arm64/mm/fault.c')).toContain('arm_fault 1');
  expect(functionsOf('vm_operations_struct', 'fault', 'tools/testing/vm.c')).toContain('test_fault 1');
});

test('statics of one name are different functions', () => {
  expect(functionsOf('vm_operations_struct', 'mkwrite', '')).toEqual(['ext4_mkwrite 1', 'same_name 1', 'same_name 1']);
  const [a] = definitionsFrom({ index: tree.index, architecture: 'x86' }, 'same_name', 'drivers/a.c', [
    NameKind.Function,
  ]);
  expect(
    usesOf({ index: tree.index, architecture: 'x86' }, a, 'drivers/a.c').registrations.map((r) => r.variable),
  ).toEqual(['a']);
});

test('a slot that points to a table tells which ones are put there', () => {
  const { installs, implementations } = slotAnswer(
    { index: tree.index, architecture: 'x86' },
    'vm_area_struct',
    'vm_ops',
    '',
  );
  expect(installs.map((r) => `${r.target} ${r.function}`)).toEqual(['ext4_vm_ops ext4_mmap']);
  expect(implementations).toEqual([]);
});

test('an unknown slot holds nothing', () => {
  expect(slotAnswer({ index: tree.index, architecture: 'x86' }, 'nothing', 'at_all', '')).toEqual({
    implementations: [],
    installs: [],
    leftOut: { architectures: 0, programs: 0 },
  });
});

test('functions in a slot are counted as they are listed', () => {
  for (const architecture of ['x86', 'arm64'])
    for (const member of ['fault', 'mkwrite', 'open', 'nothing'])
      for (const from of ['', 'mm/other.c', 'arch/arm64/a.c']) {
        const world = { index: tree.index, architecture };
        const listed = slotAnswer(world, 'vm_operations_struct', member, from).implementations.length;
        // asked twice: what was counted is kept
        expect(implementationCount(world, 'vm_operations_struct', member, from)).toBe(listed);
        expect(implementationCount(world, 'vm_operations_struct', member, from)).toBe(listed);
      }
});
