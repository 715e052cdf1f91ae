import { afterEach, beforeEach, expect, test } from 'vitest';
import { WriterChanged } from '../../../../server/src/index/store/storageError.ts';
import { closeStore, openForWriting } from '../../../../server/src/index/store/store.ts';
import { claim, transact, transactInSteps } from '../../../../server/src/index/store/transactions.ts';
import { newTree, type Tree } from '../tree.ts';

let tree: Tree;
beforeEach(async () => {
  tree = newTree();
  await tree.index();
});
afterEach(() => tree.remove());

test('what another writer would change is refused, and nothing of it stays', async () => {
  const store = openForWriting(tree.storage, tree.root, 'x86', () => {});
  try {
    const meta = store.meta.get('meta');
    if (!meta) throw new Error('no meta');
    claim(store, 'second', meta);
    expect(() => transact(store, 'first', () => store.blobs.put('mark', [Buffer.from('x')]))).toThrow(WriterChanged);
    expect(store.blobs.get('mark')).toBeUndefined();
    expect(() =>
      transact(store, 'second', () => {
        store.blobs.put('mark', [Buffer.from('x')]);
        throw new Error('half-way');
      }),
    ).toThrow('half-way');
    expect(store.blobs.get('mark')).toBeUndefined();
  } finally {
    await closeStore(store);
  }
});

test('changes in steps: others have their turn, and of what is stopped nothing stays', async () => {
  const store = openForWriting(tree.storage, tree.root, 'x86', () => {});
  try {
    const meta = store.meta.get('meta');
    if (!meta) throw new Error('no meta');
    claim(store, 'mine', meta);
    const abort = new AbortController();
    const done = await transactInSteps(
      store,
      'mine',
      function* () {
        store.blobs.put('mark', [Buffer.from('x')]);
        setImmediate(() => abort.abort());
        for (const end = Date.now() + 5000; Date.now() < end; ) yield;
      },
      abort.signal,
    );
    expect(done).toBe(false);
    expect(store.blobs.get('mark')).toBeUndefined();
    const again = await transactInSteps(store, 'mine', () => [store.blobs.put('mark', [Buffer.from('y')])]);
    expect([again, store.blobs.get('mark')?.toString()]).toEqual([true, 'y']);
  } finally {
    await closeStore(store);
  }
});
