/**
 * Worker threads of the index, and work handed out to whichever is free. A thread that dies over a file, or does not
 * come to an end with it, is replaced, and goes on without that file.
 */
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import { IndexDamage } from '../store/checked.ts';
import { BUSY, IDLE, type WorkerJob, type WorkerReply, type WorkerSetup } from './messages.ts';

/** Worker threads that share a queue of jobs; those that die or hang are replaced. */
export interface Pool {
  size: number;
  /** how a replaced worker learns what the others were told; set by whoever told them */
  restore: () => WorkerJob | null;
  /** hears of a file (its number) whose links were lost with a worker, and why */
  lostLinks: (file: number, why: string) => void;
  /**
   * Runs each job on the next free worker. `take` gets the replies as they come, and may take its time: less is handed
   * out until it is done. Returns at once when told to stop.
   */
  each(
    jobs: Iterable<WorkerJob>,
    take: (reply: WorkerReply, job: WorkerJob) => void | Promise<void>,
    signal?: AbortSignal,
  ): Promise<void>;
  /** runs one job on every worker */
  all(job: WorkerJob): Promise<void>;
  /** `atOnce`: without waiting for what is in hand */
  close(atOnce?: boolean): Promise<void>;
}

/** Workers for this machine: one a core, four at the most (each holds the tree's macros in memory). */
export const defaultWorkers = (): number => Math.max(1, Math.min(4, availableParallelism()));

/** Jobs a worker has in hand: one to do, and what to go on with while thousands of files are written down. */
const JOBS_IN_HAND = 6;
/** A worker is replaced so often; then something else is wrong. */
const MAX_RESTARTS = 100;
/** What a worker gets. */
export interface Limits {
  /** how long one file may take, in ms */
  patience: number;
  heapMegabytes: number;
}

/** The largest files of a kernel take two seconds, on a machine that is shared perhaps twenty. */
const LIMITS: Limits = { patience: 120_000, heapMegabytes: 1024 };
const LOOK_MS = 250;
/** How long a worker that is told to stop may go on with what is in its hands. */
const GRACE_MS = 3000;

interface Task {
  job: WorkerJob;
  resolve(reply: WorkerReply): void;
  reject(error: Error): void;
}

interface Hand {
  ask(job: WorkerJob): Promise<WorkerReply>;
  end(): Promise<void>;
}

/** The job without a file that no worker gets through; null where it isn't among its files. */
function without(job: WorkerJob, file: number, why: string): WorkerJob | null {
  switch (job.kind) {
    case 'scan':
    case 'facts':
      if (!job.files.some((f) => f.id === file)) return null;
      return { ...job, files: job.files.map((f) => (f.id === file ? { ...f, lost: why } : f)) };
    case 'link':
      return job.files.includes(file) ? { ...job, files: job.files.filter((f) => f !== file) } : null;
    default:
      return null;
  }
}

const inWords = (error: Error): string =>
  (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? 'reading it took too much memory'
    : error.message;

/** One worker at a time, which answers its jobs in order. */
function newHand(script: string, setup: WorkerSetup, pool: Pool, { patience, heapMegabytes }: Limits): Hand {
  const at = new Int32Array(new SharedArrayBuffer(12));
  const tasks: Task[] = [];
  let restarts = 0;
  let ended = false;
  let gone: Error | null = null;
  const start = (): Worker => {
    Atomics.store(at, 0, BUSY);
    const started = new Worker(script, {
      workerData: { ...setup, at },
      // most objects die young: a large nursery saves a third of the collector's time
      resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: 64 },
    });
    started.on('message', (reply: WorkerReply) => {
      if (started !== worker) return;
      const task = tasks.shift();
      if (reply.kind !== 'error') task?.resolve(reply);
      else
        task?.reject(reply.damage === null ? new Error(reply.message) : new IndexDamage(reply.message, reply.damage));
    });
    started.on('error', (error) => lose(started, error));
    started.on('exit', () => lose(started, new Error('an index worker stopped')));
    return started;
  };
  const fail = (error: Error): void => {
    gone = error;
    for (const task of tasks.splice(0)) task.reject(error);
  };
  /** What a worker had in hand goes to a new one, but for the file that it could not read. */
  const lose = (lost: Worker, error: Error): void => {
    if (lost !== worker || gone) return;
    const file = Atomics.exchange(at, 0, IDLE);
    const [first] = tasks;
    const job = first && file > 0 && restarts < MAX_RESTARTS ? without(first.job, file, inWords(error)) : null;
    if (ended || !first || !job) {
      fail(error);
      return;
    }
    restarts++;
    if (first.job.kind === 'link') pool.lostLinks(file, inWords(error));
    first.job = job;
    worker = start();
    const knowledge = pool.restore();
    if (knowledge) tasks.unshift({ job: knowledge, resolve() {}, reject: fail });
    for (const task of tasks) worker.postMessage(task.job);
  };
  let worker = start();
  let count = -1;
  let since = 0;
  const watch = setInterval(() => {
    const now = Atomics.load(at, 1);
    if (now !== count || Atomics.load(at, 0) <= 0) {
      count = now;
      since = Date.now();
    } else if (Date.now() - since > patience) {
      const stuck = worker;
      lose(stuck, new Error(`reading it took longer than ${Math.round(patience / 1000)} s`));
      void stuck.terminate();
    }
  }, LOOK_MS);
  watch.unref();
  return {
    ask: (job) =>
      new Promise((resolve, reject) => {
        if (gone) {
          reject(gone);
          return;
        }
        tasks.push({ job, resolve, reject });
        worker.postMessage(job);
      }),
    async end() {
      ended = true;
      clearInterval(watch);
      // ended from outside within a native part (the parser, the store), a thread takes the whole process with it
      Atomics.store(at, 2, 1);
      const latest = Date.now() + GRACE_MS;
      while (!gone && Atomics.load(at, 0) !== IDLE && Date.now() < latest) await sleep(5);
      await worker.terminate();
    },
  };
}

/** Starts workers. */
export function newPool(script: string, size: number, setup: WorkerSetup, limits: Partial<Limits> = {}): Pool {
  // where every core has its worker, collectors that help each other only get in each other's way
  if (size >= availableParallelism()) setFlagsFromString('--no-parallel-scavenge');
  const pool: Pool = {
    size,
    restore: () => null,
    lostLinks: () => {},
    async each(jobs, take, signal) {
      if (signal?.aborted) return;
      const iterator = jobs[Symbol.iterator]();
      let stopped = false;
      const drain = async (hand: Hand) => {
        while (!stopped) {
          const next = iterator.next();
          if (next.done) return;
          const reply = await hand.ask(next.value);
          if (!stopped) await take(reply, next.value);
        }
      };
      let stop = (): void => {};
      const told = new Promise<void>((resolve) => {
        stop = resolve;
      });
      signal?.addEventListener('abort', stop, { once: true });
      try {
        const drained = hands.flatMap((hand) => Array.from({ length: JOBS_IN_HAND }, () => drain(hand)));
        await Promise.race([told, Promise.all(drained)]);
      } finally {
        stopped = true;
        signal?.removeEventListener('abort', stop);
      }
    },
    async all(job) {
      await Promise.all(hands.map((hand) => hand.ask(job)));
    },
    async close(atOnce = false) {
      // a worker that has failed needs no closing
      if (!atOnce) await Promise.all(hands.map((hand) => hand.ask({ kind: 'close' }).catch(() => undefined)));
      await Promise.all(hands.map((hand) => hand.end()));
    },
  };
  const hands = Array.from({ length: size }, () => newHand(script, setup, pool, { ...LIMITS, ...limits }));
  return pool;
}
