/** The server's end of the indexing process: started when first needed, started again when it has died. */
import { type ChildProcess, fork } from 'node:child_process';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../index/build.ts';
import type { FromIndexer, IndexJob, ToIndexer } from './indexer.ts';

/** What a job came to. */
export interface IndexOutcome {
  changed: number;
  removed: number;
  unreadable: number;
  cancelled: boolean;
}

/** Thrown for a folder that is no kernel tree; the message tells the user what to do. */
export class BadTreeError extends Error {}

export interface IndexRequest extends Omit<IndexJob, 'id' | 'workerScript'> {
  progress(p: Progress): void;
  say(message: string): void;
  signal?: AbortSignal;
}

export interface IndexerClient {
  /** Runs a job; rejects with a BadTreeError, or with an Error where the process died. */
  build(request: IndexRequest): Promise<IndexOutcome>;
  close(): void;
}

interface Waiting {
  request: IndexRequest;
  resolve(outcome: IndexOutcome): void;
  reject(error: Error): void;
}

/** `scripts` is the folder of the bundled indexer.cjs and worker.cjs. */
export function newIndexer(scripts: string, log: (message: string) => void): IndexerClient {
  let child: ChildProcess | null = null;
  let nextId = 1;
  const waiting = new Map<number, Waiting>();

  const take = (message: FromIndexer): void => {
    const w = waiting.get(message.id);
    if (!w) return;
    if (message.kind === 'progress') w.request.progress(message.progress);
    else if (message.kind === 'say') w.request.say(message.message);
    else {
      waiting.delete(message.id);
      if (message.kind === 'done') w.resolve(message);
      else w.reject(message.badTree ? new BadTreeError(message.message) : new Error(message.message));
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
    started.on('message', take);
    const gone = (why: string): void => {
      if (child !== started) return;
      child = null;
      for (const w of waiting.values()) w.reject(new Error(`The indexing process ended (${why}).`));
      waiting.clear();
    };
    started.on('error', (error) => gone(error.message));
    started.on('exit', (code, signal) => gone(signal ? `signal ${signal}` : `exit code ${code}`));
    return started;
  };
  const send = (message: ToIndexer): void => {
    child ??= start();
    child.send(message);
  };

  return {
    build(request) {
      const { progress, say, signal, ...job } = request;
      const id = nextId++;
      return new Promise((resolve, reject) => {
        waiting.set(id, { request, resolve, reject });
        signal?.addEventListener('abort', () => child?.connected && send({ kind: 'cancel', id }), { once: true });
        send({ kind: 'build', job: { ...job, id, workerScript: join(scripts, 'worker.cjs') } });
      });
    },
    close() {
      const old = child;
      child = null;
      old?.kill();
    },
  };
}
