import { beforeAll, expect, test } from 'vitest';
import { kerntrailIn } from '../../support/kerntrail.ts';
import { type Tree, writeTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(`${VM_TREE}
//@ fs/open.c
#define SYSCALL_DEFINE1(name, t, a) \\
	static inline long __do_sys_##name(t a); \\
	long __x64_sys_##name(long *regs) { return __do_sys_##name((t)regs[0]); } \\
	static inline long __do_sys_##name(t a)
SYSCALL_DEFINE1(close, int, fd)
{
	return 0;
}
`);
});

const kerntrail = (...args: string[]) => kerntrailIn(tree, args);

test('symbol: exact, by the other names of a system call, near', () => {
  expect(kerntrail('symbol', 'filemap_fault').out).toMatch(/^mm\/filemap.c:2:5: +function +filemap_fault$/m);
  for (const name of ['sys_close', '__x64_sys_close', 'SyS_close', '__arm64_sys_close'])
    expect(kerntrail('symbol', name, '--no-update').out).toMatch(/^fs\/open.c:5:/);
  expect(kerntrail('symbol', 'extvmops').out).toContain('ext4_vm_ops');
});
