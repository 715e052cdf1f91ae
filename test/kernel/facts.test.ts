// What the files of a real kernel say. The tables named here are there from 4.x on to today.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { fileFacts } from '../../server/src/facts/fileFacts.ts';
import type { FileFacts } from '../../server/src/facts/types.ts';
import { addHeaderMacros, type MacroKnowledge, newMacroKnowledge } from '../../server/src/syntax/macros/knowledge.ts';
import { scanMacros } from '../../server/src/syntax/macros/scan.ts';
import { type CParser, createParser } from '../../server/src/syntax/parser.ts';
import { inits } from '../unit/facts/factsOf.ts';

const TREE = process.env.KERNEL_TREE as string;

function* filesBelow(folder: string, ending: string): Iterable<string> {
  for (const entry of readdirSync(join(TREE, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(path, ending);
    else if (entry.isFile() && entry.name.endsWith(ending)) yield path;
  }
}

let knowledge: MacroKnowledge;
let parser: CParser;
beforeAll(async () => {
  parser = await createParser();
  knowledge = newMacroKnowledge('x86');
  for (const folder of ['include', 'arch/x86/include', 'fs', 'mm', 'ipc'])
    for (const path of filesBelow(folder, '.h'))
      addHeaderMacros(knowledge, scanMacros(path, readFileSync(join(TREE, path))));
});

const factsOf = (path: string): FileFacts => fileFacts(path, readFileSync(join(TREE, path)), knowledge, parser);

describe('the tables of', () => {
  test('fs/ext4/file.c', () => {
    const facts = factsOf('fs/ext4/file.c');
    expect(inits(facts, 'ext4_file_vm_ops')).toEqual([
      '.fault = filemap_fault',
      '.map_pages = filemap_map_pages',
      '.page_mkwrite = ext4_page_mkwrite',
    ]);
    const operations = inits(facts, 'ext4_file_operations');
    expect(operations).toEqual(
      expect.arrayContaining([
        '.llseek = ext4_llseek',
        '.read_iter = ext4_file_read_iter',
        '.write_iter = ext4_file_write_iter',
        '.unlocked_ioctl = ext4_ioctl',
        '.mmap = ext4_file_mmap',
        '.open = ext4_file_open',
        '.fsync = ext4_sync_file',
      ]),
    );
    expect(operations.find((o) => o.startsWith('.compat_ioctl'))).toBe(
      '.compat_ioctl = ext4_compat_ioctl if defined(CONFIG_COMPAT)',
    );
    const dax = facts.variables.find((v) => v.name === 'ext4_dax_vm_ops' && v.inits.length);
    expect(dax?.condition).toBe('defined(CONFIG_FS_DAX)');
    expect(facts.errorBytes).toBe(0);
  });

  test('mm/memory.c, a file with few tables and many functions', () => {
    const facts = factsOf('mm/memory.c');
    const functions = new Map(facts.functions.map((f) => [f.name, f]));
    expect(functions.get('handle_mm_fault')?.params.map((p) => p.name)).toEqual(['vma', 'address', 'flags', 'regs']);
    expect(functions.get('__do_fault')).toMatchObject({
      static: true,
      returnType: 'vm_fault_t',
      params: [{ name: 'vmf', type: 'struct vm_fault *' }],
    });
    expect(functions.get('do_swap_page')?.returnType).toBe('vm_fault_t');
    for (const fact of facts.functions) expect(fact.endLine).toBeGreaterThanOrEqual(fact.line);
  });

  test('ipc/shm.c', () => {
    const facts = factsOf('ipc/shm.c');
    expect(inits(facts, 'shm_vm_ops')).toEqual(
      expect.arrayContaining(['.open = shm_open', '.close = shm_close', '.fault = shm_fault']),
    );
    expect(inits(facts, 'shm_vm_ops').find((o) => o.startsWith('.set_policy'))).toBe(
      '.set_policy = shm_set_policy if defined(CONFIG_NUMA)',
    );
    expect(inits(facts, 'shm_file_operations')).toEqual(
      expect.arrayContaining(['.mmap = shm_mmap', '.fsync = shm_fsync', '.release = shm_release']),
    );
    expect(
      facts.assignments.map((a) => `${a.function}: ${a.member} = ${a.values.map((v) => v.name).join()}`),
    ).toContain('shm_mmap: vm_ops = shm_vm_ops');
    expect(facts.functions.map((f) => f.name)).toContain('__do_sys_shmget');
  });

  test('mm/shmem.c', () => {
    const facts = factsOf('mm/shmem.c');
    expect(inits(facts, 'shmem_vm_ops')).toEqual(
      expect.arrayContaining([
        '.fault = shmem_fault if defined(CONFIG_SHMEM)',
        '.map_pages = filemap_map_pages if defined(CONFIG_SHMEM)',
      ]),
    );
    expect(inits(facts, 'shmem_file_operations')).toEqual(
      expect.arrayContaining([
        '.mmap = shmem_mmap if defined(CONFIG_SHMEM)',
        '.read_iter = shmem_file_read_iter if defined(CONFIG_SHMEM) && defined(CONFIG_TMPFS)',
        '.fsync = noop_fsync if defined(CONFIG_SHMEM) && defined(CONFIG_TMPFS)',
      ]),
    );
  });
});

test('at most 3 % of the files of fs/ and mm/ have anything that the parser could not read', () => {
  const paths = [
    ...filesBelow('fs', '.c'),
    ...filesBelow('mm', '.c'),
    ...filesBelow('fs', '.h'),
    ...filesBelow('mm', '.h'),
  ];
  const faulty = paths.filter((path) => factsOf(path).errorBytes > 0);
  expect(paths.length).toBeGreaterThan(1000);
  expect(faulty.length / paths.length, `faulty: ${faulty.join(' ')}`).toBeLessThanOrEqual(0.03);
});
