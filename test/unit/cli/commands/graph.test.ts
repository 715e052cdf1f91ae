import { beforeAll, expect, test } from 'vitest';
import { diagram } from '../../../../server/src/cli/commands/graph.ts';
import type { Chain } from '../../../../server/src/resolve/graph/paths.ts';
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

test('callers of a slot', () => {
  const { line, column } = tree.at('fault-dispatch');
  const [first] = rowsOf(kerntrail('callers', 'vm_operations_struct.fault', '--json').out);
  expect(first).toMatchObject({ file: 'fs/ext4/file.c', line, column, from: 'ext4_mmap', evidence: 'typed' });
  expect(kerntrail('callers', 'vm_operations_struct.fault').out).toContain(`fs/ext4/file.c:${line}:`);
  expect(kerntrail('callers', 'vm_operations_struct.open')).toMatchObject({ code: 1, out: '' });
  expect(kerntrail('callers', 'fault')).toMatchObject({ code: 1, err: expect.stringContaining('no function fault') });
});

test('callers of a function: through the slots it stands in', () => {
  const found = rowsOf(kerntrail('callers', 'filemap_fault', '--json').out);
  // the call, and the nearest of the tables that it goes by
  const through = [expect.objectContaining({ function: 'generic_vm_ops', file: 'mm/filemap.c' })];
  expect(found).toEqual([expect.objectContaining({ kind: 'dispatch', from: 'ext4_mmap', through })]);
});

test('paths and roots', () => {
  const [path] = rowsOf(kerntrail('path', 'ext4_mmap', 'xfs_fault', '--json').out);
  expect((path.edges as { to: string }[]).map((e) => e.to)).toEqual(['vm_operations_struct.fault', 'xfs_fault']);
  expect(kerntrail('path', 'ext4_mmap', 'xfs_fault', '--format', 'mermaid').out).toMatch(/^flowchart TD\n/);
  expect(kerntrail('path', 'ext4_mmap', 'xfs_fault', '--format', 'dot').out).toMatch(/^digraph kerntrail \{\n/);
  expect(kerntrail('path', 'xfs_fault', 'ext4_mmap')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no path'),
  });
  expect(kerntrail('path', 'xfs_fault', 'nobody')).toMatchObject({ code: 1, err: expect.stringContaining('nobody') });
  expect(kerntrail('roots', '__do_sys_close').out).toMatch(/^syscall +__do_sys_close/);
});

test('a diagram names each node once, and no name breaks out of its quotes', () => {
  const slot = { kind: 'slot', owner: 'ops', member: 'run' };
  const fn = { kind: 'function', definition: { name: 'a"run', file: 'fs/a.c', line: 1, column: 1 } };
  const edge = (from: object, to: object) => ({
    kind: 'dispatch',
    from,
    to,
    place: { file: 'fs/a.c', line: 3, column: 1 },
    by: 'run',
    through: [],
    condition: null,
    evidence: 'typed',
  });
  const chains = [
    { cost: 1, edges: [edge(slot, fn)] },
    { cost: 2, edges: [edge(slot, fn)] },
  ] as unknown as Chain[];
  expect(diagram(chains, 'mermaid')).toEqual([
    'flowchart TD',
    '  n0{{"ops.run"}}',
    `  n1["a'run"]`,
    '  n0 -->|"->run fs/a.c:3"| n1',
  ]);
  expect(diagram(chains, 'dot').at(-1)).toBe('}');
});
