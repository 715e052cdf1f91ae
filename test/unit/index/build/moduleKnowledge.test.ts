import { afterAll, beforeAll, expect, test } from 'vitest';
import { macrosBelow, stateBelow } from '../../../../server/src/index/build/moduleKnowledge.ts';
import { decodeMacros } from '../../../../server/src/index/store/codec.ts';
import { type ModuleTree, newModuleTree } from '../moduleTree.ts';

let tree: ModuleTree;

beforeAll(async () => {
  tree = newModuleTree({
    'include/linux/kconfig.h': '#define ALWAYS(x) x\n',
    'include/linux/fs.h': '#include <linux/list.h>\n#define FS(x) x\n',
    'include/linux/list.h': '#define LIST(x) x\n',
    'include/linux/unused.h': '#define UNUSED(x) x\n',
    'fs/xfs/own.h': '#define XFS(x) x\n',
  });
  await tree.index();
});
afterAll(() => tree.remove());

const below = () => ({ root: tree.root, storage: tree.storage, architecture: 'x86' });

test('the headers that a module reaches, by its own search paths too, and no others', async () => {
  const module = tree.module('mod', {
    Kbuild: 'ccflags-y := -I$(srctree)/fs/xfs\n',
    'a.c': '#include <linux/fs.h>\n#include "b.h"\n',
    'b.h': '#include <own.h>\n',
  });
  const found = (await macrosBelow({ ...below(), module })).map((bytes) => decodeMacros(bytes).file);
  expect(found).toEqual(['include/linux/kconfig.h', 'include/linux/fs.h', 'fs/xfs/own.h', 'include/linux/list.h']);
});

test('the state below is another one when the tree, or where a module looks for headers, has changed', async () => {
  tree.module('mod', { Kbuild: 'ccflags-y := -I$(srctree)/fs/xfs\n', 'a.c': '' });
  const first = await stateBelow(below());
  expect(await stateBelow(below())).toBe(first);
  tree.module('mod', { Kbuild: 'ccflags-y := -I$(srctree)/fs\n' });
  const second = await stateBelow(below());
  expect(second).not.toBe(first);
  tree.write({ 'include/linux/fs.h': '#define FS(x, y) x\n' });
  await tree.index();
  expect(await stateBelow(below())).not.toBe(second);
});

test('without an index of the tree there is nothing to rest on', async () => {
  await expect(stateBelow({ ...below(), storage: `${tree.storage}-none` })).rejects.toThrow(/no index of .* yet/);
});
