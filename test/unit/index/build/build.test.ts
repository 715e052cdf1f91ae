import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Progress } from '../../../../server/src/index/build/buildOptions.ts';
import { newPool } from '../../../../server/src/index/build/pool.ts';
import { type IndexReader, openReader } from '../../../../server/src/index/read/reader.ts';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import { FORMAT, storeFolder } from '../../../../server/src/index/store/store.ts';
import { TreeError } from '../../../../server/src/index/tree.ts';
import { contents, newTree, type Tree, workerScript } from '../tree.ts';

const FILES = {
  'include/linux/fs.h': `struct inode;
struct file_operations {
	int (*open)(struct inode *inode);
	int (*mmap)(struct inode *inode);
};
#define DEFINE_OPS(name) static const struct file_operations name##_fops = { .open = name##_open }
`,
  'fs/a/a.h': '#define a_helper(x) (x)\nint a_other(struct inode *inode);\n',
  'fs/a/a.c': `#include <linux/fs.h>
#include "a.h"
static int a_open(struct inode *inode) { return 0; }
DEFINE_OPS(a);
static const struct file_operations a_dir = { a_helper(a_open), a_other };
`,
  'fs/a/other.c': '#include <linux/fs.h>\nint a_other(struct inode *inode) { return 1; }\n',
  'mm/m.c': '#include <linux/fs.h>\nvoid m_set(struct file_operations *ops)\n{\n\tops->mmap = m_mmap;\n}\n',
  'include/linux/table.h':
    '#include <linux/fs.h>\nstatic const struct file_operations header_fops = { .open = header_open };\n',
  'arch/x86/entry.S': 'SYM_FUNC_START(entry_x)\nSYM_FUNC_END(entry_x)\n',
};

/** A header that takes parameters, and one that lists macro calls. */
const INCLUDED = {
  'net/set/set_gen.h': `#define mtype_add TOKEN(MTYPE, _add)
static int mtype_add(struct inode *inode) { return 0; }
static const struct file_operations TOKEN(MTYPE, _fops) = { .open = mtype_add };
`,
  'net/set/token.h': '#define TOKEN(a, b) __TOKEN(a, b)\n#define __TOKEN(a, b) a##b\n',
  'net/set/ip.c': '#include "token.h"\n#define MTYPE hash_ip4\n#include "set_gen.h"\n',
  'net/set/list.h': 'HOOK(first)\nHOOK(second)\n',
  'net/set/hooks.c': '#define HOOK(name) static void name##_hook(void) { }\n#include "list.h"\n',
};

let tree: Tree;
let readers: IndexReader[] = [];
beforeEach(() => {
  tree = newTree(FILES);
});
afterEach(async () => {
  for (const reader of readers) await reader.close();
  readers = [];
  tree.remove();
});

function reader(of: Pick<Tree, 'root' | 'storage'> = tree, architecture = 'x86'): IndexReader {
  const found = openReader(of.storage, of.root, architecture);
  if (!found) throw new Error('there is no index');
  readers.push(found);
  return found;
}

const slots = (index: IndexReader, owner: string, member: string) =>
  index
    .registrationsOfSlot(owner, member)
    .map((r) => `${index.pathOf(r.file)}:${r.line} ${r.variable}.${r.path} = ${r.target} (${r.kind}, ${r.evidence})`)
    .sort();

/** The index of a fresh copy of the tree, made in one go. */
async function cold(): Promise<string[]> {
  const storage = `${tree.storage}-cold`;
  await tree.index({ storage });
  return contents({ root: tree.root, storage });
}

