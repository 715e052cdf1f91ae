import { beforeAll, expect, test } from 'vitest';
import { filesOfModule } from '../../../server/src/backtrace/modules.ts';
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
