import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundles } from '../support/bundles.ts';
import { type Tree, writeTree } from '../support/marked.ts';
import { VM_TREE } from '../support/vmTree.ts';

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

function kerntrail(...args: string[]): { code: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, [join(bundles('cli', 'worker'), 'cli.cjs'), ...args], {
    encoding: 'utf8',
    cwd: tree.root,
    env: { ...process.env, KERNTRAIL_CACHE: tree.storage },
  });
  return { code: run.status, out: run.stdout, err: run.stderr };
}

const rows = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('ops', () => {
  test("a table's slots as text", () => {
    const { code, out } = kerntrail('ops', 'ext4_vm_ops');
    expect(code).toBe(0);
    expect(out).toBe(
      `fs/ext4/file.c:${tree.at('ext4_vm_ops').line}: const struct vm_operations_struct ext4_vm_ops
  .fault    filemap_fault  mm/filemap.c:2
  .mkwrite  ext4_mkwrite   fs/ext4/file.c:2  if defined(CONFIG_MKWRITE)
  unset: open
installed:
  vm_area_struct.vm_ops  in ext4_mmap  fs/ext4/file.c:${tree.at('install').line}  if !dax
`,
    );
  });

  test('as JSON', () => {
    const [row] = rows(kerntrail('ops', 'ext4_vm_ops', '--json').out);
    expect(row).toMatchObject({
      table: 'ext4_vm_ops',
      struct: 'vm_operations_struct',
      unset: ['open'],
      slots: [{ path: 'fault', target: 'filemap_fault', targetFile: 'mm/filemap.c' }, { path: 'mkwrite' }],
    });
  });

  test("a struct's tables", () => {
    expect(
      kerntrail('ops', 'vm_operations_struct')
        .out.split('\n')
        .map((l) => l.split(/\s+/)[1]),
    ).toEqual(['ext4_vm_ops', 'xfs_vm_ops', 'generic_vm_ops', undefined]);
  });
});

test('callers of a slot', () => {
  const { line, column } = tree.at('fault-dispatch');
  const [first] = rows(kerntrail('callers', 'vm_operations_struct.fault', '--json').out);
  expect(first).toMatchObject({ file: 'fs/ext4/file.c', line, column, from: 'ext4_mmap', evidence: 'typed' });
  expect(kerntrail('callers', 'vm_operations_struct.fault').out).toContain(`fs/ext4/file.c:${line}:`);
  expect(kerntrail('callers', 'vm_operations_struct.open')).toMatchObject({ code: 1, out: '' });
  expect(kerntrail('callers', 'fault')).toMatchObject({ code: 1, err: expect.stringContaining('no function fault') });
});

test('callers of a function: through the slots it stands in', () => {
  const found = rows(kerntrail('callers', 'filemap_fault', '--json').out);
  expect(found).toContainEqual(expect.objectContaining({ kind: 'registered', by: 'ext4_vm_ops' }));
  expect(found).toContainEqual(expect.objectContaining({ kind: 'dispatch', from: 'ext4_mmap' }));
});

