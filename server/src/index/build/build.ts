/**
 * Building and updating an index. Headers come first (their #defines, then their facts), so that every C file is
 * linked against complete types in the same visit; C files come in the order in which they are likely to be asked for.
 * Everything is committed stage by stage: what a kill leaves is a shorter index, not a broken one. One process writes
 * at a time (writerLock.ts); an index that turns out to be damaged is begun anew.
 */

import { IndexDamage } from '../store/checked.ts';
import { decodeMacros } from '../store/codec.ts';
import { explained } from '../store/storageError.ts';
import {
  claim,
  closeStore,
  FORMAT,
  type Meta,
  openForReading,
  openForWriting,
  removeStore,
  type Store,
  storeFolder,
  storeIdentity,
} from '../store/store.ts';
import { isLock, type LockHolder, type WriterLock, waitForLock } from '../store/writerLock.ts';
import { readTree, type TreeInfo } from '../tree.ts';
import {
  type Changed,
  type Changes,
  changedAmong,
  changedFiles,
  filesUsing,
  parameterisedBy,
  putShapes,
  putStale,
  readStale,
  shapesBefore,
  staleLinks,
} from './changes.ts';
import { batches, chunks, inOrder } from './order.ts';
import { defaultWorkers, newPool, type Pool } from './pool.ts';
import type { WorkerJob } from './worker.ts';
import { FEW_FILES, newWriter, totalsOf, type Writer, writeSymbols } from './writer.ts';

export interface Progress {
  /** `waiting`: another process writes this index; the numbers are its own */
  phase: 'waiting' | 'listing' | 'scanning' | 'indexing' | 'linking' | 'writing' | 'ready';
  done: number;
  total: number;
  /** number of the process that is waited for */
  holder?: number;
}

export interface BuildOptions {
  root: string;
  storage: string;
  architecture: string;
  /** path of the bundled worker script */
  workerScript: string;
  workers?: number;
  /** files and folders (relative, with a trailing slash) to leave out */
  exclude?: (path: string) => boolean;
  /** files or folders to index first */
  first?: string[];
  /** only these files have changed; without it the whole tree is compared */
  only?: string[];
  /** throw away what is there: always, or the one of this identity (see `storeIdentity`), which is damaged */
  anew?: true | { damaged: number };
  /** how long to wait for another process that writes this index, in ms; without it: to its end */
  wait?: number;
  /** how long one file may take, in ms; without it: two minutes */
  patience?: number;
  progress?: (p: Progress) => void;
  signal?: AbortSignal;
  say?: (message: string) => void;
  /** workers to use, kept by the caller between updates */
  pool?: Pool;
}

/** A file that could not be read to its end, and why. */
export interface LostFile {
  path: string;
  why: string;
}

export interface BuildResult {
  tree: TreeInfo;
  changed: number;
  removed: number;
  unreadable: string[];
  lost: LostFile[];
  cancelled: boolean;
  /** who writes the index, where that was not waited for: then nothing was done */
  busy: LockHolder | null;
  /** the index was damaged, and was begun anew */
  rebuilt: boolean;
}

/** What the phases of a build work on. */
interface Build {
  options: BuildOptions;
  store: Store;
  writer: Writer;
  pool: Pool;
  report(p: Progress): void;
  unreadable: string[];
  lost: LostFile[];
}

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
  const folder = storeFolder(storage, root, architecture);
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
    if (!(error instanceof IndexDamage)) throw error;
    options.say?.(`The index in ${folder} is damaged (${error.message}). It is built anew.`);
    removeStore(folder);
    // workers that are kept still hold the old one
    const { only: _only, pool: _pool, ...whole } = options;
    return { ...(await build(whole, tree, lock)), rebuilt: true };
  }
}

