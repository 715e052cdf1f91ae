import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultStorage, storeFolder } from '../../../server/src/index/store.ts';
import { isSourceFile, listFiles, readTree } from '../../../server/src/index/tree.ts';

let root: string;
const write = (path: string, text = '') => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
};
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kerntrail-tree-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('a tree, its release and its architectures', () => {
  write('Makefile', '# c\nVERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\nEXTRAVERSION = -rc3\n');
  write('include/linux/fs.h');
  write('arch/x86/a.c');
  write('arch/arm64/a.c');
  write('arch/Kconfig');
  expect(readTree(root)).toEqual({ root, release: '6.12.0-rc3', architectures: ['arm64', 'x86'] });
});

test('what is no tree says so', () => {
  expect(() => readTree(join(root, 'none'))).toThrow(/no such folder/);
  write('Makefile', 'all:\n');
  expect(() => readTree(root)).toThrow(/does not look like a kernel tree/);
  expect(() => readTree(join(root, 'Makefile'))).toThrow(/is a file/);
});

test('its files: sources only, sorted, no links, nothing hidden', () => {
  for (const path of ['b/x.c', 'a.h', 'b/y.S', 'b/z.s', 'b/Kconfig', '.git/x.c', 'node_modules/x.c', 'c/d/e/f.c'])
    write(path);
  symlinkSync(join(root, 'b'), join(root, 'link'));
  symlinkSync(join(root, 'a.h'), join(root, 'link.h'));
  expect(listFiles(root)).toEqual(['a.h', 'b/x.c', 'b/y.S', 'c/d/e/f.c']);
  expect(listFiles(root, (path) => path === 'c/' || path === 'b/x.c')).toEqual(['a.h', 'b/y.S']);
  expect(['a.c', 'a.h', 'a.S', 'a.s', 'a.cc', 'c'].map(isSourceFile)).toEqual([true, true, true, false, false, false]);
});

test('where an index goes', () => {
  expect(storeFolder('/s', '/a/linux', 'x86')).toMatch(/^\/s\/linux-[0-9a-f]{12}-x86$/);
  expect(storeFolder('/s', '/a/linux', 'x86')).not.toBe(storeFolder('/s', '/b/linux', 'x86'));
  expect(storeFolder('/s', '/a/my tree!', 'x86')).toMatch(/^\/s\/my_tree_-/);
  const { KERNTRAIL_CACHE, XDG_CACHE_HOME } = process.env;
  try {
    delete process.env.KERNTRAIL_CACHE;
    process.env.XDG_CACHE_HOME = '/xdg';
    expect(defaultStorage()).toBe(join('/xdg', 'kerntrail'));
    process.env.KERNTRAIL_CACHE = '/own';
    expect(defaultStorage()).toBe('/own');
  } finally {
    for (const [name, value] of Object.entries({ KERNTRAIL_CACHE, XDG_CACHE_HOME }))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
});
