import { beforeAll, expect, test } from 'vitest';
import { filesOfModule } from '../../../server/src/backtrace/modules.ts';
import { newModuleTree } from '../index/moduleTree.ts';
import { type IndexedTree, indexTree } from '../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ drivers/net/Makefile
obj-$(CONFIG_ONE) += one.o # the small one
obj-$(CONFIG_BIG)	+= big-net.o
obj-y += sub/
big-net-objs := core.o \\
	sub/io.o
big-net-$(CONFIG_BIG_DEBUG) += debug.o
//@ drivers/net/one.c
int one;
//@ drivers/net/core.c
int core;
//@ drivers/net/debug.c
int debug;
//@ drivers/net/sub/io.c
int io;
//@ lib/Kbuild
obj-m := tiny.o
//@ lib/tiny.c
int tiny;
`);
});

const files = (module: string) => [...(filesOfModule(tree.index, module) ?? [])].sort();

test('one file, several files, conditional ones, those of folders below', () => {
  expect(files('one')).toEqual(['drivers/net/one.c']);
  expect(files('big_net')).toEqual(['drivers/net/core.c', 'drivers/net/debug.c', 'drivers/net/sub/io.c']);
  expect(files('tiny')).toEqual(['lib/tiny.c']);
});

test('the kernel prints - as _', () => {
  expect(files('big-net')).toEqual(files('big_net'));
});

test('a module that no Makefile makes', () => {
  expect(filesOfModule(tree.index, 'nvidia')).toBeNull();
});

test('of a module beside the tree, its files alone are meant, however its Makefile calls it', async () => {
  const beside = newModuleTree({ 'fs/myfs/Makefile': 'obj-m := myfs.o\n', 'fs/myfs/myfs.c': '' });
  try {
    beside.module('work', {
      Makefile: 'NAME := myfs\nobj-m := $(NAME).o\n$(NAME)-objs := super.o file.o\n',
      'super.c': '',
      'file.c': '',
      'test.c': '',
    });
    beside.module('plain', { 'plain.c': '', CMakeLists: '' });
    const index = await beside.open();
    expect([...(filesOfModule(index, 'myfs') ?? [])].sort()).toEqual(['[work]/file.c', '[work]/super.c']);
    expect([...(filesOfModule(index, 'plain') ?? [])]).toEqual(['[plain]/plain.c']);
  } finally {
    beside.remove();
  }
});
