import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { bundles } from '../support/bundles.ts';
import { layTraps, patchOf, TRAPS } from '../support/hostile.ts';
import { type Tree, writeTree } from '../support/marked.ts';
import { VM_TREE } from '../support/vmTree.ts';

describe.runIf(process.platform !== 'win32')('a hostile tree', () => {
  let tree: Tree;
  let paths: string[];

  /** Ends it after a time that no answer takes, so that a hang is a failure. */
  const kerntrail = (root: string, args: string[], input = ''): { code: number | null; out: string; err: string } => {
    const run = spawnSync(process.execPath, [join(bundles('cli', 'worker'), 'cli.cjs'), ...args], {
      encoding: 'utf8',
      cwd: root,
      input,
      timeout: 25_000,
      killSignal: 'SIGKILL',
      env: { ...process.env, KERNTRAIL_CACHE: join(root, '..', 'index') },
    });
    return { code: run.status, out: run.stdout, err: run.stderr };
  };
  const sorted = (text: string) => text.split('\n').sort();

  beforeAll(() => {
    tree = writeTree(VM_TREE);
    paths = layTraps(tree.root).paths;
  });

  test('is indexed like one without its traps', { timeout: 120_000 }, () => {
    expect(kerntrail(tree.root, ['index', '--workers', '1']).code).toBe(0);
    const plain = writeTree(VM_TREE);
    writeFileSync(join(plain.root, 'fs/walker.c'), readFileSync(join(tree.root, 'fs/walker.c')));
    for (const kind of ['ops', 'sites', 'installs', 'calls']) {
      const there = kerntrail(tree.root, ['dump', kind, '--json']);
      expect(there.code).toBe(0);
      expect(sorted(there.out)).toEqual(sorted(kerntrail(plain.root, ['dump', kind, '--json']).out));
      expect(there.out).not.toContain('secret');
    }
    expect(kerntrail(tree.root, ['callers', 'filemap_fault']).out).toContain('walker');
    expect(kerntrail(tree.root, ['symbol', 'secret_function']).code).toBe(1);
  });

  test('patches tell nothing of what lies elsewhere', () => {
    const targets = [...paths, 'fs/out/secret.c', '../elsewhere/secret.c', 'fs/../../elsewhere/secret.c'];
    const mail = targets.map(patchOf).join('\n');
    const { code, out } = kerntrail(tree.root, ['patch', '--json'], mail);
    expect(code).toBe(0);
    const hunks = out
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l) as { state: string; inTree: boolean });
    expect(hunks.length).toBeGreaterThan(20);
    expect(hunks.filter((h) => h.state !== 'missing' || h.inTree)).toEqual([]);
  });

  test('backtraces read its Makefiles, but no pipe and no device', () => {
    const trace = 'Call Trace:\n walker+0x4/0x10\n secret_function+0x4/0x10 [secret]\n ext4_map+0x1/0x9 [ext4]\n';
    const { code, out } = kerntrail(tree.root, ['backtrace'], trace);
    expect(code).toBe(0);
    expect(out).toContain('fs/walker.c');
    expect(out).not.toContain('secret.c');
  });

  test.each(['pipe', 'zero', 'loop', 'folder', 'secret'])('whose Makefile is none (%s) is no tree', (kind) => {
    const root = join(tree.root, '..', `made-of-${kind}`);
    mkdirSync(join(root, 'include/linux'), { recursive: true });
    TRAPS[kind](join(root, 'Makefile'), join(tree.root, '..', 'elsewhere'));
    const { code, err } = kerntrail(root, ['index', '--tree', root]);
    expect(code).toBe(2);
    expect(err).toContain('does not look like a kernel tree');
    rmSync(root, { recursive: true });
  });
});
