import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { newFrames } from '../../../server/src/lsp/wire/frames.ts';
import { bundles } from './bundles.ts';

/** An answer of the server, or a notification or request of its own. */
export interface Message {
  id?: number | string | null;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { code: number; message: string };
}

/** The real server in a process of its own, to be sent anything at all. */
export interface ServerProcess {
  child: ChildProcess;
  /** everything that it sent which answers no request of `ask` */
  received: Message[];
  stderr(): string;
  /** writes bytes as they are */
  raw(bytes: string | Buffer): void;
  /** sends a message as it is, in a frame of its own */
  send(message: unknown): void;
  notify(method: string, params?: unknown): void;
  /** resolves with the whole answer, whether it is a result or an error; rejects when the process is gone */
  request(method: string, params?: unknown): Promise<Message>;
  /** the same, with the number to cancel it by */
  begin(method: string, params?: unknown): { id: number; answer: Promise<Message> };
  /** resolves with the first message of its own that passes, past ones included */
  until(test: (message: Message) => boolean): Promise<Message>;
  /** exit code, or the signal's name */
  gone: Promise<number | string>;
}

const framed = (message: unknown): string => {
  const text = JSON.stringify(message);
  return `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
};

const MALLOC = { MALLOC_MMAP_THRESHOLD_: '262144', MALLOC_TRIM_THRESHOLD_: '1048576', MALLOC_ARENA_MAX: '2' };

/** Starts it, over stdio, with the flags that the extension starts it with and `flags`. */
export function startProcess(flags: readonly string[] = [], env: NodeJS.ProcessEnv = {}): ServerProcess {
  const scripts = bundles('server', 'indexer', 'worker');
  const heap = ['--max-old-space-size=1024', '--max-semi-space-size=8'];
  const child = spawn(process.execPath, [...heap, ...flags, join(scripts, 'server.cjs'), '--stdio'], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...MALLOC, ...env },
  });
  const waiting = new Map<number, { resolve(m: Message): void; reject(e: Error): void }>();
  const received: Message[] = [];
  const watchers = new Set<(m: Message) => void>();
  let errors = '';
  let nextId = 1;
  const take = (message: Message): void => {
    const w = message.method === undefined && typeof message.id === 'number' ? waiting.get(message.id) : undefined;
    if (w) {
      waiting.delete(message.id as number);
      w.resolve(message);
      return;
    }
    // a server waits for the answers to its own requests
    if (message.method !== undefined && message.id !== undefined)
      child.stdin.write(framed({ jsonrpc: '2.0', id: message.id, result: null }));
    received.push(message);
    for (const watcher of watchers) watcher(message);
  };
  const push = newFrames({
    message: (value) => take(value as Message),
    fault(why) {
      throw new Error(`the server sent what is no message: ${why}`);
    },
    broken(why) {
      throw new Error(`the server sent what is no message: ${why}`);
    },
  });
  child.stdout.on('data', push);
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString();
  });
  // a server that is gone closes its input
  child.stdin.on('error', () => undefined);
  const gone = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => {
      for (const w of waiting.values()) w.reject(new Error(`the server is gone (${signal ?? code}): ${errors}`));
      resolve(signal ?? code ?? 0);
    }),
  );
  const send = (message: unknown): void => {
    child.stdin.write(framed(message));
  };
  const begin: ServerProcess['begin'] = (method, params) => {
    const id = nextId++;
    const answer = new Promise<Message>((resolve, reject) => {
      if (child.exitCode !== null || child.signalCode !== null) reject(new Error(`the server is gone: ${errors}`));
      waiting.set(id, { resolve, reject });
    });
    send({ jsonrpc: '2.0', id, method, params });
    return { id, answer };
  };
  return {
    child,
    received,
    stderr: () => errors,
    raw: (bytes) => void child.stdin.write(bytes),
    send,
    notify: (method, params) => send({ jsonrpc: '2.0', method, params }),
    request: (method, params) => begin(method, params).answer,
    begin,
    until(test) {
      const past = received.find(test);
      if (past) return Promise.resolve(past);
      return new Promise((resolve) => {
        const watcher = (m: Message): void => {
          if (!test(m)) return;
          watchers.delete(watcher);
          resolve(m);
        };
        watchers.add(watcher);
      });
    },
    gone,
  };
}

/** Greets a server on a tree. */
export async function greet(
  server: ServerProcess,
  tree: string,
  storage: string,
  settings: object = {},
): Promise<void> {
  const uri = pathToFileURL(tree).href;
  await server.request('initialize', {
    processId: process.pid,
    rootUri: uri,
    workspaceFolders: [{ uri, name: 'tree' }],
    capabilities: {},
    initializationOptions: { storage, settings, besideOther: false },
  });
  server.notify('initialized', {});
}

/** Kilobytes of a process: what it has for itself, and files that it has mapped (shared, and taken back at need). */
export function memoryOf(pid: number): { anon: number; file: number } {
  const text = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
  return { anon: field('RssAnon'), file: field('RssFile') };
}
