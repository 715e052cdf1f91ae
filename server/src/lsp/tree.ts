/** One kernel tree that the server answers for: its index, how far that is, and its open documents. */
import { realpathSync, rmSync } from 'node:fs';
import type { Progress } from '../index/build.ts';
import { type IndexReader, openReader } from '../index/reader.ts';
import { storeFolder } from '../index/store.ts';
import { readTree, type TreeInfo } from '../index/tree.ts';
import { BadTreeError, type IndexerClient } from './indexerClient.ts';
import { type Lines, newLines } from './lines.ts';
import type { Phase, StatusParams } from './protocol.ts';

/** What a tree needs of the server. */
export interface TreeHost {
  indexer: IndexerClient;
  storage: string;
  workers: number;
  exclude: string[];
  /** files to index first: what is open */
  first(tree: Tree): string[];
  log(message: string): void;
  /** the status has changed */
  changed(tree: Tree): void;
  /** the index holds something new */
  indexed(tree: Tree): void;
}

export interface Tree {
  /** path as the editor names it: its URIs begin so */
  folder: string;
  /** the same without symbolic links: the index knows it by this */
  root: string;
  info: TreeInfo;
  lines: Lines;
  architecture: string;
  reader(): IndexReader | null;
  status(): StatusParams;
  /** what to say beside an answer while the index is incomplete, else null */
  partial(): string | null;
  /** compares the whole tree with its index */
  update(): Promise<void>;
  /** forgets the index and begins again */
  reindex(): Promise<void>;
  /** indexes changed files again */
  changedFiles(paths: string[]): void;
  setArchitecture(architecture: string): Promise<void>;
  /** someone types: a save is likely soon */
  prepare(): void;
  close(): Promise<void>;
}

const REFRESH_MS = 2000;
const DEBOUNCE_MS = 100;
/** A checkout changes thousands of files: then comparing the tree is cheaper, and headers' macros count. */
const MANY_FILES = 200;

/** Opens a tree. Throws a TreeError for a folder that is none. */
export function openTree(folder: string, architecture: string, host: TreeHost): Tree {
  const root = realpathSync(folder);
  const info = readTree(root);
  let reader = openReader(host.storage, root, architecture);
  let phase: Phase = 'idle';
  let done = 0;
  let total = 0;
  let message: string | undefined;
  let abort: AbortController | null = null;
  let running: Promise<unknown> = Promise.resolve();
  let refreshed = 0;
  let anew = false;
  let pending = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  const refresh = (): void => {
    refreshed = Date.now();
    if (reader && anew) {
      void reader.close();
      reader = null;
    }
    anew = false;
    if (reader) reader.refresh();
    else reader = openReader(host.storage, root, tree.architecture);
    host.indexed(tree);
  };
  const show = (p: Progress): void => {
    phase = PHASES[p.phase];
    ({ done, total } = p);
    if (Date.now() - refreshed > REFRESH_MS && p.phase !== 'listing') refresh();
    host.changed(tree);
  };
  const job = (only: string[] | undefined, signal: AbortSignal | undefined) => ({
    root,
    storage: host.storage,
    architecture: tree.architecture,
    workers: host.workers,
    exclude: host.exclude,
    first: host.first(tree),
    ...(only ? { only } : {}),
    ...(signal ? { signal } : {}),
    say: (text: string) => {
      host.log(text);
      // what it says is that the index was thrown away: the reader still holds the old one
      anew = true;
      message = text;
    },
    // an update after a save is over before anyone could read of it
    progress: only ? () => {} : show,
  });
  const ready = (): void => {
    refresh();
    phase = 'ready';
    const totals = reader?.meta()?.totals;
    total = totals?.files ?? 0;
    done = total;
    message =
      totals && totals.errorFiles > 0
        ? `${totals.errorFiles} of ${totals.parsedFiles} files have parts that could not be read (${totals.errorBytes} bytes).`
        : undefined;
    host.changed(tree);
  };
  const failed = (error: Error): void => {
    host.log(error.message);
    phase = error instanceof BadTreeError ? 'noTree' : 'error';
    message =
      error instanceof BadTreeError
        ? error.message
        : `Indexing failed: ${error.message.split('\n', 1)[0]} The command "Kerntrail: Re-index the Tree" tries again; the output channel has the details.`;
    host.changed(tree);
  };

  const tree: Tree = {
    folder,
    root,
    info,
    lines: newLines(folder),
    architecture,
    reader: () => reader,
    status: () => ({
      phase,
      tree: folder,
      architecture: tree.architecture,
      architectures: info.architectures,
      done,
      total,
      ...(info.release ? { release: info.release } : {}),
      ...(message ? { message } : {}),
    }),
    partial() {
      if (reader?.meta()?.complete) return null;
      if (phase === 'error' || phase === 'noTree') return 'There is no complete index: this answer may be partial.';
      const share = phase === 'indexing' && total ? `: ${Math.floor((100 * done) / total)} %` : '';
      return `The index is being built${share}. This answer may be partial.`;
    },
    async update() {
      abort?.abort();
      const mine = new AbortController();
      abort = mine;
      phase = 'scanning';
      done = 0;
      total = 0;
      message = undefined;
      host.changed(tree);
      const build = host.indexer.build(job(undefined, mine.signal));
      running = build.catch(() => undefined);
      try {
        const outcome = await build;
        if (closed || abort !== mine) return;
        if (outcome.unreadable) host.log(`${outcome.unreadable} files could not be read`);
        host.log(`index of ${root}: ${outcome.changed} files read, ${outcome.removed} gone`);
        ready();
      } catch (error) {
        if (!closed && abort === mine) failed(error as Error);
      }
    },
    async reindex() {
      abort?.abort();
      abort = null;
      await running;
      await reader?.close();
      reader = null;
      rmSync(storeFolder(host.storage, root, tree.architecture), { recursive: true, force: true });
      await tree.update();
    },
    changedFiles(paths) {
      for (const path of paths) {
        pending.add(path);
        tree.lines.forget(path);
      }
      if (timer) clearTimeout(timer);
      timer = setTimeout(() => {
        const only = [...pending];
        pending = new Set();
        if (only.length > MANY_FILES) {
          void tree.update();
          return;
        }
        host.indexer.build(job(only, undefined)).then(
          () => !closed && refresh(),
          (error: Error) => host.log(`${only.join(', ')} could not be indexed: ${error.message}`),
        );
      }, DEBOUNCE_MS);
    },
    async setArchitecture(next) {
      if (next === tree.architecture) return;
      abort?.abort();
      tree.architecture = next;
      // the other architecture has an index of its own, perhaps a complete one
      await reader?.close();
      reader = openReader(host.storage, root, next);
      host.indexed(tree);
      await tree.update();
    },
    prepare() {
      if (phase === 'ready') host.indexer.prepare(job([], undefined));
    },
    async close() {
      closed = true;
      abort?.abort();
      if (timer) clearTimeout(timer);
      await reader?.close();
      reader = null;
    },
  };
  return tree;
}

const PHASES: Record<Progress['phase'], Phase> = {
  listing: 'scanning',
  scanning: 'scanning',
  indexing: 'indexing',
  linking: 'linking',
  writing: 'linking',
  // the process says so once more, with the outcome
  ready: 'linking',
};
