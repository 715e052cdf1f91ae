import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openReader } from '../../../../server/src/index/read/reader.ts';
import { bundles } from '../../support/bundles.ts';
import { newTree, type Tree } from '../tree.ts';

let tree: Tree | undefined;
afterEach(() => tree?.remove());

const HEADER = 'struct door { int (*open)(void); };\n';
const door = (n: number) =>
  `#include "door.h"\nint open_${n}(void) { return ${n}; }\nstruct door d = { .open = open_${n} };\n`;

test('a reader that has not looked again answers while another process puts segments together', async () => {
  tree = newTree({ 'fs/door.h': HEADER, 'fs/a.c': door(0), 'fs/b.c': door(1) });
  const { root, storage, write } = tree;
  const cli = join(bundles('cli', 'worker'), 'cli.cjs');
  // what it says of its own is empty: an index taken for damaged would be told, and built anew
  const index = () => {
    const { stderr } = spawnSync(process.execPath, [cli, 'index', '--tree', root, '--cache', storage]);
    expect(stderr.toString()).not.toContain('damaged');
  };
  index();
  const reader = openReader(storage, root, 'x86');
  if (!reader) throw new Error('no index');
  try {
    const segments = () => reader.meta()?.segments;
    const open = () => reader.registrationsOfSlot('door', 'open').map((r) => r.target);
    const first = segments()?.first;
    expect(open().sort()).toEqual(['open_0', 'open_1']);
    for (let n = 2; n < 12 && segments()?.first === first; n++) {
      write({ 'fs/b.c': door(n) });
      index();
      // reads go on from a newer state once control has been given up
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    // or nothing was put together, and this test shows nothing
    expect(segments()?.first).not.toBe(first);
    expect(open()).toHaveLength(2);
    expect(open()).toContain('open_0');
  } finally {
    reader.close();
  }
});