test('path, targets and roots', () => {
  const [path] = rows(kerntrail('path', 'ext4_mmap', 'xfs_fault', '--json').out);
  expect((path.edges as { to: string }[]).map((e) => e.to)).toEqual(['vm_operations_struct.fault', 'xfs_fault']);
  expect(kerntrail('path', 'ext4_mmap', 'xfs_fault', '--format', 'mermaid').out).toMatch(/^flowchart TD\n/);
  expect(kerntrail('path', 'ext4_mmap', 'xfs_fault', '--format', 'dot').out).toMatch(/^digraph kerntrail \{\n/);
  expect(kerntrail('path', 'xfs_fault', 'ext4_mmap')).toMatchObject({
    code: 1,
    err: expect.stringContaining('no path'),
  });
  expect(kerntrail('path', 'xfs_fault', 'nobody')).toMatchObject({ code: 1, err: expect.stringContaining('nobody') });
  const { line } = tree.at('fault-dispatch');
  expect(rows(kerntrail('targets', `fs/ext4/file.c:${line}`, '--json').out).map((t) => t.function)).toEqual([
    'filemap_fault',
    'xfs_fault',
  ]);
  const [proven, other] = rows(kerntrail('targets', `fs/ext4/file.c:${line}`, '--json').out);
  expect(proven).toMatchObject({ pointer: 'vm_area_struct.vm_ops', proven: true, into: [{ function: 'ext4_mmap' }] });
  expect(other).toMatchObject({ proven: false, into: [] });
  const text = kerntrail('targets', `fs/ext4/file.c:${line}`).out;
  expect(text).toMatch(/^put into vm_area_struct\.vm_ops: 1\n.*filemap_fault.*\nnot seen put there: 1\n.*xfs_fault/m);
  expect(kerntrail('targets', 'fs/ext4/file.c')).toMatchObject({ code: 2, err: expect.stringContaining('FILE:LINE') });
  expect(kerntrail('targets', 'fs/none.c:3').code).toBe(2);
  expect(kerntrail('targets', 'fs/ext4/file.c:1').code).toBe(1);
  expect(kerntrail('roots', '__do_sys_close').out).toMatch(/^syscall +__do_sys_close/);
});

test('dump: sites, installs and calls', () => {
  const of = (what: string) => rows(kerntrail('dump', what, '--json').out);
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

test('implementations of a slot, in the chosen architecture', () => {
  const names = (...args: string[]) =>
    rows(kerntrail('implementations', 'vm_operations_struct.fault', '--json', ...args).out).map((r) => r.function);
  expect(names()).toEqual(['filemap_fault', 'xfs_fault']);
  expect(names('--arch', 'arm64').sort()).toEqual(['arm_fault', 'filemap_fault', 'xfs_fault']);
});

test('symbol: exact, by the other names of a system call, near', () => {
  expect(kerntrail('symbol', 'filemap_fault').out).toMatch(/^mm\/filemap.c:2:5: +function +filemap_fault$/m);
  for (const name of ['sys_close', '__x64_sys_close', 'SyS_close', '__arm64_sys_close'])
    expect(kerntrail('symbol', name, '--no-update').out).toMatch(/^fs\/open.c:5:/);
  expect(kerntrail('symbol', 'extvmops').out).toContain('ext4_vm_ops');
});

describe('backtrace', () => {
  const TRACE = 'Call Trace:\n filemap_fault+0x10/0x40\n ? xfs_fault+0x1/0x2\n ext4_mmap+0x20/0x60\n';

  test('one JSON object a frame, from standard input', () => {
    const run = spawnSync(process.execPath, [join(bundles('cli', 'worker'), 'cli.cjs'), 'backtrace', '--json', '-'], {
      encoding: 'utf8',
      cwd: tree.root,
      env: { ...process.env, KERNTRAIL_CACHE: tree.storage },
      input: TRACE,
    });
    expect(run.stderr).toBe('');
    const found = rows(run.stdout);
    expect(found.map((r) => [r.inputLine, r.stack, r.function, r.reliable])).toEqual([
      [2, 0, 'filemap_fault', true],
      [3, 0, 'xfs_fault', false],
      [4, 0, 'ext4_mmap', true],
    ]);
    expect(found[2]).toMatchObject({
      offset: 0x20,
      size: 0x60,
      module: null,
      definition: { file: 'fs/ext4/file.c' },
      call: { file: 'fs/ext4/file.c', line: tree.at('fault-dispatch').line, confidence: 'certain' },
      inlined: [],
      via: { kind: 'dispatch', slot: 'vm_operations_struct.fault', evidence: 'typed' },
    });
  });

  test('as text, and what can not be read', () => {
    const file = join(tree.root, 'trace.txt');
    writeFileSync(file, TRACE);
    const { code, out } = kerntrail('backtrace', file);
    expect(code).toBe(0);
    expect(out).toContain(`fs/ext4/file.c:${tree.at('fault-dispatch').line}`);
    writeFileSync(file, 'nothing of that kind\n');
    expect(kerntrail('backtrace', file)).toMatchObject({ code: 1, err: expect.stringContaining('no stack') });
    writeFileSync(file, ' \n');
    expect(kerntrail('backtrace', file)).toMatchObject({ code: 2, err: expect.stringContaining('is empty') });
    writeFileSync(file, Buffer.from([0x1f, 0x8b, 8, 0, 1, 2]));
    expect(kerntrail('backtrace', file)).toMatchObject({ code: 2, err: expect.stringContaining('gzip -d') });
    writeFileSync(file, Buffer.from(`\ufeff${TRACE}`, 'utf16le'));
    expect(kerntrail('backtrace', file).out).toBe(out);
    writeFileSync(file, Buffer.from([0, 1, 2, 255, 10, 0, 0]));
    expect(kerntrail('backtrace', file)).toMatchObject({ code: 1, err: expect.stringContaining('Binary') });
    expect(kerntrail('backtrace', join(tree.root, 'missing'))).toMatchObject({
      code: 2,
      err: expect.stringContaining('no such file'),
    });
    expect(kerntrail('backtrace', tree.root)).toMatchObject({ code: 2, err: expect.stringContaining('folder') });
    expect(kerntrail('backtrace', file, file).code).toBe(2);
  });
});

test('patch: hunks, and what is no patch', () => {
  const file = join(tree.root, 'a.patch');
  writeFileSync(
    file,
    `Subject: [PATCH] xfs: fault\n\n--- a/fs/xfs/file.c\n+++ b/fs/xfs/file.c\n@@ -9,3 +9,3 @@\n {\n-\treturn 0;\n+\treturn filemap_fault(vmf);\n }\n`,
  );
  const found = rows(kerntrail('patch', '--json', file).out);
  expect(found[0]).toMatchObject({ kind: 'hunk', inputLine: 5, file: 'fs/xfs/file.c', state: 'drifted' });
  expect(found.map((r) => r.kind)).toEqual(['hunk', 'touched', 'edge']);
  expect(found[2]).toMatchObject({ edge: 'call', from: 'xfs_fault', to: 'filemap_fault', inputLine: 8 });
  expect(kerntrail('patch', file).out).toContain('applies, drifted by');
  writeFileSync(file, 'hello\n');
  expect(kerntrail('patch', file)).toMatchObject({ code: 1, err: expect.stringContaining('no patch') });
});

test('exit codes and messages', () => {
  expect(kerntrail('symbol', 'qqqq')).toMatchObject({ code: 1, out: '' });
  expect(kerntrail('implementations', 'no_such.slot')).toMatchObject({ code: 1, out: '' });
  expect(kerntrail('ops', 'no_such_table')).toMatchObject({ code: 1, out: '' });
  expect(kerntrail('ops')).toMatchObject({ code: 2, err: expect.stringContaining('usage: kerntrail ops NAME') });
  expect(kerntrail('nonsense')).toMatchObject({ code: 2, err: expect.stringContaining("no command 'nonsense'") });
  expect(kerntrail('ops', 'x', '--tree', '/')).toMatchObject({
    code: 2,
    err: expect.stringContaining('does not look like a kernel tree'),
  });
  expect(kerntrail('--nonsense')).toMatchObject({ code: 2, err: expect.stringContaining('--nonsense') });
  expect(kerntrail('index', '--workers', 'x').code).toBe(2);
});

test('help of every command, and the version', () => {
  const { code, out } = kerntrail('--help');
  expect(code).toBe(0);
  for (const name of ['index', 'ops', 'implementations', 'callers', 'symbol', 'backtrace', 'patch', 'dump', 'lsp']) {
    expect(out).toContain(`  ${name}`);
    expect(kerntrail(name, '--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Usage: kerntrail ${name}`),
    });
    expect(kerntrail('help', name).code).toBe(0);
  }
  expect(kerntrail('--version').out).toMatch(/^kerntrail /);
});

test('dump ops goes on working', () => {
  const { code, out } = kerntrail('dump', 'ops', '--json');
  expect(code).toBe(0);
  expect(rows(out).map((r) => r.target)).toContain('xfs_fault');
});
