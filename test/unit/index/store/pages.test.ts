import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkHeader, checkPages } from '../../../../server/src/index/store/pages.ts';
import { storeFolder } from '../../../../server/src/index/store/store.ts';
import { newTree, type Tree } from '../tree.ts';

const PAGE = 16384;

let tree: Tree;
beforeEach(async () => {
  tree = newTree({ 'fs/a.c': 'struct ops { int (*run)(void); };\nstatic int run(void) { return 0; }\n' });
  await tree.index();
});
afterEach(() => tree.remove());

const data = () => join(storeFolder(tree.storage, tree.root, 'x86'), 'data.mdb');

test('pages that lead astray', () => {
  expect(() => checkPages(data())).not.toThrow();
  const bytes = readFileSync(data());
  for (const [at, value] of [
    [2 * PAGE, 0xff],
    [2 * PAGE + 18, 0xff],
    [2 * PAGE + 20, 0xff],
    [2 * PAGE + 22, 0xff],
  ]) {
    const damaged = Buffer.from(bytes);
    // of every page: whichever is in use
    for (let page = 0; page < bytes.length - at; page += PAGE) damaged[page + at] = value;
    writeFileSync(data(), damaged);
    expect(() => checkPages(data())).toThrow(/damaged/);
  }
});

test('a file that is cut short, or is no database', () => {
  expect(() => checkHeader(data())).not.toThrow();
  truncateSync(data(), 2 * PAGE);
  expect(() => checkHeader(data())).toThrow('its data file is cut short');
  writeFileSync(data(), Buffer.alloc(4 * PAGE, 1));
  expect(() => checkHeader(data())).toThrow('its data file is no LMDB database');
});
