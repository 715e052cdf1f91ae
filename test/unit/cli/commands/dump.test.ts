import { beforeAll, expect, test } from 'vitest';
import { kerntrailIn, rowsOf } from '../../support/kerntrail.ts';
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

test('dump: sites, installs and calls', () => {
  const of = (what: string) => rowsOf(kerntrail('dump', what, '--json').out);
  const { line, column } = tree.at('fault-dispatch');
  expect(of('sites')).toContainEqual({
    kind: 'call',
    file: 'fs/ext4/file.c',
    line,
    column,
    function: 'ext4_mmap',
    struct: 'vm_operations_struct',
    member: 'fault',
    variable: null,
    sources: null,
    evidence: 'typed',
    macro: false,
  });
  expect(of('installs')).toContainEqual({
    file: 'fs/ext4/file.c',
    line: tree.at('install').line,
    function: 'ext4_mmap',
    struct: 'vm_area_struct',
    member: 'vm_ops',
    variable: 'ext4_vm_ops',
  });
  expect(of('calls')).toContainEqual({
    caller: '__x64_sys_close',
    file: 'fs/open.c',
    line: expect.any(Number),
    callee: '__do_sys_close',
    calleeFile: 'fs/open.c',
  });
  expect(kerntrail('dump', 'toString').code).toBe(2);
});

test('dump ops goes on working', () => {
  const { code, out } = kerntrail('dump', 'ops', '--json');
  expect(code).toBe(0);
  expect(rowsOf(out).map((r) => r.target)).toContain('xfs_fault');
});
