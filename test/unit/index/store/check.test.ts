import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkIndex } from '../../../../server/src/index/store/check.ts';
import { closeStore, openForWriting, type Store } from '../../../../server/src/index/store/store.ts';
import { claim, transact } from '../../../../server/src/index/store/transactions.ts';
import { newTree, type Tree } from '../tree.ts';

let tree: Tree;
beforeEach(async () => {
  tree = newTree({ 'fs/a.c': 'struct ops { int (*run)(void); };\nstatic int run(void) { return 0; }\n' });
  await tree.index();
});
afterEach(() => tree.remove());

const check = () => checkIndex(tree.storage, tree.root, 'x86');

/** Changes what is stored, sums included: only what belongs together is wrong then. */
async function change(work: (store: Store) => void): Promise<void> {
  const store = openForWriting(tree.storage, tree.root, 'x86', () => {});
  const meta = store.meta.get('meta');
  if (!meta) throw new Error('no meta');
  claim(store, 'test', meta);
  transact(store, 'test', () => work(store));
  await closeStore(store);
}

test('a whole index is found whole, and nothing is made where there is none', async () => {
  expect(await check()).toMatchObject({ complete: true, files: 3, faults: [] });
  expect(await checkIndex(tree.storage, `${tree.root}-other`, 'x86')).toBeNull();
});

test('a file of which nothing is known, and a number that belongs to no file', async () => {
  await change((store) => {
    store.facts.remove(store.files.get('fs/a.c')?.id ?? 0);
    store.paths.put(77, 'fs/gone.c');
  });
  expect((await check())?.faults).toEqual([
    'fs/a.c: nothing is known of it',
    'number 77 (fs/gone.c) belongs to no file',
  ]);
});

test('rows of a file that is not known', async () => {
  await change((store) => store.files.remove('fs/a.c'));
  expect((await check())?.faults.join('\n')).toMatch(/table 'names', run: a row of file \d+, which is not known/);
});
