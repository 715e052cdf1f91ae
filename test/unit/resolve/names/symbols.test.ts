import { beforeAll, expect, test } from 'vitest';
import { syscallNames } from '../../../../server/src/kernel/syscalls.ts';
import { exactSymbols, fuzzySymbols } from '../../../../server/src/resolve/names/symbols.ts';
import { type IndexedTree, memoryTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await memoryTree(`
//@ include/linux/syscalls.h
#define SYSCALL_DEFINE1(name, t, a) \\
	long __x64_sys_##name(const struct pt_regs *regs); \\
	static inline long __do_sys_##name(t a); \\
	long __x64_sys_##name(const struct pt_regs *regs) { return __do_sys_##name((t)regs->di); } \\
	static inline long __do_sys_##name(t a)
long ksys_close(int fd);
//@ fs/open.c
#include <linux/syscalls.h>
SYSCALL_DEFINE1(close, int, fd)
// ^close
{
	return ksys_close(fd);
}
long ksys_close(int fd) { return 0; }
//@ drivers/a.c
static int foo_bar_open(void) { return 0; }
//@ arch/arm64/foo.c
int foo_bar_open(void) { return 0; }
int foo_bar_only(void);
`);
});

test.each([
  'sys_close',
  'SyS_close',
  '__x64_sys_close',
  '__do_sys_close',
  '__se_sys_close',
  '__arm64_sys_close',
  'ksys_close',
])('%s finds the SYSCALL_DEFINE', (name) => {
  const lines = exactSymbols({ index: tree.index, architecture: 'x86' }, name).map((p) => `${p.file}:${p.line}`);
  expect(lines).toContain(`fs/open.c:${tree.at('close').line}`);
});

test('names that only look like system calls have no others', () => {
  expect(syscallNames('sysfs_kf_read', 'x86')).toEqual([]);
  expect(syscallNames('sys_read', 'arm64')).toContain('__arm64_sys_read');
});

test('the architecture in view goes first; a declaration counts where there is nothing else', () => {
  expect(exactSymbols({ index: tree.index, architecture: 'x86' }, 'foo_bar_open').map((p) => p.file)).toEqual([
    'drivers/a.c',
    'arch/arm64/foo.c',
  ]);
  expect(exactSymbols({ index: tree.index, architecture: 'x86' }, 'foo_bar_only').map((p) => p.file)).toEqual([
    'arch/arm64/foo.c',
  ]);
});

test('fuzzy: letters in order; nothing for what nobody is called', () => {
  expect(fuzzySymbols({ index: tree.index, architecture: 'x86' }, 'fbopen', 10).map((p) => p.name)).toContain(
    'foo_bar_open',
  );
  expect(fuzzySymbols({ index: tree.index, architecture: 'x86' }, 'qqqq', 10)).toEqual([]);
});
