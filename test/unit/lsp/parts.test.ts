import { expect, test } from 'vitest';
import { pathWithin } from '../../../server/src/index/modules/mounts.ts';
import { excluder } from '../../../server/src/lsp/indexing/globs.ts';
import { characterOf, columnOf } from '../../../server/src/lsp/lines.ts';

test('byte columns and UTF-16 characters, both ways', () => {
  for (const line of ['plain\tascii', '/* Ü */ .fault = f', '"😀" x', '']) {
    for (let c = 0; c <= line.length; c++) {
      // half of a surrogate pair has no column of its own
      if (c > 0 && /[\ud800-\udbff]/.test(line[c - 1])) continue;
      expect(characterOf(line, columnOf(line, c))).toBe(c);
    }
  }
  expect(columnOf('/* Ü */ x', 8)).toBe(10);
  expect(characterOf('abc', 99)).toBe(3);
});

test('globs of files not to index', () => {
  const skip = excluder(['drivers/gpu/drm/amd/include/**', '**/*.S', 'tools/', 'a?.c']);
  expect(
    ['drivers/gpu/drm/amd/include/x/y.h', 'drivers/gpu/drm/amd/include/', 'arch/x86/entry.S', 'tools/x.c', 'ab.c'].map(
      skip,
    ),
  ).toEqual([true, true, true, true, true]);
  expect(['drivers/gpu/drm/amd/x.h', 'fs/tools/x.c', 'abc.c'].map(skip)).toEqual([false, false, false]);
  expect(excluder([])('x.c')).toBe(false);
});

test('paths inside a tree', () => {
  expect(pathWithin('/k', '/k/fs/a.c')).toBe('fs/a.c');
  expect(pathWithin('/k', '/kk/a.c')).toBeNull();
  expect(pathWithin('/k', '/k')).toBeNull();
  expect(pathWithin('/k', '/a.c')).toBeNull();
});
