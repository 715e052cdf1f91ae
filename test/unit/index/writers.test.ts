/** Several processes that write one index at once, some of them killed: what is left is what one alone would leave. */
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkIndex } from '../../../server/src/index/store/check.ts';
import { bundles } from '../support/bundles.ts';
import { contents, newTree, type Tree } from './tree.ts';

let tree: Tree;
const children: ChildProcess[] = [];
beforeEach(() => {
  tree = newTree({
    'include/linux/ops.h': 'struct ops { int (*open)(int x); int (*shut)(int x); };\n#define OPS(n) n##_open\n',
    ...Object.fromEntries(
      Array.from({ length: 200 }, (_, n) => [
        `fs/f${n}.c`,
        `#include <linux/ops.h>\nstatic int f${n}_open(int x) { return f${(n + 1) % 200}_all(x); }\nint f${n}_all(int x) { return 1; }\nstruct ops f${n}_ops = { .open = OPS(f${n}) };\n`,
      ]),
    ),
  });
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  tree.remove();
});

interface Ended {
  code: number | null;
  errors: string;
}

function index(storage = tree.storage): { child: ChildProcess; ended: Promise<Ended> } {
  const cli = join(bundles('cli', 'worker'), 'cli.cjs');
  const child = spawn(process.execPath, [cli, 'index', '--tree', tree.root, '--cache', storage, '--workers', '1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  children.push(child);
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return { child, ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, errors }))) };
}

async function alone(): Promise<string[]> {
  const storage = join(tree.storage, 'alone');
  await tree.index({ storage });
  return (await contents({ root: tree.root, storage })).filter((line) => !line.startsWith('meta:'));
}

const left = async () => (await contents(tree)).filter((line) => !line.startsWith('meta:'));

test('three on a fresh tree', { timeout: 120_000 }, async () => {
  const ended = await Promise.all([index(), index(), index()].map((w) => w.ended));
  expect(ended.map((e) => e.code)).toEqual([0, 0, 0]);
  // those who had to wait have said so, and nothing else
  for (const { errors } of ended)
    expect(errors).toMatch(
      /^(?:kerntrail: another Kerntrail \(process \d+\) is indexing this tree: waiting for it\.\n)?$/,
    );
  expect(ended.some((e) => e.errors)).toBe(true);
  expect(await left()).toEqual(await alone());
  expect((await checkIndex(tree.storage, tree.root, 'x86'))?.faults).toEqual([]);
});

test('two after a few changes, and one that is killed', { timeout: 120_000 }, async () => {
  await index().ended;
  tree.write({
    'include/linux/ops.h': 'struct ops { int (*shut)(int x); int (*open)(int x); };\n#define OPS(n) n##_all\n',
    'fs/f3.c': '#include <linux/ops.h>\nstruct ops third_ops = { .shut = f9_all };\n',
    'fs/f4.c': null,
  });
  const first = index();
  const [second, third] = [index(), index()];
  setTimeout(() => first.child.kill('SIGKILL'), 700);
  await first.ended;
  expect([(await second.ended).code, (await third.ended).code]).toEqual([0, 0]);
  expect(await left()).toEqual(await alone());
});

test('one that is killed while it waits or writes leaves nothing that the next does not mend', {
  timeout: 120_000,
}, async () => {
  for (const delay of [150, 450, 800, 1200]) {
    writeFileSync(join(tree.root, 'fs/f0.c'), `#include <linux/ops.h>\nint at_${delay}(void) { return ${delay}; }\n`);
    const first = index();
    setTimeout(() => first.child.kill('SIGKILL'), delay);
    await first.ended;
  }
  expect((await index().ended).code).toBe(0);
  expect(await left()).toEqual(await alone());
});
