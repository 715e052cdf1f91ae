/** A full disk ends in words, and what was there before still answers. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bundles } from '../support/bundles.ts';
import { canMount, withSmallDisk } from '../support/smallDisk.ts';
import { newTree, type Tree } from './tree.ts';

let tree: Tree;
beforeEach(() => {
  tree = newTree({ 'fs/a.c': 'int in_a(void) { return 1; }\n' });
});
afterEach(() => tree.remove());

const command = (what: string) =>
  `'${process.execPath}' '${join(bundles('cli', 'worker'), 'cli.cjs')}' ${what} --tree '${tree.root}' --cache "$disk" --workers 1`;

// 4 KB: not even the store's table of readers has room, which it would write through a memory map
test.runIf(canMount())('no room for an index', { timeout: 120_000 }, () => {
  for (const kilobytes of [4, 40, 400]) {
    const run = withSmallDisk(join(tree.storage, 'disk'), kilobytes, command('index'));
    expect(run).toMatchObject({ status: 2, signal: null, stdout: '' });
    expect(run.stderr).toContain('the disk that holds the index is full');
    expect(run.stderr).toContain(join(tree.storage, 'disk'));
  }
});

test.runIf(canMount())('no room for an update: answers come from the index as it was', { timeout: 120_000 }, () => {
  const run = withSmallDisk(
    join(tree.storage, 'disk'),
    8000,
    `${command('index')} > "$disk/log" || exit 98
echo 'int in_b(void) { return 2; }' > '${tree.root}/fs/b.c'
dd if=/dev/zero of="$disk/fill" 2> /dev/null
${command('symbol in_a')}; echo "rc $?"
${command('index')}; echo "rc $?"
rm "$disk/fill"
${command('symbol in_b')}; echo "rc $?"`,
  );
  expect(run.stdout).toMatch(/fs\/a\.c:1:5: +function +in_a\nrc 0\nrc 2\nfs\/b\.c:1:5: +function +in_b\nrc 0/);
  expect(run.stderr).toContain('This is answered from the index as it was');
});