describe('an index', () => {
  test('is built, and answers', async () => {
    const phases: Progress['phase'][] = [];
    const result = await tree.index({ progress: (p) => phases.push(p.phase) });
    expect(result).toMatchObject({ changed: 9, removed: 0, unreadable: [], cancelled: false, said: [] });
    expect(result.tree).toMatchObject({ release: '6.1.7-test', architectures: ['x86'] });
    expect([...new Set(phases)]).toEqual(['listing', 'scanning', 'indexing', 'linking', 'writing', 'ready']);
    const index = reader();
    expect(index.meta()).toMatchObject({ format: FORMAT, release: '6.1.7-test', architecture: 'x86' });
    expect(index.meta()?.complete).toBeGreaterThan(0);
    expect(index.meta()?.totals).toMatchObject({ files: 9, tables: 3, registrations: 5 });
    expect(slots(index, 'file_operations', 'open')).toEqual([
      'fs/a/a.c:4 a_fops.open = a_open (init, typed)',
      'fs/a/a.c:5 a_dir.open = a_open (init, typed)',
      'include/linux/table.h:2 header_fops.open = header_open (init, typed)',
    ]);
    expect(slots(index, 'file_operations', 'mmap')).toEqual([
      'fs/a/a.c:5 a_dir.mmap = a_other (init, typed)',
      'mm/m.c:4 ops->mmap. = m_mmap (assign, typed)',
    ]);
    expect(
      index
        .registrationsOfTarget('a_open')
        .map((r) => r.variable)
        .sort(),
    ).toEqual(['a_dir', 'a_fops']);
    expect(
      index
        .tablesOfRecord('file_operations')
        .map((t) => `${t.variable} ${t.slots}`)
        .sort(),
    ).toEqual(['a_dir 2', 'a_fops 1', 'header_fops 1']);
    expect(
      index
        .names('a_other')
        .map((n) => `${n.kind} ${index.pathOf(n.file)}:${n.line}`)
        .sort(),
    ).toEqual([`${NameKind.Function} fs/a/other.c:2`, `${NameKind.Declaration} fs/a/a.h:2`]);
    expect(index.names('entry_x').map((n) => [n.kind, n.line])).toEqual([[NameKind.Label, 1]]);
    expect(index.searchNames('aoth', 5).map((s) => s.name)).toEqual(['a_other']);
    expect(index.facts('fs/a/a.c')?.functions[0].name).toBe('a_open');
    expect(index.facts('include/linux/fs.h')?.records[0].fields.map((f) => f.name)).toEqual(['open', 'mmap']);
    expect([...index.files()].map((f) => f.path)).toEqual([
      'arch/x86/entry.S',
      'arch/x86/x.c',
      'fs/a/a.c',
      'fs/a/a.h',
      'fs/a/other.c',
      'include/linux/fs.h',
      'include/linux/kernel.h',
      'include/linux/table.h',
      'mm/m.c',
    ]);
  });

  test('is the same with one worker and with two', async () => {
    await tree.index({ workers: 1 });
    const one = await contents(tree);
    await tree.index({ workers: 2, storage: `${tree.storage}-2` });
    expect(await contents({ root: tree.root, storage: `${tree.storage}-2` })).toEqual(one);
  });

  test('leaves out what is excluded', async () => {
    await tree.index({ exclude: (path) => path === 'fs/a/' || path === 'mm/m.c' });
    expect([...reader().files()].map((f) => f.path)).toEqual([
      'arch/x86/entry.S',
      'arch/x86/x.c',
      'include/linux/fs.h',
      'include/linux/kernel.h',
      'include/linux/table.h',
    ]);
  });

  test('of something that is no kernel tree is refused, with what to do', async () => {
    tree.write({ Makefile: 'all:\n\techo no\n' });
    await expect(tree.index()).rejects.toThrow(TreeError);
    await expect(tree.index()).rejects.toThrow(/--tree/);
    await expect(tree.index({ root: join(tree.root, 'absent') })).rejects.toThrow(/no such folder/);
    expect(existsSync(tree.storage)).toBe(false);
  });
});

