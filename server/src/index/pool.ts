/** Worker threads of the index, and work handed out to whichever is free. */
import { availableParallelism } from 'node:os';
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

export function newPool(script: string, size: number, setup: WorkerSetup): Pool {
  const workers = Array.from(
    { length: size },
    () =>
      new Worker(script, {
        workerData: setup,
        resourceLimits: { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 96 },
      }),
  );
  const ask = (worker: Worker, job: WorkerJob): Promise<WorkerReply> =>
    new Promise((resolve, reject) => {
      const done = () => {
        worker.off('message', onMessage);
        worker.off('error', onError);
        worker.off('exit', onExit);
      };
      const onMessage = (reply: WorkerReply) => {
        done();
        if (reply.kind === 'error') reject(new Error(reply.message));
        else resolve(reply);
      };
      const onError = (error: Error) => {
        done();
        reject(error);
      };
      const onExit = () => {
        done();
        reject(new Error('an index worker stopped'));
      };
      worker.on('message', onMessage);
      worker.on('error', onError);
      worker.on('exit', onExit);
      worker.postMessage(job);
    });
  return {
    size,
    async each(jobs, take, signal) {
      const iterator = jobs[Symbol.iterator]();
      const drain = async (worker: Worker) => {
        for (let next = iterator.next(); !next.done; next = iterator.next()) {
          if (signal?.aborted) return;
          take(await ask(worker, next.value), next.value);
        }
      };
      await Promise.all(workers.map(drain));
    },
    async all(job) {
      await Promise.all(workers.map((w) => ask(w, job)));
    },
    async close() {
      await Promise.all(workers.map((w) => w.terminate()));
    },
  };
}
