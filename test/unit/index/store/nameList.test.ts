import { expect, test } from 'vitest';
import { decodeSymbols, fuzzyScore, searchSymbols, symbolBlobs } from '../../../../server/src/index/store/nameList.ts';

const listOf = (names: string[], added?: string) => {
  const { text, index } = symbolBlobs(names);
  return decodeSymbols(text, index, added ? Buffer.from(added) : undefined);
};

const list = listOf([
  '__ext4_fault',
  'ext4_da',
  'ext4_file_mmap',
  'ext4_file_vm_ops',
  'filemap_fault',
  'vm_ops',
  'VmOps_X',
  'xfs_file_vm_ops',
]);
const search = (query: string, limit = 10) => searchSymbols(list, query, limit).map((s) => s.name);

test('a whole name first, then prefixes, then word starts, then anywhere', () => {
  expect(search('vm_ops')).toEqual(['vm_ops', 'xfs_file_vm_ops', 'ext4_file_vm_ops']);
  expect(search('ext4_file')).toEqual(['ext4_file_mmap', 'ext4_file_vm_ops']);
  expect(search('fault')[0]).toBe('__ext4_fault');
});

test('letters in order, case aside', () => {
  expect(search('e4fvo')).toEqual(['ext4_file_vm_ops']);
  expect(search('VMOPS')).toContain('VmOps_X');
  expect(search('sopmv')).toEqual([]);
});

test('nothing, blanks, and a limit', () => {
  expect(search('')).toEqual([]);
  expect(search('ext4 file vm')).toEqual(search('ext4filevm'));
  expect(search('e', 2)).toHaveLength(2);
  expect(searchSymbols(decodeSymbols(undefined, undefined, undefined), 'x', 5)).toEqual([]);
});

test('the best of many', () => {
  const many = listOf([...Array.from({ length: 5000 }, (_, i) => `a_${i}_target_x`), 'target']);
  expect(searchSymbols(many, 'target', 3)[0]).toEqual({ name: 'target', score: 1000 });
});

test('names that came later, beside the list', () => {
  const both = listOf(['filemap_fault', 'shm_fault'], 'shmem_fault\nmy_vm_ops');
  expect(searchSymbols(both, 'fault', 9).map((s) => s.name)).toEqual(['shm_fault', 'shmem_fault', 'filemap_fault']);
  expect(searchSymbols(both, 'my_vm_ops', 9).map((s) => s.name)).toEqual(['my_vm_ops']);
});

test('scores', () => {
  expect(fuzzyScore('abc', 'abc')).toBe(1000);
  expect(fuzzyScore('abc', 'acb')).toBe(-Infinity);
  expect(fuzzyScore('a_bcd', 'bc')).toBeGreaterThan(fuzzyScore('abcd', 'bc'));
});

test('no name that holds the query is passed over, in whatever case', () => {
  const words = ['Ext4', 'da', 'VM', 'ops', 'x', 'FaultAt', '9p', '_t', 'i915', 'Q\u00e9'];
  const many = words.flatMap((a) => words.flatMap((b) => [`${a}_${b}`, `${a}${b}`]));
  const all = listOf(many);
  const queries = new Set(many.flatMap((n) => [n.slice(1, 4), n.slice(2), n.slice(0, 3).toUpperCase()]));
  for (const query of queries) {
    if (query.length < 3) continue;
    const found = new Set(searchSymbols(all, query, 1000).map((s) => s.name));
    const holds = many.filter((n) => /^[\x20-\x7e]*$/.test(n) && n.toLowerCase().includes(query.toLowerCase()));
    expect(holds.filter((n) => !found.has(n))).toEqual([]);
  }
});
