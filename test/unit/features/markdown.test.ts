import { expect, test } from 'vitest';
import {
  code,
  conditionText,
  count,
  declare,
  docMarkdown,
  docText,
  foldersText,
  leftOutText,
  plain,
  shortPath,
  someOf,
  table,
} from '../../../server/src/features/markdown.ts';

test('a declared name goes where C has it', () => {
  expect(declare('int (*)(void)', 'f')).toBe('int (*f)(void)');
  expect(declare('struct x *', 'p')).toBe('struct x *p');
  expect(declare('char[8]', 'name')).toBe('char name[8]');
  expect(declare('char *[8]', 'names')).toBe('char *names[8]');
  expect(declare('int (*[2])(void)', 'fs')).toBe('int (*fs[2])(void)');
  expect(declare('struct @3', 'x')).toBe('struct { … } x');
});

test('what comes from the tree cannot format or break the text', () => {
  expect(plain('a_b*c|<d>')).toBe('a\\_b\\*c\\|\\<d\\>');
  expect(code('a || `b`')).toBe("`a \\|\\| 'b'`");
  expect(table(['a', 'b'], [['x', '']])).toBe('| a |\n| :-- |\n| x |');
  expect(table(['a'], [])).toBe('');
});

test('words', () => {
  expect(count(1, 'table')).toBe('1 table');
  expect(count(1204, 'table')).toBe('1,204 tables');
  expect(leftOutText({ architectures: 14, programs: 0 })).toBe('+ 14 in other architectures');
  expect(leftOutText({ architectures: 0, programs: 0 })).toBe('');
  expect(someOf(['a', 'b', 'c'], 2)).toBe('a, b, … 1 more');
  expect(conditionText('defined(CONFIG_A) && !defined(CONFIG_B)')).toBe('CONFIG_A && !CONFIG_B');
  expect(docText('one two  three', 8)).toBe('one two …');
});

test('what a text marks as code becomes that, and it is cut at a word', () => {
  expect(docMarkdown('Puts @page->lru on &struct lru, or %-EIO; see ``a b``, f() and a_b.', 99)).toBe(
    'Puts `page->lru` on `struct lru`, or `-EIO`; see `a b`, `f()` and a\\_b.',
  );
  expect(docMarkdown('->fault() is 100%sure of a@b.c', 22)).toBe('`->fault()` is 100%sure …');
});

test('folders with what they hold', () => {
  const groups = ['fs', 'mm', 'net'].map((folder, n) => ({ folder, items: Array(n + 1).fill(0) }));
  expect(foldersText(groups, 2)).toBe('`fs` 1 · `mm` 2 · 1 more folder');
});

test('a path in a narrow cell keeps its end, by whole folders', () => {
  expect(shortPath('mm/filemap.c')).toBe('mm/filemap.c');
  expect(shortPath('drivers/gpu/drm/i915/gem/i915_gem_mman.c')).toBe('…/i915/gem/i915_gem_mman.c');
  expect(shortPath('sound/soc/a_name_that_is_longer_than_the_cell.c')).toBe('…/a_name_that_is_longer_than_the_cell.c');
  expect(shortPath('a_name_that_is_longer_than_the_cell.c')).toBe('a_name_that_is_longer_than_the_cell.c');
});
