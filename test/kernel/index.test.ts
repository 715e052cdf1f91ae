// An index of a part of a real tree: include, mm, fs/ext4, ipc and some of arch/, as they are on disk.
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildIndex } from '../../server/src/index/build/build.ts';
import { type IndexReader, openReader } from '../../server/src/index/read/reader.ts';
import { opsRows } from '../../server/src/resolve/dump/ops.ts';
import { workerScript } from '../unit/index/tree.ts';

const TREE = realpathSync(process.env.KERNEL_TREE as string);
const PART = ['include/', 'mm/', 'fs/ext4/', 'ipc/', 'arch/x86/include/', 'arch/x86/entry/', 'arch/arm64/mm/'];

/** Folders on the way to a part, and what lies below one. */
const wanted = (path: string) =>
  PART.some((part) => path.startsWith(part) || (path.endsWith('/') && part.startsWith(path)));

let storage: string;
let index: IndexReader;

const build = async () =>
  buildIndex({
    root: TREE,
    storage,
    architecture: 'x86',
    workerScript: await workerScript(),
    exclude: (path) => !wanted(path),
  });

beforeAll(async () => {
  storage = mkdtempSync(join(tmpdir(), 'kerntrail-kernel-'));
  const result = await build();
  expect(result).toMatchObject({ unreadable: [], removed: 0, cancelled: false });
  expect(result.changed).toBeGreaterThan(5000);
  index = openReader(storage, TREE, 'x86') as IndexReader;
});
afterAll(async () => {
  await index?.close();
  rmSync(storage, { recursive: true, force: true });
});

const implementations = (owner: string, member: string) =>
  index
    .registrationsOfSlot(owner, member)
    .map((r) => `${index.pathOf(r.file)} ${r.variable} ${r.target} ${r.evidence}`);

describe('a part of the tree', () => {
  test('knows which release it is, and is complete', () => {
    const makefile = readFileSync(join(TREE, 'Makefile'), 'latin1');
    const version = /^VERSION = (\d+)/m.exec(makefile)?.[1];
    expect(index.meta()?.release?.startsWith(`${version}.`)).toBe(true);
    expect(index.meta()?.complete).toBeGreaterThan(0);
  });

  test('has the functions in a slot', () => {
    expect(implementations('vm_operations_struct', 'fault')).toEqual(
      expect.arrayContaining([
        'fs/ext4/file.c ext4_file_vm_ops filemap_fault typed',
        'ipc/shm.c shm_vm_ops shm_fault typed',
        'mm/shmem.c shmem_vm_ops shmem_fault typed',
        'mm/filemap.c generic_file_vm_ops filemap_fault typed',
      ]),
    );
  });

  test('has the tables of a struct', () => {
    expect(index.tablesOfRecord('vm_operations_struct').map((t) => t.variable)).toEqual(
      expect.arrayContaining(['ext4_file_vm_ops', 'shm_vm_ops', 'shmem_vm_ops', 'generic_file_vm_ops']),
    );
  });

  test('has the installs of a table', () => {
    const installs = index.registrationsOfTarget('ext4_file_vm_ops').filter((r) => r.kind === 'install');
    expect(installs.map((r) => `${index.pathOf(r.file)} ${r.function} ${r.owner}.${r.member}`)).toContain(
      'fs/ext4/file.c ext4_file_mmap vm_area_struct.vm_ops',
    );
  });

  test('has the members of a struct, with what their comments say', () => {
    const at = index.types.recordsByTag('vm_operations_struct');
    expect(at.map((r) => r.file)).toEqual(['include/linux/mm.h']);
    expect(at[0].record.fields.find((f) => f.name === 'fault')?.type).toBe('vm_fault_t (*)(struct vm_fault *vmf)');
  });

  test('finds names by a few of their letters', () => {
    expect(index.searchNames('ext4filevm', 3)[0].name).toBe('ext4_file_vm_ops');
    expect(index.searchNames('shm_fault', 1)[0].name).toBe('shm_fault');
  });

  test('has the symbols of assembly', () => {
    const paths = index.names('entry_SYSCALL_64').map((p) => index.pathOf(p.file));
    expect(paths).toContain('arch/x86/entry/entry_64.S');
  });

  test('lists registrations with the functions that they name', () => {
    const rows = [...opsRows(index)].filter((r) => r.variable === 'ext4_file_vm_ops' && r.file === 'fs/ext4/file.c');
    const lines = readFileSync(join(TREE, 'fs/ext4/file.c'), 'latin1').split('\n');
    const line = lines.findIndex((text) => /ext4_file_vm_ops\s*=/.test(text)) + 1;
    expect(rows.map((r) => [r.line, r.path, r.target, r.targetFile])).toEqual([
      [line, 'fault', 'filemap_fault', 'mm/filemap.c'],
      [line, 'map_pages', 'filemap_map_pages', 'mm/filemap.c'],
      [line, 'page_mkwrite', 'ext4_page_mkwrite', 'fs/ext4/inode.c'],
    ]);
  });

  test('needs no work when nothing has changed', async () => {
    await index.close();
    expect(await build()).toMatchObject({ changed: 0, removed: 0 });
    index = openReader(storage, TREE, 'x86') as IndexReader;
  });
});
