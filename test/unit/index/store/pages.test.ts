import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkPages, checkTop, pageGuard } from '../../../../server/src/index/store/pages.ts';
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
  expect(() => checkTop(data())).not.toThrow();
  truncateSync(data(), 2 * PAGE);
  expect(() => checkTop(data())).toThrow('its data file is cut short');
  writeFileSync(data(), Buffer.alloc(4 * PAGE, 1));
  expect(() => checkTop(data())).toThrow('its data file is no LMDB database');
});

/** An LMDB file of one table with pages in three levels, and some values with pages of their own. */
async function bigTable(folder: string): Promise<{ path: string; put(key: number): void }> {
  const db = open<Buffer, number>({ path: folder, noSubdir: false, pageSize: 4096, maxDbs: 4 });
  const table = db.openDB<Buffer, number>({ name: 'rows', encoding: 'binary', keyEncoding: 'uint32' });
  const put = (key: number) => table.putSync(key, Buffer.alloc(key % 50 === 0 ? 9000 : 900, key));
  db.transactionSync(() => {
    for (let key = 0; key < 4000; key += 2) put(key);
  });
  await db.flushed;
  closing = () => db.close();
  return { path: join(folder, 'data.mdb'), put };
}

let closing: (() => Promise<void>) | undefined;
afterEach(() => closing?.());

test('only the pages on the way to a key are looked at', async () => {
  const { path } = await bigTable(join(tree.storage, 'big'));
  const whole = readFileSync(path);
  const right = pageGuard(path);
  for (let key = 0; key < 4000; key++) expect(() => right.lookAt('rows', key)).not.toThrow();
  right.lookAt('no such table', 1);
  right.close();
  // every page in turn: a key whose way goes by it fails, and no other does
  let hit = 0;
  for (let page = 2; page < whole.length / 4096; page += 23) {
    const bytes = Buffer.from(whole);
    bytes.fill(0xa5, page * 4096, page * 4096 + 32);
    writeFileSync(path, bytes);
    const guard = pageGuard(path);
    let failed = 0;
    for (let key = 0; key < 4000; key += 2)
      try {
        guard.lookAt('rows', key);
      } catch (error) {
        expect((error as Error).message).toMatch(/damaged/);
        failed++;
      }
    guard.close();
    let isWhole = true;
    try {
      checkPages(path);
    } catch {
      isWhole = false;
    }
    expect({ page, failed: failed > 0 }).toEqual({ page, failed: !isWhole });
    if (failed > 0) hit++;
  }
  expect(hit).toBeGreaterThan(15);
  writeFileSync(path, whole);
});

test('a guard looks beside the way where something is to be written, and again after each writing', async () => {
  const { path, put } = await bigTable(join(tree.storage, 'big'));
  const bytes = readFileSync(path);
  const second = leavesByKey(bytes)[1];
  const damaged = Buffer.from(bytes);
  damaged.fill(0xff, second * 4096, second * 4096 + 24);
  writeFileSync(path, damaged);
  const guard = pageGuard(path);
  guard.lookAt('rows', 0);
  expect(() => guard.lookAt('rows', 0, true)).toThrow(/damaged/);
  writeFileSync(path, bytes);
  guard.lookAt('rows', 2000);
  for (let key = 4000; key < 6000; key += 2) put(key);
  for (let key = 0; key < 6000; key += 2) guard.lookAt('rows', key, true);
  guard.close();
});

/** Numbers of the pages that are leaves of numbered rows, by the first of their keys. */
function leavesByKey(bytes: Buffer): number[] {
  const found: { page: number; key: number }[] = [];
  for (let page = 2; page < bytes.length / 4096; page++) {
    const at = page * 4096;
    const node = at + 24 + bytes.readUInt16LE(at + 24);
    if (bytes.readUInt32LE(at) === page && bytes.readUInt16LE(at + 18) === 2 && bytes.readUInt16LE(node + 6) === 4)
      found.push({ page, key: bytes.readUInt32LE(node + 8) });
  }
  return found.sort((a, b) => a.key - b.key).map(({ page }) => page);
}
