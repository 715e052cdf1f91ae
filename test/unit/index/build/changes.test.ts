import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  changedAmong,
  changedFiles,
  filesUsing,
  putShapes,
  putStale,
  readStale,
  shapesBefore,
  staleLinks,
} from '../../../../server/src/index/build/changes.ts';
import { closeStore, openForWriting, type Store } from '../../../../server/src/index/store/store.ts';
import { claim, transact } from '../../../../server/src/index/store/transactions.ts';
import { listFiles } from '../../../../server/src/index/tree.ts';
import { newTree, type Tree } from '../tree.ts';

let tree: Tree;
let store: Store;

beforeEach(async () => {
  tree = newTree({
    'include/linux/ops.h': 'struct ops { int (*run)(void); };\n#define RUN run\n',
    'fs/a.c': '#include <linux/ops.h>\nstatic int run(void) { return 0; }\nstruct ops a_ops = { .run = RUN };\n',
    'fs/b.c': 'int b;\n',
  });
  await tree.index();
  store = openForWriting(tree.storage, tree.root, 'x86', () => {});
  const meta = store.meta.get('meta');
  if (meta) claim(store, 'test', meta);
});
afterEach(async () => {
  await closeStore(store);
  tree.remove();
});

const paths = (files: readonly { path: string }[]): string[] => files.map((f) => f.path).sort();

test('the whole tree: what is new, other or gone; a file that was only touched is none of these', () => {
  tree.write({ 'fs/a.c': 'int a;\n', 'fs/new.c': '', 'fs/b.c': null });
  utimesSync(join(tree.root, 'include/linux/ops.h'), 1, 1);
  const { changed, removed, hasSources } = changedFiles(store, 'test', tree.root, listFiles(tree.root));
  expect([paths(changed), removed, hasSources]).toEqual([['fs/a.c', 'fs/new.c'], ['fs/b.c'], true]);
  expect(store.files.get('include/linux/ops.h')?.mtime).toBe(1000);
});

test('a few files: those that are excluded count as gone', () => {
  tree.write({ 'fs/a.c': 'int a;\n' });
  const { changed, removed } = changedAmong(store, tree.root, ['fs/a.c', 'fs/b.c', 'fs/none.c'], (p) => p === 'fs/b.c');
  expect([paths(changed), removed]).toEqual([['fs/a.c'], ['fs/b.c']]);
});

test('files whose slots hang on a record that looks different now', () => {
  const meta = store.meta.get('meta');
  if (!meta) throw new Error('no meta');
  const same = shapesBefore(store, ['include/linux/ops.h']);
  expect(staleLinks(store, meta, same, [])).toEqual([]);
  const other = { headers: same.headers, before: new Map([['ops', 'stop:int (*)(void);run:int (*)(void)']]) };
  expect(paths(staleLinks(store, meta, other, []))).toEqual(['fs/a.c']);
  // what a build has left that did not come to its end comes first
  transact(store, 'test', () => putShapes(store, other));
  expect(shapesBefore(store, ['include/linux/ops.h']).before.get('ops')).toBe(other.before.get('ops'));
});

test('macros that have changed: who uses them is read again at the next look', () => {
  transact(store, 'test', () => putStale(store, new Set(['RUN'])));
  expect(readStale(store)).toEqual(new Set(['RUN']));
  expect(paths(filesUsing(store, readStale(store), new Set()))).toEqual(['fs/a.c']);
  expect(filesUsing(store, readStale(store), new Set(['fs/a.c']))).toEqual([]);
});
