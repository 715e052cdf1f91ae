import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { filesOfFolder, isTree, looksLikeModule, modulesIn } from '../../../../server/src/index/modules/find.ts';

let base: string;
let tree: string;

function write(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), path.endsWith('Makefile') ? 'obj-m := a.o\n' : 'int a;\n');
  }
}

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'kerntrail-modules-')));
  tree = join(base, 'linux');
  write('linux/Makefile', 'linux/include/linux/fs.h', 'linux/drivers/x/x.c');
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

const find = (...folders: string[]) =>
  modulesIn(
    tree,
    folders.map((folder) => join(base, folder)),
  );

test('a module is called as its folder; one of a name that is taken gets a number', () => {
  write('myfs/a.c', 'old/myfs/a.c', 'odd [one]/a.c');
  symlinkSync(join(base, 'old/myfs'), join(base, 'link'));
  expect(find('myfs', 'link', 'odd [one]').map((m) => [m.name, m.folder, m.root])).toEqual([
    ['[myfs]', join(base, 'myfs'), join(base, 'myfs')],
    ['[myfs~2]', join(base, 'link'), join(base, 'old/myfs')],
    ['[odd__one_]', join(base, 'odd [one]'), join(base, 'odd [one]')],
  ]);
});

test('what is no module beside the tree is refused, in words', () => {
  write('docs/readme.txt', 'other/Makefile', 'other/include/linux/fs.h', 'file.c');
  expect(() => find('gone')).toThrow(/no such folder/);
  expect(() => find('file.c')).toThrow(/is a file/);
  expect(() => find('docs')).toThrow(/has no C files/);
  expect(() => find('linux')).toThrow(/is the kernel tree itself/);
  expect(() => find('linux/drivers/x')).toThrow(/lies in the kernel tree.*no out-of-tree module/);
  expect(() => find('.')).toThrow(/holds the kernel tree/);
  expect(() => find('other')).toThrow(/kernel tree of its own/);
});

test('a folder that is given twice, or lies in another one, is read once', () => {
  write('myfs/a.c', 'myfs/sub/b.c');
  expect(find('myfs/sub', 'myfs', 'myfs').map((m) => m.name)).toEqual(['[myfs]']);
});

test('what kbuild makes is no source', () => {
  write('myfs/a.c', 'myfs/myfs.mod.c', 'myfs/sub/b.h', 'myfs/.tmp/c.c');
  expect(filesOfFolder(join(base, 'myfs'))).toEqual(['a.c', 'sub/b.h']);
});

test('a folder looks like a module by what its Makefiles name', () => {
  write('myfs/a.c', 'myfs/Makefile', 'split/src/a.c', 'split/src/Makefile', 'notes/a.c');
  expect(['myfs', 'split', 'notes'].map((folder) => looksLikeModule(join(base, folder)))).toEqual([true, true, false]);
  expect([tree, join(base, 'myfs')].map(isTree)).toEqual([true, false]);
});
