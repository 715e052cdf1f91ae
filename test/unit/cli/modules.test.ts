/** --module DIR, with the sample of an out-of-tree module beside the sample tree. */
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test, vi } from 'vitest';
import { kerntrailIn, rowsOf } from '../support/kerntrail.ts';

vi.setConfig({ testTimeout: 180_000 });

const SAMPLES = fileURLToPath(new URL('../../../samples/', import.meta.url));
const TREE = join(SAMPLES, 'mini-kernel');
const MYFS = join(SAMPLES, 'myfs');
const storage = mkdtempSync(join(tmpdir(), 'kerntrail-modules-'));

const run = (args: string[], input = '') => kerntrailIn({ root: TREE, storage }, args, input);
const withMyfs = (args: string[], input = '') => run([...args, '--no-update', '--module', MYFS], input);

beforeAll(() => {
  expect(run(['index', '--module', MYFS]).out).toContain(`[myfs] in ${MYFS}: 4 files read`);
});

test("implementations of a slot list the module's function behind the tree's", () => {
  const { out } = withMyfs(['implementations', 'vm_operations_struct.fault']);
  expect(out).toMatch(/^mm\/filemap\.c:\d+: +filemap_fault/m);
  expect(out).toMatch(/^\[myfs\]\/file\.c:\d+: +myfs_fault +myfs_vm_ops$/m);
  expect(run(['implementations', 'vm_operations_struct.fault', '--no-update']).out).not.toContain('myfs_fault');
});

test('callers and places, a file named by where it is', () => {
  expect(withMyfs(['callers', 'filemap_fault']).out).toMatch(/\[myfs\]\/file\.c:\d+: +myfs_fault +call/);
  const { out, code } = withMyfs(['symbol', 'myfs_fault', '--json']);
  expect(code).toBe(0);
  expect(rowsOf(out)).toMatchObject([{ name: 'myfs_fault', file: '[myfs]/file.c' }]);
});

const frames = (...lines: string[]): string =>
  `[   12.000000] Call trace:\n${lines.map((l) => `[   12.000000]  ${l}\n`).join('')}`;

test('backtraces: [myfs] is the module beside the tree, and each step to it is found', () => {
  const text = [
    frames('test_simple_readpage+0x20/0x58 [myfs]', 'filemap_read_folio+0x1c/0x60', 'filemap_fault+0x37c/0x550'),
    frames(
      'filemap_fault+0x37c/0x550',
      'myfs_fault+0x2c/0x40 [myfs]',
      '__do_fault+0x30/0xf4',
      'do_read_fault+0x4c/0x4b8',
    ),
    frames('test_generic_file_mmap+0x20/0x60 [myfs]', 'mmap_region+0x348/0x51c', 'do_mmap+0x2f0/0x34c'),
  ].join('\n');
  const rows = rowsOf(withMyfs(['backtrace', '-', '--json'], text).out) as {
    function: string;
    definition: { file: string } | null;
    via: { slot: string | null } | null;
  }[];
  const of = (name: string) => rows.filter((r) => r.function === name);
  expect(rows.filter((r) => !r.definition)).toEqual([]);
  expect(of('test_simple_readpage')[0].definition?.file).toBe('[myfs]/file.c');
  expect(of('test_generic_file_mmap')[0].definition?.file).toBe('[myfs]/file.c');
  expect(of('__do_fault')[0].via).toMatchObject({ slot: 'vm_operations_struct.fault', table: 'myfs_vm_ops' });
  expect(of('mmap_region')[0].via).toMatchObject({ slot: 'file_operations.mmap', table: 'myfs_file_operations' });
});

test('several modules; one of a name that is taken gets a number', () => {
  const other = join(mkdtempSync(join(tmpdir(), 'other-')), 'myfs');
  cpSync(MYFS, other, { recursive: true });
  const { out } = withMyfs(['symbol', 'myfs_fault', '--module', other]);
  expect(out).toMatch(/^\[myfs\]\/file\.c/m);
  expect(out).toMatch(/^\[myfs~2\]\/file\.c/m);
});

test('what is no module is refused in words', () => {
  const empty = mkdtempSync(join(tmpdir(), 'empty-'));
  writeFileSync(join(empty, 'notes.txt'), '');
  for (const [folder, message] of [
    ['/nowhere/at/all', /^kerntrail: \/nowhere\/at\/all: no such folder/],
    [empty, /has no C files/],
    ['fs/ext4', /lies in the kernel tree.*no out-of-tree module/],
  ] as const) {
    const { code, err } = run(['symbol', 'ext4_mmap', '--module', folder]);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  }
});
