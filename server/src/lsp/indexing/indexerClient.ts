/** The server's end of the indexing process: started when first needed, started again when it has died. */
import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../../index/build/buildOptions.ts';
import { CANCELLED, type FromIndexer, type IndexJob, type IndexOutcome, type ToIndexer } from './indexJob.ts';

/** Thrown for a folder that is no kernel tree; the message tells the user what to do. */
export class BadTreeError extends Error {}

/** Thrown where the index can't be written; the message tells the user what to do. */
export class IndexStorageError extends Error {}

/** A job, and who hears how it goes on. */
export interface IndexRequest extends Omit<IndexJob, 'id' | 'workerScript'> {
  progress(p: Progress): void;
  say(message: string): void;
  signal?: AbortSignal;
}

/** The process that builds indexes, one job after the other. */
export interface IndexerClient {
  /** Runs a job; rejects with a BadTreeError, an IndexStorageError, or with an Error where the process died. */
  build(request: IndexRequest): Promise<IndexOutcome>;
  /** An update of this tree is likely soon: gets the workers ready, where nothing else is to be done. */
  prepare(request: IndexRequest): void;
  /** Files (relative) that the build which runs should read next, where it hasn't yet. */
  first(paths: readonly string[]): void;
  close(): void;
}

interface Waiting {
  id: number;
  request: IndexRequest;
  resolve(outcome: IndexOutcome): void;
  reject(error: Error): void;
}

function errorOf({ message, badTree, said }: Extract<FromIndexer, { kind: 'failed' }>): Error {
  if (badTree) return new BadTreeError(message);
  return said ? new IndexStorageError(message) : new Error(message);
}

/** `scripts` is the folder of the bundled indexer.cjs and worker.cjs. */
export function newIndexer(scripts: string, log: (message: string) => void): IndexerClient {
  let child: ChildProcess | null = null;
  let nextId = 1;
  let queue: Waiting[] = [];
  let current: Waiting | null = null;

  const stop = (): void => {
    const old = child;
    child = null;
    old?.kill();
  };
  const next = (): void => {
    if (current) return;
    current = queue.shift() ?? null;
    if (current) send({ kind: 'build', job: jobOf(current.request, current.id) });
  };
  const take = (message: FromIndexer): void => {
    const w = current;
    if (!w || w.id !== message.id) return;
    if (message.kind === 'progress') w.request.progress(message.progress);
    else if (message.kind === 'say') w.request.say(message.message);
    else {
      current = null;
      // a whole build leaves hundreds of megabytes behind: the next job gets a process of its own
      if (!w.request.only) stop();
      if (message.kind === 'done') w.resolve(message);
      else w.reject(errorOf(message));
      next();
    }
  };
  const start = (): ChildProcess => {
    // stdout carries the protocol where the server runs over stdio
    const started = fork(join(scripts, 'indexer.cjs'), [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    try {
      // whoever reads code meanwhile goes first
      if (started.pid) setPriority(started.pid, 5);
    } catch {
      // not allowed here: then at the same priority
    }
    started.stderr?.on('data', (bytes: Buffer) => log(`indexer: ${bytes.toString().trimEnd()}`));
    started.on('message', (message: FromIndexer) => {
      if (child === started) take(message);
    });
    const gone = (why: string): void => {
      if (child !== started) return;
      child = null;
      const lost = current;
      current = null;
      lost?.reject(new Error(`The indexing process ended (${why}).`));
      next();
    };
    started.on('error', (error) => gone(error.message));
    started.on('exit', (code, signal) => gone(signal ? `signal ${signal}` : `exit code ${code}`));
    return started;
  };
  const send = (message: ToIndexer): void => {
    child ??= start();
    child.send(message);
  };
  const jobOf = ({ progress: _p, say: _s, signal: _a, ...job }: IndexRequest, id: number): IndexJob => ({
    ...job,
    id,
    workerScript: join(scripts, 'worker.cjs'),
  });

  return {
    build(request) {
      const id = nextId++;
      return new Promise((resolve, reject) => {
        const waiting: Waiting = { id, request, resolve, reject };
        request.signal?.addEventListener(
          'abort',
          () => {
            if (current === waiting) send({ kind: 'cancel', id });
            else if (queue.includes(waiting)) {
              queue = queue.filter((w) => w !== waiting);
              resolve(CANCELLED);
            }
          },
          { once: true },
        );
        queue.push(waiting);
        next();
      });
    },
    prepare(request) {
      // whatever runs now comes first, and readies the workers itself
      if (!current) send({ kind: 'prepare', job: jobOf(request, nextId++) });
    },
    first(paths) {
      if (current) send({ kind: 'first', id: current.id, paths: [...paths] });
    },
    close() {
      queue = [];
      current = null;
      stop();
    },
  };
}
