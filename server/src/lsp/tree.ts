/** One kernel tree that the server answers for: its index, how far that is, and its open documents. */
import { realpathSync } from 'node:fs';
import type { LostFile, Progress } from '../index/build/build.ts';
import { type IndexReader, openReader } from '../index/read/reader.ts';
import { IndexDamage } from '../index/store/checked.ts';
import { storeFolder, storeIdentity, type Totals } from '../index/store/store.ts';
import { readTree, type TreeInfo } from '../index/tree.ts';
import { BadTreeError, type IndexerClient, IndexStorageError } from './indexing/indexerClient.ts';
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
  /** tells the user what should not go unnoticed */
  warn(message: string): void;
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
  /** builds the index anew after a reading has found it damaged, unless that is on its way already */
  heal(damage: IndexDamage): void;
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
  let reader: IndexReader | null = null;
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
  let healing = false;
  let lost: LostFile[] = [];

  const letGo = async (): Promise<void> => {
    const old = reader;
    reader = null;
    await old?.close();
  };
  /** Looks at the index as it is now; one that turns out to be damaged is healed. */
  const look = (): void => {
    try {
      if (reader) reader.refresh();
      else reader = openReader(host.storage, root, tree.architecture);
    } catch (error) {
      if (!(error instanceof IndexDamage)) throw error;
      tree.heal(error);
    }
  };
  const refresh = (): void => {
    refreshed = Date.now();
    if (anew) void letGo();
    anew = false;
    look();
    host.indexed(tree);
  };
  const show = (p: Progress): void => {
    phase = PHASES[p.phase];
    ({ done, total } = p);
    if (Date.now() - refreshed > REFRESH_MS && p.phase !== 'listing') refresh();
    host.changed(tree);
  };
  const job = (only: string[] | undefined, signal: AbortSignal | undefined, begin?: Begin) => ({
    root,
    storage: host.storage,
    architecture: tree.architecture,
    workers: host.workers,
    exclude: host.exclude,
    first: host.first(tree),
    ...(only ? { only } : {}),
    ...(begin ? { anew: begin } : {}),
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
    message = [lostText(lost), totals ? errorText(totals) : ''].filter(Boolean).join(' ') || undefined;
    host.changed(tree);
  };
  const isComplete = (): boolean => {
    try {
      return (reader?.meta()?.complete ?? 0) > 0;
    } catch {
      return false;
    }
  };
  const failed = (error: Error): void => {
    host.log(error.message);
    // whoever begins anew lets go of what is there first
    if (!reader) look();
    const said = error instanceof BadTreeError || error instanceof IndexStorageError;
    const first = error.message.split('\n', 1)[0];
    if (error instanceof IndexStorageError && isComplete()) {
      phase = 'ready';
      message = `The index could not be brought up to date: ${first} Answers come from the index as it was.`;
    } else {
      phase = error instanceof BadTreeError ? 'noTree' : 'error';
      message = said
        ? first
        : `Indexing failed: ${first} The command "Kerntrail: Re-index the Tree" tries again; the output channel has the details.`;
    }
    host.changed(tree);
  };
  const build = async (begin?: Begin): Promise<void> => {
    abort?.abort();
    const mine = new AbortController();
    abort = mine;
    phase = 'scanning';
    done = 0;
    total = 0;
    if (!begin) message = undefined;
    host.changed(tree);
    const building = host.indexer.build(job(undefined, mine.signal, begin));
    running = building.catch(() => undefined);
    try {
      const outcome = await building;
      if (closed || abort !== mine) return;
      if (outcome.rebuilt) host.warn(`The index of ${root} was damaged. It has been built anew.`);
      if (outcome.unreadable) host.log(`${outcome.unreadable} files could not be read`);
      for (const { path, why } of outcome.lost) host.log(`${path} could not be indexed: ${why}`);
      host.log(`index of ${root}: ${outcome.changed} files read, ${outcome.removed} gone`);
      lost = outcome.lost;
      ready();
    } catch (error) {
      if (!closed && abort === mine) failed(error as Error);
    }
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
    update: () => build(),
    async reindex() {
      abort?.abort();
      abort = null;
      await running;
      await letGo();
      await build(true);
    },
    heal(damage) {
      if (healing || closed) return;
      healing = true;
      const identity = storeIdentity(storeFolder(host.storage, root, tree.architecture));
      message = `The index was damaged (${damage.message}): it is built anew.`;
      host.warn(
        `The index of ${root} is damaged (${damage.message}). It is built anew; answers are partial until then.`,
      );
      letGo()
        .then(() => build({ damaged: identity }))
        .catch((error: Error) => failed(error))
        .finally(() => {
          healing = false;
        });
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
          ({ rebuilt }) => {
            if (closed) return;
            if (rebuilt) host.warn(`The index of ${root} was damaged. It has been built anew.`);
            refresh();
          },
          (error: Error) => {
            if (closed) return;
            if (error instanceof IndexStorageError) failed(error);
            else host.log(`${only.join(', ')} could not be indexed: ${error.message}`);
          },
        );
      }, DEBOUNCE_MS);
    },
    async setArchitecture(next) {
      if (next === tree.architecture) return;
      abort?.abort();
      tree.architecture = next;
      // the other architecture has an index of its own, perhaps a complete one
      await letGo();
      look();
      host.indexed(tree);
      await build();
    },
    prepare() {
      if (phase === 'ready') host.indexer.prepare(job([], undefined));
    },
    async close() {
      closed = true;
      abort?.abort();
      if (timer) clearTimeout(timer);
      await letGo();
    },
  };
  look();
  return tree;
}

/** How a build that forgets what is there begins (see BuildOptions). */
type Begin = true | { damaged: number };

const MOST_NAMED = 3;

function lostText(lost: readonly LostFile[]): string {
  if (lost.length === 0) return '';
  const names = lost.slice(0, MOST_NAMED).map((f) => f.path);
  const rest = lost.length > names.length ? ` and ${lost.length - names.length} more` : '';
  return `Not indexed: ${names.join(', ')}${rest} (the output channel tells why).`;
}

const errorText = ({ errorFiles, parsedFiles, errorBytes }: Totals): string =>
  errorFiles > 0
    ? `${errorFiles} of ${parsedFiles} files have parts that could not be read (${errorBytes} bytes).`
    : '';

const PHASES: Record<Progress['phase'], Phase> = {
  waiting: 'waiting',
  listing: 'scanning',
  scanning: 'scanning',
  indexing: 'indexing',
  linking: 'linking',
  writing: 'linking',
  // the process says so once more, with the outcome
  ready: 'linking',
};
