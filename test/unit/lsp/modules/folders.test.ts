import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { layoutOf } from '../../../../server/src/lsp/modules/folders.ts';

let base: string;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'kerntrail-folders-'));
  const files: Record<string, string> = {
    'linux/Makefile': 'VERSION = 6\n',
    'linux/include/linux/fs.h': '',
    'linux/fs/ext4/file.c': '',
    'myfs/Kbuild': 'obj-m := myfs.o\n',
    'myfs/file.c': '',
    'notes/a.c': '',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text);
  }
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

function layout(folders: string[], setting = '') {
  const logged: string[] = [];
  const found = layoutOf(
    folders.map((folder) => join(base, folder)),
    setting,
    (message) => logged.push(message),
  );
  const short = (paths: string[]) => paths.map((path) => path.slice(base.length + 1));
  return { trees: short(found.trees), modules: short(found.modules), logged };
}

test('beside a tree, a folder that kbuild has something to do in is a module', () => {
  expect(layout(['linux', 'myfs'])).toEqual({ trees: ['linux'], modules: ['myfs'], logged: [] });
  expect(layout(['myfs', 'linux/fs'])).toEqual({ trees: ['linux'], modules: ['myfs'], logged: [] });
});

test('another folder is told, and left alone', () => {
  const { modules, logged } = layout(['linux', 'notes']);
  expect(modules).toEqual([]);
  expect(logged).toEqual([expect.stringContaining('neither a kernel tree nor a module')]);
});

test('with the setting, every folder outside of the tree is a module', () => {
  const tree = join(base, 'linux');
  expect(layout(['myfs'], tree)).toEqual({ trees: ['linux'], modules: ['myfs'], logged: [] });
  expect(layout(['notes', 'linux', 'linux/fs'], tree)).toEqual({ trees: ['linux'], modules: ['notes'], logged: [] });
  expect(layout(['myfs'], '../linux')).toEqual({ trees: ['linux'], modules: ['myfs'], logged: [] });
});

test('where there is no tree at all, each folder is taken for one, and refused as such later', () => {
  expect(layout(['myfs'])).toEqual({ trees: ['myfs'], modules: [], logged: [] });
});
