import { expect, test, vi } from 'vitest';
import { type IndexRequest, IndexStorageError } from '../../../server/src/lsp/indexing/indexerClient.ts';
import type { IndexOutcome } from '../../../server/src/lsp/indexing/indexJob.ts';
import { CANCELLED } from '../../../server/src/lsp/indexing/indexJob.ts';
import {
  changedInTree,
  closeTree,
  openTree,
  partialNote,
  prepareTree,
  type TreeHost,
  treeStatus,
  updateTree,
} from '../../../server/src/lsp/tree.ts';
import { writeTree } from '../support/marked.ts';

/** A tree whose indexer does what the test says. */
function opened(build: (request: IndexRequest) => Promise<Partial<IndexOutcome>>) {
  const { root, storage } = writeTree('//@ fs/a.c\nint a;\n');
  const jobs: IndexRequest[] = [];
  const logged: string[] = [];
  const host: TreeHost = {
    indexer: {
      build: async (request) => {
        jobs.push(request);
        return { ...CANCELLED, cancelled: false, ...(await build(request)) };
      },
      prepare: vi.fn(),
      first() {},
      close() {},
    },
    storage,
    workers: 1,
    exclude: ['tools/**'],
    first: () => ['fs/a.c'],
    log: (message) => logged.push(message),
    warn: (message) => logged.push(message),
    changed: vi.fn(),
    indexed: vi.fn(),
    moved: vi.fn(),
  };
  return { tree: openTree(root, 'x86', host), host, jobs, logged };
}

test('a build: its phases are shown, its end is ready', async () => {
  const seen: string[] = [];
  const { tree, jobs, logged } = opened(async ({ progress }) => {
    progress({ phase: 'indexing', done: 1, total: 4 });
    seen.push(treeStatus(tree).phase, partialNote(tree) ?? '');
    return { changed: 1, lost: [{ path: 'fs/b.c', why: 'too deep' }] };
  });
  expect(treeStatus(tree)).toMatchObject({ phase: 'idle', tree: tree.folder, release: '6.1.0' });
  await updateTree(tree);
  expect(seen).toEqual(['indexing', 'The index is being built: 25 %. This answer may be partial.']);
  expect(treeStatus(tree)).toMatchObject({ phase: 'ready', message: expect.stringContaining('Not indexed: fs/b.c') });
  expect(jobs[0]).toMatchObject({ root: tree.root, first: ['fs/a.c'], exclude: ['tools/**'] });
  expect(logged).toContain('fs/b.c could not be indexed: too deep');
  await closeTree(tree);
});

test('an index that can not be written is an error with words for the user', async () => {
  const { tree } = opened(() => Promise.reject(new IndexStorageError('The disk is full.\nmore')));
  await updateTree(tree);
  expect(treeStatus(tree)).toMatchObject({ phase: 'error', message: 'The disk is full.' });
  expect(partialNote(tree)).toBe('There is no complete index: this answer may be partial.');
});

test('changed files wait for each other, and go into one job; very many lead to a look at the whole tree', async () => {
  vi.useFakeTimers();
  try {
    const { tree, jobs } = opened(async () => ({}));
    changedInTree(tree, ['fs/a.c']);
    changedInTree(tree, ['fs/b.c', 'fs/a.c']);
    await vi.advanceTimersByTimeAsync(200);
    expect(jobs.map((j) => j.only)).toEqual([['fs/a.c', 'fs/b.c']]);
    changedInTree(
      tree,
      Array.from({ length: 201 }, (_, n) => `fs/${n}.c`),
    );
    await vi.advanceTimersByTimeAsync(200);
    expect(jobs.map((j) => j.only)).toEqual([['fs/a.c', 'fs/b.c'], undefined]);
    changedInTree(tree, ['fs/a.c']);
    await closeTree(tree);
    await vi.advanceTimersByTimeAsync(200);
    expect(jobs.length).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});

test('workers are got ready only where nothing else is to be done', async () => {
  const { tree, host } = opened(async () => ({}));
  prepareTree(tree);
  expect(host.indexer.prepare).not.toHaveBeenCalled();
  await updateTree(tree);
  prepareTree(tree);
  expect(host.indexer.prepare).toHaveBeenCalledTimes(1);
});
