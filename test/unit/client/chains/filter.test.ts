import { expect, test } from 'vitest';
import { filterProblem, isKept, readFilter } from '../../../../client/src/chains/filter.ts';
import { chainLink, chainNode } from '../../support/chainRows.ts';

const node = chainNode('ext4_readahead', 'fs/ext4/inode.c');
const link = chainLink(node, node, { kind: 'member', evidence: 'typed', how: 'in ext4_aops' });
const keeps = (text: string, of: typeof link | null = link): boolean => {
  const filter = readFilter(text);
  return filter === null || isKept(filter, node, of);
};

test('words in names and tables, folders with a slash, evidence with an @', () => {
  expect(
    ['read', 'READ ahead', 'aops', 'fs/ext4/', './fs/', '@typed', '@member', '-@name', ''].map((t) => keeps(t)),
  ).toEqual(Array(9).fill(true));
  expect(['write', 'read write', 'fs/xfs/', '@flow', '-@typed', 'read @named'].map((t) => keeps(t))).toEqual(
    Array(6).fill(false),
  );
  expect([keeps('@typed', null), keeps('-@typed', null)]).toEqual([false, true]);
});

test('of folders and of evidence one is enough', () => {
  expect([keeps('fs/xfs/ fs/ext4/'), keeps('@flow @typed')]).toEqual([true, true]);
});

test('`@name` is not `@named`', () => {
  expect(keeps('@name', chainLink(node, node))).toBe(false);
});

test('evidence that nobody has is told', () => {
  expect(filterProblem('read fs/ @typed -@name')).toBe('');
  expect(filterProblem('@guess')).toMatch(/^@guess is no evidence: @named @typed/);
});
