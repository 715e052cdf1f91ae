/** Worker threads of the index, and work handed out to whichever is free. */
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { WorkerJob, WorkerReply, WorkerSetup } from './worker.ts';

export interface Pool {
  size: number;
  /** runs each job on the next free worker; `take` gets the replies as they come */
  each(
    jobs: Iterable<WorkerJob>,
    take: (reply: WorkerReply, job: WorkerJob) => void,
    signal?: AbortSignal,
  ): Promise<void>;
  /** runs one job on every worker */
  all(job: WorkerJob): Promise<void>;
  close(): Promise<void>;
}

/** Workers for this machine: one a core, four at the most (each holds the tree's macros in memory). */
export const defaultWorkers = (): number => Math.max(1, Math.min(4, availableParallelism()));

/** Jobs a worker has in hand: one to do, and what to go on with while thousands of files are written down. */
const JOBS_IN_HAND = 6;

interface Waiting {
  resolve(reply: WorkerReply): void;
  reject(error: Error): void;
}

/** One worker that answers its jobs in order. */
function newHand(script: string, setup: WorkerSetup): { ask(job: WorkerJob): Promise<WorkerReply>; worker: Worker } {
  const worker = new Worker(script, {
    workerData: setup,
    // most objects die young: a large nursery saves a third of the collector's time
    resourceLimits: { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64 },
  });
  const waiting: Waiting[] = [];
  let gone: Error | null = null;
  const fail = (error: Error) => {
    gone = error;
    for (const w of waiting.splice(0)) w.reject(error);
  };
  worker.on('message', (reply: WorkerReply) => {
    const first = waiting.shift();
    if (reply.kind === 'error') first?.reject(new Error(reply.message));
    else first?.resolve(reply);
  });
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('an index worker stopped')));
  return {
    worker,
    ask: (job) =>
      new Promise((resolve, reject) => {
        if (gone) {
          reject(gone);
          return;
        }
        waiting.push({ resolve, reject });
        worker.postMessage(job);
      }),
  };
}

export function newPool(script: string, size: number, setup: WorkerSetup): Pool {
  // where every core has its worker, collectors that help each other only get in each other's way
  if (size >= availableParallelism()) setFlagsFromString('--no-parallel-scavenge');
  const hands = Array.from({ length: size }, () => newHand(script, setup));
  return {
    size,
    async each(jobs, take, signal) {
      const iterator = jobs[Symbol.iterator]();
      const drain = async (hand: (typeof hands)[number]) => {
        for (let next = iterator.next(); !next.done; next = iterator.next()) {
          if (signal?.aborted) return;
          take(await hand.ask(next.value), next.value);
        }
      };
      await Promise.all(hands.flatMap((hand) => Array.from({ length: JOBS_IN_HAND }, () => drain(hand))));
    },
    async all(job) {
      await Promise.all(hands.map((hand) => hand.ask(job)));
    },
    async close() {
      // a worker that has failed needs no closing
      await Promise.all(hands.map((hand) => hand.ask({ kind: 'close' }).catch(() => undefined)));
      await Promise.all(hands.map((hand) => hand.worker.terminate()));
    },
  };
}
