/**
 * Building and updating an index. Headers come first (their #defines, then their facts), so that every C file is
 * linked against complete types in the same visit; C files come in the order in which they are likely to be asked for.
 * Everything is committed stage by stage: what a kill leaves is a shorter index, not a broken one. One process writes
 * at a time (writerLock.ts); an index that turns out to be damaged is begun anew.
 */

import { filesOfFolder, isMade } from '../modules/find.ts';
import { modulesOf } from '../modules/mounts.ts';
import { IndexDamage } from '../store/checked.ts';
import { explained } from '../store/storageError.ts';
import {
  closeStore,
  FORMAT,
  type Meta,
  openForWriting,
  removeStore,
  storeFolder,
  storeIdentity,
} from '../store/store.ts';
import { claim } from '../store/transactions.ts';
import { isLock, type LockHolder, type WriterLock, waitForLock } from '../store/writerLock.ts';
import { listFiles, readTree, type TreeInfo } from '../tree.ts';
import type { BuildOptions, BuildResult, Progress } from './buildOptions.ts';
import { allOf, changedAmong, changedFiles, readStale } from './changes.ts';
import { stateBelow } from './moduleKnowledge.ts';
import { readChanges } from './phases.ts';
import { defaultWorkers, newPool } from './pool.ts';
import { newWriter } from './writer.ts';

const emptyResult = (tree: TreeInfo): BuildResult => ({
  tree,
  changed: 0,
  removed: 0,
  unreadable: [],
  lost: [],
  cancelled: false,
  busy: null,
  rebuilt: false,
});

/**
 * Brings the index of a tree up to date. Throws a TreeError for something that is no kernel tree, and a StorageError
 * where the index can't be written.
 */
export async function buildIndex(options: BuildOptions): Promise<BuildResult> {
  const { root, storage, architecture, signal } = options;
  const tree = readTree(root);
  const folder = storeFolder(storage, root, architecture, options.module);
  const report = options.progress ?? (() => {});
  const began = Date.now();
  let lock: WriterLock | LockHolder;
  try {
    lock = await waitForLock(
      folder,
      ({ pid, done, total }) => {
        report({ phase: 'waiting', done, total, holder: pid });
        return options.wait === undefined || Date.now() - began < options.wait;
      },
      signal,
    );
  } catch (error) {
    throw explained(error, folder);
  }
  if (!isLock(lock)) return { ...emptyResult(tree), busy: lock, cancelled: signal?.aborted ?? false };
  try {
    const { anew } = options;
    if (anew && (anew === true || anew.damaged === storeIdentity(folder))) removeStore(folder);
    return await buildOrBeginAnew(options, tree, lock, folder);
  } catch (error) {
    throw explained(error, folder);
  } finally {
    lock.release();
  }
}

/** Damage that is found on the way leads to one new beginning. */
async function buildOrBeginAnew(
  options: BuildOptions,
  tree: TreeInfo,
  lock: WriterLock,
  folder: string,
): Promise<BuildResult> {
  try {
    return await build(options, tree, lock);
  } catch (error) {
    // a module's index may be whole, and the tree's not
    if (!(error instanceof IndexDamage) || error.folder !== folder) throw error;
    options.say?.(`The index in ${folder} is damaged (${error.message}). It is built anew.`);
    removeStore(folder);
    // workers that are kept still hold the old one
    const { only: _only, pool: _pool, ...whole } = options;
    return { ...(await build(whole, tree, lock)), rebuilt: true };
  }
}

async function build(options: BuildOptions, tree: TreeInfo, lock: WriterLock): Promise<BuildResult> {
  const { root, storage, architecture, signal, module } = options;
  const report = (p: Progress): void => {
    lock.tell(p);
    options.progress?.(p);
  };
  const store = openForWriting(storage, root, architecture, options.say ?? (() => {}), module);
  let pool = options.pool ?? null;
  try {
    const meta = claim(store, lock.token, newMeta(tree, architecture));
    report({ phase: 'listing', done: 0, total: 0 });
    const changes = options.only
      ? changedAmong(store, root, options.only, (path) => isLeftOutOf(options, path))
      : changedFiles(store, lock.token, root, filesOf(options));
    const base = options.only || !module ? meta.base : await stateBelow(options);
    // what a module's files are linked by has changed
    if (base !== meta.base) changes.changed = allOf(store, changes);
    const { changed, removed } = changes;
    const result = { ...emptyResult(tree), changed: changed.length, removed: removed.length };
    const unfinished = !options.only && (!meta.complete || readStale(store).size > 0);
    if (changed.length || removed.length || unfinished) {
      pool ??= newPool(
        options.workerScript,
        options.workers || defaultWorkers(),
        { root, storage, architecture, ...(module ? { module, modules: modulesOf(root) } : {}) },
        options.patience === undefined ? {} : { patience: options.patience },
      );
      const b = {
        options,
        store,
        writer: newWriter(store, lock.token, meta),
        pool,
        base,
        report,
        unreadable: result.unreadable,
        lost: result.lost,
      };
      await readChanges(b, tree, changes);
    }
    report({ phase: 'ready', done: changed.length, total: changed.length });
    return { ...result, cancelled: signal?.aborted ?? false };
  } finally {
    if (pool && !options.pool) await pool.close(signal?.aborted);
    await closeStore(store);
  }
}

const isLeftOutOf = ({ exclude, module }: BuildOptions, path: string): boolean =>
  (module !== undefined && isMade(path)) || (exclude?.(path) ?? false);

/** Paths of the files that belong into an index. */
const filesOf = ({ root, exclude, module }: BuildOptions): string[] =>
  module ? filesOfFolder(module.root, exclude).map((path) => `${module.name}/${path}`) : listFiles(root, exclude);

function newMeta(tree: TreeInfo, architecture: string): Meta {
  return {
    format: FORMAT,
    root: tree.root,
    release: tree.release,
    complete: 0,
    nextFile: 1,
    architecture,
    segments: { first: 0, next: 0 },
    totals: { files: 0, lostFiles: 0, tables: 0, registrations: 0, parsedFiles: 0, errorFiles: 0, errorBytes: 0 },
    writer: '',
    knowledge: 0,
  };
}
