/** The pool with a worker of our own that fails as it is told to: by the names of its files. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { NumberedFile, WorkerJob } from '../../../../server/src/index/build/messages.ts';
import { newPool, type Pool } from '../../../../server/src/index/build/pool.ts';
import { IndexDamage } from '../../../../server/src/index/store/checked.ts';

const SETUP = { root: '/nowhere', storage: '/nowhere', architecture: 'x86' };
const WORKER = `
const { parentPort, workerData: { at } } = require('node:worker_threads');
let knows = 0;
Atomics.store(at, 0, 0);
parentPort.on('message', (job) => {
  if (job.kind === 'knowledge') knows++;
  if (job.kind !== 'facts') return parentPort.postMessage({ kind: 'done', knows });
  const files = job.files.map((file) => {
    if (file.lost) return { path: file.path, id: file.id, lost: file.lost, knows };
    Atomics.add(at, 1, 1);
    Atomics.store(at, 0, file.id);
    if (Atomics.load(at, 2)) process.exit();
    if (file.path.startsWith('takes a while')) {
      require('node:fs').writeFileSync(require('node:path').join(__dirname, 'begun'), '');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
      require('node:fs').appendFileSync(require('node:path').join(__dirname, 'done'), file.path + ' ');
    }
    if (file.path === 'spins') for (;;);
    if (file.path === 'exits') process.exit(3);
    if (file.path === 'throws') throw new Error('a fault of the worker');
    if (file.path === 'eats') for (const list = []; ; ) list.push(new Array(1e6).fill(list));
    Atomics.store(at, 0, 0);
    return { path: file.path, id: file.id, lost: '', knows };
  });
  if (job.files.some((f) => f.path === 'damaged')) return parentPort.postMessage({ kind: 'error', message: 'a page', damage: true });
  parentPort.postMessage({ kind: 'facts', files, rows: null, unreadable: [] });
});
`;

let folder: string;
let pool: Pool | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'kerntrail-pool-'));
  writeFileSync(join(folder, 'worker.cjs'), WORKER);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let lastId = 0;
const job = (...paths: string[]): WorkerJob => ({
  kind: 'facts',
  link: false,
  files: paths.map((path): NumberedFile => ({ path, id: ++lastId })),
});

/** Runs jobs and gives what came back of each file, as `path: why it was lost`. */
async function run(jobs: WorkerJob[], size = 1, patience = 500): Promise<string[]> {
  pool = newPool(join(folder, 'worker.cjs'), size, SETUP, { patience, heapMegabytes: 40 });
  const out: string[] = [];
  try {
    await pool.each(jobs, (reply) => {
      if (reply.kind === 'facts') out.push(...reply.files.map((f) => `${f.path}: ${f.lost}`));
    });
  } finally {
    await pool.close(true);
  }
  return out.sort();
}

test('a file that is never done costs itself alone', async () => {
  const files = await run([job('a', 'spins', 'b'), job('c'), job('d', 'spins')]);
  expect(files.filter((f) => !f.startsWith('spins'))).toEqual(['a: ', 'b: ', 'c: ', 'd: ']);
  expect(files.filter((f) => f.startsWith('spins'))).toHaveLength(2);
  expect(files.at(-1)).toMatch(/took longer than/);
});

test('nor does one that its worker dies over, in whatever way', async () => {
  const files = await run([job('a', 'exits'), job('throws', 'b'), job('c'), job('eats', 'd')], 2, 60_000);
  expect(files.filter((f) => /^[a-d]: /.test(f))).toEqual(['a: ', 'b: ', 'c: ', 'd: ']);
  expect(files.find((f) => f.startsWith('throws'))).toContain('a fault of the worker');
  expect(files.find((f) => f.startsWith('eats'))).toContain('too much memory');
  expect(files.find((f) => f.startsWith('exits'))).toContain('stopped');
});

test('a new worker knows what the old one was told', async () => {
  pool = newPool(join(folder, 'worker.cjs'), 1, SETUP, { patience: 500 });
  pool.restore = () => ({ kind: 'knowledge', macros: [] });
  const seen: unknown[] = [];
  await pool.all({ kind: 'knowledge', macros: [] });
  await pool.each([job('exits', 'a')], (reply) => {
    if (reply.kind === 'facts') seen.push(...reply.files.map((f) => (f as unknown as { knows: number }).knows));
  });
  await pool.close();
  expect(seen).toEqual([1, 1]);
});

test('damage of the index comes through as such', async () => {
  await expect(run([job('damaged')])).rejects.toThrow(IndexDamage);
});

test('who says stop gets an answer at once, whatever a worker has in hand', async () => {
  pool = newPool(join(folder, 'worker.cjs'), 1, SETUP, { patience: 60_000 });
  const stop = new AbortController();
  const all = pool.each([job('spins'), job('a')], () => {}, stop.signal);
  setTimeout(() => stop.abort(), 50);
  await all;
  await pool.close(true);
});

test('a worker that is told to stop ends behind the file in its hands, and begins no other', async () => {
  pool = newPool(join(folder, 'worker.cjs'), 1, SETUP, { patience: 60_000 });
  const stop = new AbortController();
  const all = pool.each([job('takes a while', 'takes a while longer')], () => {}, stop.signal);
  // a busy machine may take its time to start a worker
  while (!existsSync(join(folder, 'begun'))) await new Promise((done) => setTimeout(done, 10));
  stop.abort();
  await all;
  await pool.close(true);
  expect(readFileSync(join(folder, 'done'), 'utf8')).toBe('takes a while ');
});

test('a worker that fails without a file in its hands ends the work', async () => {
  writeFileSync(join(folder, 'broken.cjs'), 'throw new Error("no such thing");');
  const broken = newPool(join(folder, 'broken.cjs'), 1, SETUP);
  await expect(broken.each([job('a')], () => {})).rejects.toThrow('no such thing');
  await broken.close(true);
});
