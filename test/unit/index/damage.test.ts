/** An index whose file was damaged: found when it is read, by the full check, and built anew by the next build. */
import { copyFileSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openReader } from '../../../server/src/index/read/reader.ts';
import { checkIndex } from '../../../server/src/index/store/check.ts';
import { IndexDamage } from '../../../server/src/index/store/checked.ts';
import { closeStore, openForWriting, storeFolder, storeIdentity } from '../../../server/src/index/store/store.ts';
import { contents, newTree, type Tree } from './tree.ts';

const PAGE = 16384;

let tree: Tree;
beforeEach(async () => {
  tree = newTree(
    Object.fromEntries(
      Array.from({ length: 150 }, (_, n) => [
        `fs/f${n}.c`,
        `struct ops${n} { int (*open)(int); int (*shut_${n})(long); };\nstatic int f${n}_open(int x) { return x; }\nstatic const struct ops${n} f${n}_ops = { .open = f${n}_open };\n`,
      ]),
    ),
  );
  await tree.index();
});
afterEach(() => tree.remove());

const data = () => join(storeFolder(tree.storage, tree.root, 'x86'), 'data.mdb');
const check = () => checkIndex(tree.storage, tree.root, 'x86');

/** Deterministic numbers below a bound. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

test('zeroed pages and flipped bits: the full check ends with words, and the next build heals', {
  timeout: 120_000,
}, async () => {
  const good = join(tree.storage, 'good');
  copyFileSync(data(), good);
  const { size } = statSync(good);
  const whole = await contents(tree);
  const next = numbers(7);
  let found = 0;
  let healed = 0;
  for (let turn = 0; turn < 24; turn++) {
    const bytes = readFileSync(good);
    if (turn % 2) bytes[2 * PAGE + next(size - 2 * PAGE)] ^= 1 << next(8);
    else {
      const page = (2 + next(size / PAGE - 2)) * PAGE;
      bytes.fill(0, page, page + PAGE);
    }
    // and all that comes after the first pages
    if (turn % 4 === 0) bytes.fill(0, 4 * PAGE);
    writeFileSync(data(), bytes);
    const report = await check();
    if (!report?.faults.length) continue;
    found++;
    if (found % 3) continue;
    // a question, or the next build, gets to the damage: either way everything is back
    const identity = storeIdentity(storeFolder(tree.storage, tree.root, 'x86'));
    await tree.index({ anew: { damaged: identity } });
    expect((await check())?.faults).toEqual([]);
    expect(await contents(tree)).toEqual(whole);
    healed++;
  }
  expect(found).toBeGreaterThan(12);
  expect(healed).toBeGreaterThan(3);
});

test('a build that reads damaged pages begins anew by itself, and says so', async () => {
  const whole = await contents(tree);
  const bytes = readFileSync(data());
  // every page that holds paths of files: the next look at the tree goes through them
  let hit = 0;
  for (let at = 2 * PAGE; at < bytes.length; at += PAGE)
    if (bytes.subarray(at, at + PAGE).includes('fs/f1')) {
      bytes.fill(0, at, at + PAGE);
      hit++;
    }
  expect(hit).toBeGreaterThan(0);
  writeFileSync(data(), bytes);
  const result = await tree.index();
  expect(result.said.join()).toMatch(/damaged|can't be used/);
  expect(result.said.join()).toMatch(/built anew/);
  expect(await contents(tree)).toEqual(whole);
});

test('healing leaves an index alone that was built anew meanwhile', async () => {
  const result = await tree.index({ anew: { damaged: -1 } });
  expect(result).toMatchObject({ changed: 0, rebuilt: false });
  expect((await tree.index({ anew: true })).changed).toBe(152);
});

test('an index with rows missing is noticed when it is opened', async () => {
  const store = openForWriting(tree.storage, tree.root, 'x86', () => {});
  // as a store would be whose writers lost each other's rows
  store.root.transactionSync(() => {
    const [{ key }] = store.slots.entries();
    store.slots.remove(key);
  });
  await closeStore(store);
  expect(() => openReader(tree.storage, tree.root, 'x86')).toThrow(IndexDamage);
  const result = await tree.index();
  expect(result).toMatchObject({ rebuilt: true });
  expect((await check())?.faults).toEqual([]);
});
