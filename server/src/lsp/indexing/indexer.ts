/**
 * The process that builds and updates indexes, so that the one which answers never waits and stays small. It gets one
 * job after the other; workers for updates after a save are kept for a while, as starting them is what takes time.
 */
import { buildIndex } from '../../index/build/build.ts';
import type { BuildOptions } from '../../index/build/buildOptions.ts';
import { prepare } from '../../index/build/knowledge.ts';
import { newPool, type Pool } from '../../index/build/pool.ts';
import { mountModules } from '../../index/modules/mounts.ts';
import { StorageError } from '../../index/store/storageError.ts';
import { TreeError } from '../../index/tree.ts';
import { excluder } from './globs.ts';
import { CANCELLED, type FromIndexer, type IndexJob, type ToIndexer } from './indexJob.ts';

const POOL_IDLE_MS = 300_000;

interface Kept {
  key: string;
  pool: Pool;
  timer: NodeJS.Timeout;
}

let kept: Kept | null = null;
const aborts = new Map<number, AbortController>();
/** jobs by their number, until they are done: what is to be read first may grow meanwhile */
const jobs = new Map<number, IndexJob>();
const send = (message: FromIndexer): void => {
  process.send?.(message);
};

async function dropPool(): Promise<void> {
  const old = kept;
  kept = null;
  if (!old) return;
  clearTimeout(old.timer);
  await old.pool.close();
}

/** A worker for updates of one tree. */
async function poolFor(job: IndexJob): Promise<Pool> {
  const { root, storage, architecture, module, modules } = job;
  const key = JSON.stringify([root, storage, architecture, module?.name]);
  if (kept && kept.key !== key) await dropPool();
  if (kept) kept.timer.refresh();
  else {
    const timer = setTimeout(() => void dropPool(), POOL_IDLE_MS);
    timer.unref();
    kept = {
      key,
      timer,
      pool: newPool(job.workerScript, 1, {
        root,
        storage,
        architecture,
        ...(module ? { module, modules: modules ?? [] } : {}),
      }),
    };
  }
  return kept.pool;
}

async function run(job: IndexJob, signal: AbortSignal): Promise<void> {
  const { id } = job;
  const options: BuildOptions = {
    root: job.root,
    storage: job.storage,
    architecture: job.architecture,
    workerScript: job.workerScript,
    exclude: excluder(job.exclude),
    first: job.first,
    signal,
    say: (message) => send({ kind: 'say', id, message }),
    progress: (progress) => send({ kind: 'progress', id, progress }),
  };
  mountModules(job.root, job.modules ?? []);
  if (job.module) options.module = job.module;
  if (job.workers) options.workers = job.workers;
  if (job.anew) options.anew = job.anew;
  if (job.only) {
    options.only = job.only;
    options.pool = await poolFor(job);
  } else await dropPool();
  try {
    const { changed, removed, unreadable, lost, cancelled, rebuilt } = await buildIndex(options);
    // the workers that are kept know the index that is gone
    if (rebuilt) await dropPool();
    send({ kind: 'done', id, changed, removed, unreadable: unreadable.length, lost, cancelled, rebuilt });
  } catch (error) {
    // a worker that failed may be gone
    await dropPool();
    throw error;
  }
}

let queue: Promise<void> = Promise.resolve();

process.on('message', (message: ToIndexer) => {
  if (message.kind === 'cancel') {
    aborts.get(message.id)?.abort();
    return;
  }
  if (message.kind === 'first') {
    jobs.get(message.id)?.first.push(...message.paths);
    return;
  }
  const { job } = message;
  if (message.kind === 'prepare') {
    queue = queue.then(async () => {
      try {
        await prepare(await poolFor(job), job);
      } catch {
        // then the update itself will say what is wrong
        await dropPool();
      }
    });
    return;
  }
  const abort = new AbortController();
  aborts.set(job.id, abort);
  jobs.set(job.id, job);
  queue = queue.then(async () => {
    try {
      if (abort.signal.aborted) send({ kind: 'done', id: job.id, ...CANCELLED });
      else await run(job, abort.signal);
    } catch (error) {
      const e = error as Error;
      send({
        kind: 'failed',
        id: job.id,
        message: e instanceof TreeError || e instanceof StorageError ? e.message : (e.stack ?? String(e)),
        badTree: e instanceof TreeError,
        said: e instanceof StorageError,
      });
    } finally {
      aborts.delete(job.id);
      jobs.delete(job.id);
    }
  });
});

// the server is gone: nobody would ask for what is built here, and workers that are in the parser can't be ended gently
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
