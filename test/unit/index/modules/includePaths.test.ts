import { afterEach, beforeEach, expect, test } from 'vitest';
import { modulePaths, searchPathsIn } from '../../../../server/src/index/modules/includePaths.ts';
import { mountModules } from '../../../../server/src/index/modules/mounts.ts';
import { type ModuleTree, newModuleTree } from '../moduleTree.ts';

let tree: ModuleTree;
beforeEach(() => {
  tree = newModuleTree();
});
afterEach(() => {
  mountModules(tree.root, []);
  tree.remove();
});

/** Search paths of a file, from what the Makefile of the module says. */
function pathsOf(makefile: string, file = '[mod]/a.c') {
  tree.module('mod', { 'a.c': '', 'sub/b.c': '', Kbuild: makefile });
  return searchPathsIn(modulePaths(tree.root))(file);
}

test.each([
  ['ccflags-y := -I$(src)/include', '[mod]/include'],
  ['ccflags-y += -I $(src)/include', '[mod]/include'],
  ['EXTRA_CFLAGS = -DX=1 -I$(PWD)/include -Wall', '[mod]/include'],
  ['ccflags-$(CONFIG_MOD) += -I"$(M)/include"', '[mod]/include'],
  ['subdir-ccflags-y := -I$(srctree)/$(src)/include', '[mod]/include'],
  ['CFLAGS_a.o := -I$\x7bsrc}', '[mod]'],
  ['ccflags-y := -I$(srctree)/fs/xfs', 'fs/xfs'],
  ['ccflags-y := -I$(KERNELDIR)/fs/xfs # the tree', 'fs/xfs'],
  ['TOP := $(src)/include\nccflags-y := -I$(TOP)/api', '[mod]/include/api'],
  ['ccflags-y := \\\n\t-DX \\\n\t-I$(src)/include', '[mod]/include'],
  ['ccflags-y := -I$(shell pwd)/include', '[mod]/include'],
])('%s', (makefile, path) => {
  expect(pathsOf(makefile)).toEqual({ first: [], last: [path] });
});

test('what replaces the kernel own search comes before it', () => {
  expect(pathsOf('NOSTDINC_FLAGS := -I$(src)/backport\nccflags-y := -I$(src)/include')).toEqual({
    first: ['[mod]/backport'],
    last: ['[mod]/include'],
  });
});

test('what a Makefile says holds below it, and for no file of the tree', () => {
  expect(pathsOf('ccflags-y := -I$(src)/include', '[mod]/sub/b.c').last).toEqual(['[mod]/include']);
  expect(pathsOf('ccflags-y := -I$(src)/include', 'fs/a.c').last).toEqual([]);
});

test('other flags, and folders elsewhere, are none', () => {
  expect(pathsOf('obj-m := a.o\nccflags-y := -DINCLUDE -I/usr/include\n#ccflags-y := -I$(src)')).toEqual({
    first: [],
    last: [],
  });
});
