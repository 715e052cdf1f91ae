import { afterEach, beforeEach, expect, test } from 'vitest';
import { emptyFacts } from '../../../../server/src/facts/visit.ts';
import { factsResult } from '../../../../server/src/index/build/fileResult.ts';
import {
  addFiles,
  commit,
  newWriter,
  numberFile,
  removeFiles,
  totalsOf,
  unlinkedFiles,
  updateMeta,
  type Writer,
  waitingBytes,
} from '../../../../server/src/index/build/writer.ts';
import { closeStore, openForWriting, readDead, type Store } from '../../../../server/src/index/store/store.ts';
import { claim } from '../../../../server/src/index/store/transactions.ts';
import { newTree, type Tree } from '../tree.ts';

let tree: Tree;
let store: Store;
let writer: Writer;

beforeEach(async () => {
  tree = newTree();
  await tree.index();
  store = openForWriting(tree.storage, tree.root, 'x86', () => {});
  const meta = store.meta.get('meta');
  if (!meta) throw new Error('no meta');
  writer = newWriter(store, 'test', claim(store, 'test', meta));
});
afterEach(async () => {
  await closeStore(store);
  tree.remove();
});

function add(path: string, unlinked = false): number {
  const file = numberFile(writer, path);
  addFiles(writer, [{ ...factsResult(file, Buffer.from('int a;'), 1, emptyFacts(path)), unlinked }], []);
  return file.id;
}

test('what is added is written by the next commit, and not before', async () => {
  const id = add('fs/new.c');
  expect([writer.files.length, waitingBytes(writer) > 0, writer.added.has('fs/new.c')]).toEqual([1, true, true]);
  expect(store.files.get('fs/new.c')).toBeUndefined();
  await commit(writer);
  expect(store.files.get('fs/new.c')).toMatchObject({ id, size: 6, linked: true });
  expect(writer.files).toEqual([]);
});

test('a file that is read again gets a new number; rows under the old one are dead', async () => {
  const old = add('fs/new.c');
  await commit(writer);
  const now = add('fs/new.c');
  await commit(writer);
  expect(now).toBeGreaterThan(old);
  expect(readDead(store).has(old)).toBe(true);
  expect([store.paths.get(old), store.paths.get(now)]).toEqual([undefined, 'fs/new.c']);
});

test('a file that is removed is gone at once', async () => {
  const { files } = totalsOf(store, writer.meta);
  removeFiles(writer, ['arch/x86/x.c', 'fs/unknown.c']);
  expect(store.files.get('arch/x86/x.c')).toBeUndefined();
  expect(totalsOf(store, writer.meta).files).toBe(files - 1);
});

test('links that came later, and those that were lost', async () => {
  const [a, b] = [add('fs/a.c', true), add('fs/b.c', true)];
  await commit(writer);
  expect(unlinkedFiles(store).sort()).toEqual([a, b].sort());
  await commit(writer, undefined, [a, b], new Map([[b, 'too deep']]));
  expect(unlinkedFiles(store)).toEqual([]);
  expect(store.files.get('fs/b.c')?.lost).toBe('too deep');
});

test('after a commit that was stopped nothing more is written', async () => {
  add('fs/new.c');
  writer.stopped = true;
  await commit(writer);
  expect(store.files.get('fs/new.c')).toBeUndefined();
  updateMeta(writer, (meta) => ({ ...meta, knowledge: 99 }));
  expect(store.meta.get('meta')?.knowledge).toBe(99);
});