async function build(options: BuildOptions, tree: TreeInfo, lock: WriterLock): Promise<BuildResult> {
  const { root, storage, architecture, signal } = options;
  const report = (p: Progress): void => {
    lock.tell(p);
    options.progress?.(p);
  };
  const store = openForWriting(storage, root, architecture, options.say ?? (() => {}));
  let pool = options.pool ?? null;
  try {
    const meta = claim(store, lock.token, newMeta(tree, architecture));
    report({ phase: 'listing', done: 0, total: 0 });
    const changes = options.only
      ? changedAmong(store, root, options.only, options.exclude)
      : changedFiles(store, lock.token, root, options.exclude);
    const { changed, removed } = changes;
    const result = { ...emptyResult(tree), changed: changed.length, removed: removed.length };
    const unfinished = !options.only && (!meta.complete || readStale(store).size > 0);
    if (changed.length || removed.length || unfinished) {
      pool ??= newPool(
        options.workerScript,
        options.workers || defaultWorkers(),
        { root, storage, architecture },
        options.patience === undefined ? {} : { patience: options.patience },
      );
      const b: Build = {
        options,
        store,
        writer: newWriter(store, lock.token, meta),
        pool,
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

async function readChanges(b: Build, tree: TreeInfo, changes: Changes): Promise<void> {
  const { options, store, writer } = b;
  const { changed, removed } = changes;
  const stopped = (): boolean => options.signal?.aborted ?? false;
  // an update of a few files by workers that are kept; else the whole tree is looked at
  const whole = !options.pool;
  const headers = changed.filter(isHeader);
  const before = changes.hasSources
    ? shapesBefore(
        store,
        headers.map((f) => f.path),
      )
    : null;
  // until the end a whole update counts as incomplete
  writer.update((m) => {
    if (before) putShapes(store, before);
    return options.only ? m : { ...m, release: tree.release, complete: 0 };
  });
  const stale = await scanHeaders(b, headers, removed);
  if (stopped()) return;
  await tellKnowledge(b);
  // a save must not wait for all those who use a macro: the next look at the whole tree reads them
  const again = stale.size && whole ? filesUsing(store, stale, new Set(changed.map((f) => f.path))) : [];
  const all = [...changed, ...again, ...parameterisedBy(store, options.root, changed, removed)];
  writer.remove(removed);
  const count = { done: writer.waiting(), total: all.length };
  await readFiles(
    b,
    all.filter((f) => isHeader(f) && !writer.has(f.path)),
    false,
    count,
  );
  await linkFiles(b);
  if (stopped()) return;
  const late = before ? staleLinks(store, writer.meta(), before, all) : [];
  await readFiles(b, [...all.filter((f) => !isHeader(f)), ...late], true, count);
  if (stopped()) return;
  b.report({ phase: 'writing', done: count.total, total: count.total });
  writer.update((m) => {
    if (whole) putStale(store, new Set());
    putShapes(store, null);
    if (changed.length > FEW_FILES || !store.blobs.get('symbols')) writeSymbols(store, m);
    if (options.only) return { ...m, complete: m.complete && Date.now() };
    return { ...m, release: tree.release, complete: Date.now(), totals: totalsOf(store, m) };
  });
}

const isHeader = (f: Changed): boolean => f.path.endsWith('.h');

/** What a stopped build has in hand is written down where that takes no time: so many files, and bytes of their facts. */
const FEW_WAITING = 1500;
const FEW_BYTES = 6 << 20;

async function readFiles(
  b: Build,
  files: readonly Changed[],
  link: boolean,
  count: { done: number; total: number },
): Promise<void> {
  const { options, writer } = b;
  let committing = Promise.resolve();
  const every = link ? COMMIT_EVERY : COMMIT_HEADERS_EVERY;
  const ordered = inOrder(files, options.first ?? [], options.architecture);
  await b.pool.each(
    batches(ordered, (batch) => ({ kind: 'facts', files: batch.map((f) => writer.number(f.path)), link })),
    (reply) => {
      if (reply.kind !== 'facts') return;
      b.unreadable.push(...reply.unreadable);
      for (const { path, lost } of reply.files) if (lost) b.lost.push({ path, why: lost });
      writer.add(reply.files, [reply.rows]);
      count.done += reply.files.length + reply.unreadable.length;
      b.report({ phase: 'indexing', ...count });
      if (writer.waiting() > every) committing = committing.then(() => writer.commit(options.signal));
      return committing;
    },
    options.signal,
  );
  await committing;
  if (!options.signal?.aborted) await writer.commit(options.signal);
  else if (writer.waiting() < FEW_WAITING && writer.waitingBytes() < FEW_BYTES) await writer.commit();
}

/** Links the files that were read before the types of all headers were there, those that a stopped build left included. */
async function linkFiles(b: Build): Promise<void> {
  const { options, writer, pool, store } = b;
  if (options.signal?.aborted) return;
  await pool.all({ kind: 'refresh' });
  const unlinked = writer.unlinked();
  if (unlinked.length === 0) return;
  const lost = new Map<number, string>();
  pool.lostLinks = (file, why) => lost.set(file, why);
  let done = 0;
  b.report({ phase: 'linking', done, total: unlinked.length });
  await pool.each(
    chunks(unlinked, 60).map((files) => ({ kind: 'link' as const, files })),
    (reply, job) => {
      if (reply.kind !== 'link' || job.kind !== 'link') return;
      for (const [file, why] of reply.lost) lost.set(file, why);
      writer.add([], [reply.rows]);
      done += job.files.length;
      b.report({ phase: 'linking', done, total: unlinked.length });
    },
    options.signal,
  );
  if (options.signal?.aborted) return;
  await writer.commit(options.signal, unlinked, lost);
  for (const [file, why] of lost) b.lost.push({ path: store.paths.get(file) ?? '?', why });
}

/** Tells workers the tree's macros, unless that is what they were told last. */
async function tellKnowledge({ store, pool, writer, options }: Build): Promise<void> {
  if (options.signal?.aborted) return;
  const knowledge = (): WorkerJob => ({ kind: 'knowledge', macros: knowledgeOf(store) });
  pool.restore = knowledge;
  const now = `${storeIdentity(store.folder)} ${writer.meta().knowledge}`;
  if (poolKnows.get(pool) === now) return;
  await pool.all(knowledge());
  poolKnows.set(pool, now);
}

/** Starts workers and tells them the tree's macros, ahead of an update of a few files. Nothing happens without an index. */
export async function prepare(
  pool: Pool,
  { root, storage, architecture }: Pick<BuildOptions, 'root' | 'storage' | 'architecture'>,
): Promise<void> {
  if (poolKnows.has(pool)) return;
  const store = openForReading(storage, root, architecture);
  if (!store) return;
  try {
    const version = store.meta.get('meta')?.knowledge ?? 0;
    await pool.all({ kind: 'knowledge', macros: knowledgeOf(store) });
    poolKnows.set(pool, `${storeIdentity(store.folder)} ${version}`);
  } finally {
    await closeStore(store);
  }
}

/** Files between two commits: seldom, since each run inserted between older ones splits pages. */
const COMMIT_EVERY = 9000;
const COMMIT_HEADERS_EVERY = 15_000;

/** Which state of the tree's macros the workers of a pool were told: index and count. */
const poolKnows = new WeakMap<Pool, string>();

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

/**
 * Learns the #defines of changed headers. Returns what has changed behind the back of files that were not read again
 * since: names whose definitions differ, and headers that list other macro calls than before.
 */
async function scanHeaders(
  b: Build,
  headers: readonly Changed[],
  removed: readonly string[],
): Promise<ReadonlySet<string>> {
  const { store, writer, pool } = b;
  let done = 0;
  const scanned: [string, Buffer][] = [];
  await pool.each(
    batches(headers, (files) => ({ kind: 'scan', files: files.map((f) => writer.number(f.path)) })),
    (reply) => {
      if (reply.kind !== 'scan') return;
      for (const file of reply.files) {
        scanned.push([file.path, Buffer.from(file.macros)]);
        if (!file.facts) continue;
        writer.add([file.facts], []);
        if (file.facts.lost) b.lost.push({ path: file.path, why: file.facts.lost });
      }
      done += reply.files.length;
      if (!b.options.pool) b.report({ phase: 'scanning', done, total: headers.length });
    },
    b.options.signal,
  );
  const stale = readStale(store);
  if (b.options.signal?.aborted) return stale;
  // the first time, there is nothing to compare with
  const compared = store.macros.entryCount() > 0;
  writer.update((meta) => {
    const known = stale.size;
    let same = compared;
    for (const [path, macros] of scanned) {
      const before = store.macros.get(path);
      if (before?.equals(macros)) continue;
      if (compared) for (const name of differing(path, before, macros)) stale.add(name);
      store.macros.put(path, [macros]);
    }
    for (const path of removed) {
      const before = store.macros.get(path);
      if (!before) continue;
      for (const name of differing(path, before, undefined)) stale.add(name);
      store.macros.remove(path);
      same = false;
    }
    if (stale.size !== known) {
      putStale(store, stale);
      same = false;
    }
    return same ? meta : { ...meta, knowledge: meta.knowledge + 1 };
  });
  return stale;
}

/** Names of macros that a header defines otherwise than before, and its own name where the calls that it lists differ. */
function differing(path: string, before: Buffer | undefined, now: Buffer | undefined): Set<string> {
  const out = new Set<string>();
  const [a, b] = [before, now].map((bytes) => (bytes ? decodeMacros(bytes) : null));
  if (a?.template !== b?.template) out.add(path.slice(path.lastIndexOf('/') + 1));
  const [old, next] = [a, b].map(
    (header) =>
      new Map(
        (header?.macros ?? []).map((m) => [`${m.name} ${m.condition ?? ''}`, `${m.params?.join() ?? ''} ${m.body}`]),
      ),
  );
  for (const [key, value] of next) if (old.get(key) !== value) out.add(key.split(' ', 1)[0]);
  for (const key of old.keys()) if (!next.has(key)) out.add(key.split(' ', 1)[0]);
  return out;
}

function knowledgeOf(store: Store): Buffer[] {
  const out: Buffer[] = [];
  for (const { value } of store.macros.entries()) out.push(Buffer.from(value));
  return out;
}