describe('an update', () => {
  test('of an unchanged tree reads nothing', async () => {
    await tree.index();
    const before = await contents(tree);
    expect(await tree.index()).toMatchObject({ changed: 0, removed: 0 });
    expect(await contents(tree)).toEqual(before);
  });

  test('after one edit reads that file, and takes out what it no longer says', async () => {
    await tree.index();
    tree.write({ 'fs/a/other.c': '#include <linux/fs.h>\nint a_new(struct inode *inode) { return 1; }\n' });
    expect(await tree.index()).toMatchObject({ changed: 1, removed: 0 });
    const index = reader();
    expect(index.names('a_other').map((n) => n.kind)).toEqual([NameKind.Declaration]);
    expect(index.names('a_new').map((n) => index.pathOf(n.file))).toEqual(['fs/a/other.c']);
  });

  test('of one file named by the editor', async () => {
    await tree.index();
    tree.write({
      'fs/a/a.c': FILES['fs/a/a.c'].replace('a_helper(a_open)', 'a_helper(a_newer)'),
      'mm/m.c': 'int unseen;\n',
    });
    expect(await tree.index({ only: ['fs/a/a.c'] })).toMatchObject({ changed: 1, removed: 0 });
    const index = reader();
    expect(slots(index, 'file_operations', 'open')).toContain('fs/a/a.c:5 a_dir.open = a_newer (init, typed)');
    expect(index.names('unseen')).toEqual([]);
    expect(index.meta()?.complete).toBeGreaterThan(0);
  });

  test('takes out a file that is gone', async () => {
    await tree.index();
    tree.write({ 'fs/a/a.c': null });
    expect(await tree.index()).toMatchObject({ changed: 0, removed: 1 });
    const index = reader();
    expect(index.names('a_fops')).toEqual([]);
    expect(slots(index, 'file_operations', 'open')).toEqual([
      'include/linux/table.h:2 header_fops.open = header_open (init, typed)',
    ]);
    expect(index.registrationsOfTarget('a_open')).toEqual([]);
    expect(index.facts('fs/a/a.c')).toBeNull();
  });

  test('after a #define changed reads the files that used it again', async () => {
    await tree.index();
    tree.write({
      'include/linux/fs.h': FILES['include/linux/fs.h'].replace('.open = name##_open', '.mmap = name##_mmap'),
    });
    await tree.index();
    expect(slots(reader(), 'file_operations', 'mmap')).toContain('fs/a/a.c:4 a_fops.mmap = a_mmap (init, typed)');
  });

  /** Each edit, made on an index that is there, must leave what a build from nothing gives. */
  const edits: [string, Record<string, string | null>][] = [
    [
      'a function body',
      { 'fs/a/other.c': '#include <linux/fs.h>\nint a_other(struct inode *inode)\n{\n\treturn 2;\n}\n' },
    ],
    ['a table', { 'fs/a/a.c': FILES['fs/a/a.c'].replace('a_other }', 'NULL }') }],
    [
      'a struct in a header',
      {
        'include/linux/fs.h': FILES['include/linux/fs.h'].replace(
          'struct file_operations {',
          'struct file_operations {\n\tint (*first)(void);',
        ),
      },
    ],
    ['a macro', { 'fs/a/a.h': '#define a_helper(x) NULL\n' }],
    [
      'a new file',
      { 'fs/b/b.c': '#include <linux/fs.h>\nstatic const struct file_operations b = { .mmap = b_mmap };\n' },
    ],
    [
      'the parameters of a header',
      { 'net/set/ip.c': '#include "token.h"\n#define MTYPE hash_mac\n#include "set_gen.h"\nint more;\n' },
    ],
    [
      'one more user of a header that takes parameters',
      { 'net/set/port.c': '#include "token.h"\n#define MTYPE hash_port\n#include "set_gen.h"\n' },
    ],
    ['a user less of it', { 'net/set/ip.c': null }],
    ['a list of macro calls', { 'net/set/list.h': 'HOOK(first)\nHOOK(third)\n' }],
    ['a file that is gone', { 'mm/m.c': null }],
    ['a header that is gone', { 'fs/a/a.h': null }],
    ['an emptied file', { 'fs/a/a.c': '' }],
  ];
  test.each(edits)('leaves the same as a build from nothing: %s', async (_, changes) => {
    tree.write(INCLUDED);
    await tree.index();
    tree.write(changes);
    await tree.index();
    expect(await contents(tree)).toEqual(await cold());
  });

  test.each(edits.filter(([, changes]) => Object.values(changes).every((text) => text !== null)))(
    'leaves the same after a save in the editor, at the latest when the tree is next looked at: %s',
    async (_, changes) => {
      tree.write(INCLUDED);
      await tree.index();
      tree.write(changes);
      const pool = newPool(await workerScript(), 1, { root: tree.root, storage: tree.storage, architecture: 'x86' });
      await tree.index({ only: Object.keys(changes), pool });
      await pool.close();
      await tree.index();
      // the totals are counted when files are read, and an edit is too small for that
      const rows = (lines: string[]) => lines.filter((line) => !line.startsWith('meta:'));
      expect(rows(await contents(tree))).toEqual(rows(await cold()));
    },
  );
});

describe('a build that is stopped', () => {
  test('before it began leaves an index that says it is not complete, and goes on later', async () => {
    const stop = new AbortController();
    stop.abort();
    expect(await tree.index({ signal: stop.signal })).toMatchObject({ cancelled: true });
    expect(reader().meta()?.complete).toBe(0);
    for (const r of readers.splice(0)) await r.close();
    expect(await tree.index()).toMatchObject({ cancelled: false });
    expect(await contents(tree)).toEqual(await cold());
  });

  test('half-way keeps what it has, and the next one reads only the rest', async () => {
    // more batches of files than workers have in hand, so that some are done and some are not
    tree.write(
      Object.fromEntries(
        Array.from({ length: 1500 }, (_, i) => [`drivers/d${i}.c`, `int d${i}(void) { return 0; }\n`]),
      ),
    );
    const stop = new AbortController();
    const first = await tree.index({
      signal: stop.signal,
      progress: (p) => {
        if (p.phase === 'indexing' && p.done > 150) stop.abort();
      },
    });
    expect(first).toMatchObject({ cancelled: true, changed: 1509 });
    const done = [...reader().files()].length;
    // an index open for writing and for reading in one process is not what LMDB is made for
    for (const r of readers.splice(0)) await r.close();
    expect(done).toBeGreaterThan(150);
    expect(done).toBeLessThan(1509);
    const second = await tree.index();
    expect(second).toMatchObject({ cancelled: false, changed: 1509 - done });
    expect(await contents(tree)).toEqual(await cold());
  });
});

