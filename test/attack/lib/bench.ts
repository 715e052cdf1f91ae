/** A small tree that is enough to be killed in the midst of, the command over it, and what its index holds. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../../scripts/lib/run.mjs';
import { bundles } from '../../unit/support/bundles.ts';

const KINDS = ['ops', 'sites', 'installs', 'calls'];

export interface Bench {
  /** a folder of its own */
  base: string;
  /** the tree, in it */
  tree: string;
  /** the command's bundle */
  cli: string;
  /** runs a command over the tree with its index in `storage`, to its end */
  run(
    storage: string,
    ...args: string[]
  ): { status: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };
  /** all that an index holds, as lines by kind */
  dumps(storage: string): string[];
  remove(): void;
}

/** Writes the tree. */
export function newBench(): Bench {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'kerntrail-attack-')));
  const tree = join(base, 'linux');
  cpSync(join(ROOT, 'samples/mini-kernel'), tree, { recursive: true });
  for (let n = 0; n < 200; n++)
    writeFileSync(
      join(tree, `fs/many${n}.c`),
      `#include <linux/fs.h>\nstatic int many${n}_open(struct inode *inode, struct file *file) { return many${(n + 1) % 200}_run(file); }\nint many${n}_run(struct file *file) { return file->f_op->open(0, file); }\nconst struct file_operations many${n}_fops = { .open = many${n}_open };\n`,
    );
  const cli = join(bundles('cli', 'worker'), 'cli.cjs');
  const run: Bench['run'] = (storage, ...args) =>
    spawnSync(process.execPath, [cli, ...args, '--tree', tree, '--cache', storage, '--workers', '1'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
  const dumps = (storage: string): string[] =>
    KINDS.map((kind) => {
      const { status, stdout, stderr } = run(storage, 'dump', kind, '--json', '--no-update');
      if (status !== 0 || stderr !== '') throw new Error(`dump ${kind} of ${storage} ended with ${status}: ${stderr}`);
      return stdout.split('\n').sort().join('\n');
    });
  return { base, tree, cli, run, dumps, remove: () => rmSync(base, { recursive: true, force: true }) };
}

/** Numbers below a bound, by a seed, the same every time. */
export function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}
