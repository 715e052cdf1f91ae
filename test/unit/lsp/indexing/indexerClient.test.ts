import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BadTreeError, type IndexRequest, newIndexer } from '../../../../server/src/lsp/indexing/indexerClient.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerntrail-indexer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
// does what the tree's name says
writeFileSync(
  join(folder, 'indexer.cjs'),
  `process.on('message', ({ kind, id, job }) => {
  if (kind === 'cancel') return process.send({ kind: 'done', id, changed: 0, cancelled: true, lost: [] });
  if (job.root === 'dies') process.exit(3);
  if (job.root === 'bad') return process.send({ kind: 'failed', id: job.id, message: 'no tree', badTree: true, said: true });
  if (job.root === 'waits') return process.send({ kind: 'progress', id: job.id, progress: { phase: 'indexing', done: 1, total: 2 } });
  process.send({ kind: 'done', id: job.id, changed: process.pid, cancelled: false, lost: [] });
});`,
);

const job = (root: string, more: Partial<IndexRequest> = {}): IndexRequest => ({
  root,
  storage: '',
  architecture: 'x86',
  workers: 1,
  exclude: [],
  first: [],
  say() {},
  progress() {},
  ...more,
});

test('a process that dies fails its job; the next one gets another process', async () => {
  const indexer = newIndexer(folder, () => {});
  const dying = indexer.build(job('dies'));
  const next = indexer.build(job('good', { only: [] }));
  await expect(dying).rejects.toThrow('The indexing process ended (exit code 3).');
  const { changed } = await next;
  expect(changed).toBeGreaterThan(0);
  // after an update the process stays
  expect((await indexer.build(job('good', { only: [] }))).changed).toBe(changed);
  await expect(indexer.build(job('bad'))).rejects.toThrow(BadTreeError);
  indexer.close();
});

test('a job is stopped while it runs, and before it has begun', async () => {
  const indexer = newIndexer(folder, () => {});
  const [first, second] = [new AbortController(), new AbortController()];
  const running = indexer.build(job('waits', { signal: first.signal, progress: () => first.abort() }));
  const waiting = indexer.build(job('good', { signal: second.signal }));
  second.abort();
  expect((await waiting).cancelled).toBe(true);
  expect((await running).cancelled).toBe(true);
  indexer.close();
});