describe('an index that cannot be used', () => {
  const data = () => join(storeFolder(tree.storage, tree.root, 'x86'), 'data.mdb');
  const marker = () => join(storeFolder(tree.storage, tree.root, 'x86'), 'kerntrail.json');

  test.each([
    ['garbage', () => writeFileSync(data(), Buffer.alloc(100_000, 0x5a)), /no LMDB database/],
    ['an empty file', () => writeFileSync(data(), ''), /cut short/],
    ['one cut off in its first pages', () => truncateSync(data(), 5000), /cut short/],
    [
      'another format',
      () => writeFileSync(marker(), JSON.stringify({ format: FORMAT + 1, root: tree.root })),
      /another version/,
    ],
    [
      'an older format',
      () => writeFileSync(marker(), JSON.stringify({ format: 0, root: tree.root })),
      /another version/,
    ],
    ['no format', () => writeFileSync(marker(), '{'), /no readable kerntrail.json/],
    [
      "another tree's",
      () => writeFileSync(marker(), JSON.stringify({ format: FORMAT, root: '/else' })),
      /another tree/,
    ],
  ])('is built anew, and says why: %s', async (_, damage, why) => {
    await tree.index();
    const before = await contents(tree);
    damage();
    expect(openReader(tree.storage, tree.root, 'x86')).toBeNull();
    const result = await tree.index();
    expect(result.said).toHaveLength(1);
    expect(result.said[0]).toMatch(why);
    expect(result.said[0]).toMatch(/built anew/);
    expect(result.changed).toBe(9);
    expect(await contents(tree)).toEqual(before);
    expect(JSON.parse(readFileSync(marker(), 'utf8'))).toEqual({ format: FORMAT, root: tree.root });
  });

  test('is not there yet', () => {
    expect(openReader(tree.storage, tree.root, 'x86')).toBeNull();
  });
});

test('a path that is too long for a key costs itself alone', async () => {
  const deep = Array.from({ length: 9 }, () => 'd'.repeat(200)).join('/');
  tree.write({ [`${deep}/a.c`]: 'int too_deep(void) { return 1; }\n' });
  expect(await tree.index()).toMatchObject({ changed: 9, cancelled: false });
  expect(reader().names('too_deep')).toEqual([]);
});

test('an update of an excluded file reads nothing', async () => {
  await tree.index();
  tree.write({
    'fs/a/new.c': 'int in_new(void) { return 1; }\n',
    'fs/a/other.c': 'int other_now(void) { return 1; }\n',
  });
  const exclude = (path: string) => path === 'fs/a/new.c';
  expect(await tree.index({ only: ['fs/a/new.c', 'fs/a/other.c'], exclude })).toMatchObject({ changed: 1 });
  expect(reader().names('in_new')).toEqual([]);
});

describe('side by side', () => {
  test('two trees in one storage', async () => {
    const other = newTree({ 'mm/only.c': 'int only_here(void) { return 0; }\n' }, tree.storage);
    try {
      await Promise.all([tree.index(), other.index()]);
      expect(reader().names('only_here')).toEqual([]);
      expect(reader(other).names('only_here')).toHaveLength(1);
      expect(reader(other).names('a_other')).toEqual([]);
      expect(storeFolder(tree.storage, tree.root, 'x86')).not.toBe(storeFolder(tree.storage, other.root, 'x86'));
    } finally {
      other.remove();
    }
  });

  test('an index for each architecture', async () => {
    tree.write({
      'arch/arm64/include/asm/x.h': '#define ARCH_OPS .open = arm64_open\n',
      'arch/x86/include/asm/x.h': '#define ARCH_OPS .open = x86_open\n',
      'mm/arch.c': '#include <asm/x.h>\n#include <linux/fs.h>\nstruct file_operations arch_fops = { ARCH_OPS };\n',
    });
    await tree.index();
    expect(reader().registrationsOfTarget('x86_open')).toHaveLength(1);
    for (const r of readers.splice(0)) await r.close();
    const result = await tree.index({ architecture: 'arm64' });
    expect(result.said).toEqual([]);
    expect(result.changed).toBe(12);
    const index = reader(tree, 'arm64');
    expect(index.meta()?.architecture).toBe('arm64');
    expect(index.registrationsOfTarget('x86_open')).toEqual([]);
    expect(index.registrationsOfTarget('arm64_open')).toHaveLength(1);
    // the first one is still there, and up to date at once
    expect(reader().registrationsOfTarget('x86_open')).toHaveLength(1);
    for (const r of readers.splice(0)) await r.close();
    expect((await tree.index()).changed).toBe(0);
  });
});
