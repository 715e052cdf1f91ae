import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { defaultStorage, storeFolder } from '../../../server/src/index/store/store.ts';
import { isLeftOut, isSourceFile, listFiles, readTree } from '../../../server/src/index/tree.ts';

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
  expect(['arch/x86/entry/syscall_64.tbl', 'tools/perf/syscall.tbl', 'a.tbl'].map(isSourceFile)).toEqual([
    true,
    false,
    false,
  ]);
  expect(['a.c', 'a.h', 'a.S', 'a.s', 'a.cc', 'c'].map(isSourceFile)).toEqual([true, true, true, false, false, false]);
});

/** What a listing leaves out, as lines. */
const skippedIn = (folder: string): string[] => {
  const out: string[] = [];
  listFiles(folder, undefined, (path, why) => out.push(`${path}: ${why}`));
  return out.sort();
};

describe.skipIf(process.platform !== 'linux')('what can not be read is told', () => {
  test('names that are no UTF-8, of files and of folders', () => {
    write('a.c');
    write('fine\ufffd.c');
    for (const name of ['b\xff.c', 'notes\xff.txt']) writeFileSync(Buffer.from(`${root}/${name}`, 'latin1'), '');
    mkdirSync(Buffer.from(`${root}/c\xe4`, 'latin1'));
    expect(listFiles(root)).toEqual(['a.c', 'fine\ufffd.c']);
    expect(skippedIn(root)).toEqual([
      'b\ufffd.c: its name is not UTF-8. Rename it to have it read',
      'c\ufffd/: its name is not UTF-8. Rename it to have it read',
    ]);
  });

  test('paths that are too long, of files and of folders', () => {
    const name = 'n'.repeat(200);
    // only a shell that goes down step by step can make them
    execFileSync('sh', ['-c', `for i in $(seq 21); do mkdir ${name} && cd -P ${name} && : > x.c; done`], { cwd: root });
    const skipped = skippedIn(root);
    expect(listFiles(root).length).toBe(20 - skipped.filter((line) => line.includes('/x.c: ')).length);
    expect(skipped.length).toBeGreaterThan(0);
    for (const line of skipped) expect(line).toMatch(/: its path is too long for the (?:system|index)$/);
    execFileSync('rm', ['-rf', name], { cwd: root });
  });

  test('folders that may not be read', () => {
    write('locked/x.c');
    write('open/x.c');
    chmodSync(root, 0o755);
    chmodSync(join(root, 'locked'), 0);
    const user = process.geteuid?.();
    // root may read everything
    if (user === 0) process.seteuid?.(65534);
    try {
      expect(listFiles(root)).toEqual(['open/x.c']);
      expect(skippedIn(root)).toEqual(['locked/: you may not read it']);
    } finally {
      if (user === 0) process.seteuid?.(0);
    }
  });
});

test('where an index goes', () => {
  expect(storeFolder('/s', '/a/linux', 'x86')).toMatch(/^\/s\/linux-[0-9a-f]{12}-x86$/);
  expect(storeFolder('/s', '/a/linux', 'x86')).not.toBe(storeFolder('/s', '/b/linux', 'x86'));
  expect(storeFolder('/s', '/a/my tree!', 'x86')).toMatch(/^\/s\/my_tree_-/);
});

/** Where indexes go in an environment of these variables. */
function storageWith(variables: Record<string, string>): string {
  const before = { ...process.env };
  for (const name of ['KERNTRAIL_CACHE', 'XDG_CACHE_HOME', 'HOME']) delete process.env[name];
  Object.assign(process.env, variables);
  try {
    return defaultStorage();
  } finally {
    for (const name of ['KERNTRAIL_CACHE', 'XDG_CACHE_HOME', 'HOME'])
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
  }
}

test.skipIf(process.platform === 'win32')(
  'where indexes go: never to a place that depends on the current folder',
  () => {
    const own = join(userInfo().homedir, '.cache', 'kerntrail');
    expect(storageWith({ KERNTRAIL_CACHE: '/own', HOME: '/h' })).toBe('/own');
    expect(storageWith({ XDG_CACHE_HOME: '/xdg', HOME: '/h' })).toBe('/xdg/kerntrail');
    expect(storageWith({ HOME: '/h' })).toBe('/h/.cache/kerntrail');
    expect(storageWith({ KERNTRAIL_CACHE: 'rel', XDG_CACHE_HOME: 'rel', HOME: '/h' })).toBe('/h/.cache/kerntrail');
    for (const HOME of ['', 'rel', './rel']) expect(storageWith({ HOME })).toBe(own);
    expect(storageWith({})).toBe(own);
  },
);

test('what lies in an excluded folder, or in one of other programs, is left out', () => {
  const exclude = (path: string) => path === 'drivers/gpu/' || path === 'mm/slab.c';
  expect(isLeftOut('drivers/gpu/drm/a.c', exclude)).toBe(true);
  expect(isLeftOut('mm/slab.c', exclude)).toBe(true);
  expect(isLeftOut('.git/a.c')).toBe(true);
  expect(isLeftOut('tools/node_modules/x/a.c')).toBe(true);
  expect(isLeftOut('mm/slub.c', exclude)).toBe(false);
  expect(isLeftOut('drivers/gpu.c', exclude)).toBe(false);
});
