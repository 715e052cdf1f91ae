import { expect, test } from 'vitest';
import { commonness, isGlobalHeader, isNoMmu, partOf, readingRank } from '../../../server/src/kernel/layout.ts';

test('what every kernel has comes before drivers', () => {
  expect(['mm/memory.c', 'arch/x86/mm/fault.c', 'drivers/net/tun.c'].map(commonness)).toEqual([0, 1, 2]);
});

test('the core folders are read first, other architectures last', () => {
  const files = [
    'arch/mips/a.c',
    'drivers/gpu/a.c',
    'drivers/a.c',
    'sound/a.c',
    'arch/x86/a.c',
    'fs/a.c',
    'include/a.h',
  ];
  const ranked = [...files].sort((a, b) => readingRank(a, 'x86') - readingRank(b, 'x86'));
  expect(ranked).toEqual([...files].reverse());
});

test('headers that all code includes', () => {
  const headers = ['include/linux/fs.h', 'arch/arm/include/asm/io.h', 'fs/ext4/ext4.h', 'arch/arm/mm/mm.h'];
  expect(headers.map(isGlobalHeader)).toEqual([true, true, false, false]);
});

test("a file system's or driver's own part of the tree", () => {
  expect(['fs/ext4/file.c', 'fs/open.c', 'drivers/net/ethernet/intel/e100.c', 'mm/memory.c'].map(partOf)).toEqual([
    'fs/ext4',
    '',
    'drivers/net/ethernet',
    '',
  ]);
});

test('code without an MMU', () => {
  expect(['mm/nommu.c', 'arch/arm/mm/proc-nommu.c', 'mm/memory.c'].map(isNoMmu)).toEqual([true, true, false]);
});
