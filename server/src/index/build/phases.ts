/** The phases of a build: #defines of headers, their facts, links between them, then all other files. */
import { isHeader as isHeaderPath } from '../../kernel/layout.ts';
import type { Store } from '../store/store.ts';
import type { TreeInfo } from '../tree.ts';
import type { BuildOptions, LostFile, Progress } from './buildOptions.ts';
import {
  type Changed,
  type Changes,
  filesUsing,
  parameterisedBy,
  putShapes,
  putStale,
  readStale,
  shapesBefore,
  staleLinks,
} from './changes.ts';
import { differing, tellKnowledge } from './knowledge.ts';
import { batches, chunks, inStages, inTurn } from './order.ts';
import type { Pool } from './pool.ts';
import {
  addFiles,
  commit,
  FEW_FILES,
  numberFile,
  removeFiles,
  totalsOf,
  unlinkedFiles,
  updateMeta,
  type Writer,
  waitingBytes,
  writeSymbols,
} from './writer.ts';

/** What the phases of a build work on. */
export interface Build {
  options: BuildOptions;
  store: Store;
  writer: Writer;
  pool: Pool;
  /** see Meta */
  base: string | undefined;
  report(p: Progress): void;
  unreadable: string[];
  lost: LostFile[];
}

/** Brings what has changed into the index, phase by phase; a signal ends it between two, and what is written stays. */
export async function readChanges(b: Build, tree: TreeInfo, changes: Changes): Promise<void> {
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
  updateMeta(writer, (m) => {
    if (before) putShapes(store, before);
    return options.only ? m : { ...m, release: tree.release, complete: 0 };
  });
  const stale = await scanHeaders(b, headers, removed);
  if (stopped()) return;
  await tellKnowledge(store, b.pool, writer.meta.knowledge, options);
  // a save must not wait for all those who use a macro: the next look at the whole tree reads them
  const again = stale.size && whole ? filesUsing(store, stale, new Set(changed.map((f) => f.path))) : [];
  const all = [...changed, ...again, ...parameterisedBy(store, options.root, changed, removed)];
  removeFiles(writer, removed);
  const count = { done: writer.files.length, total: all.length };
  // the core's own headers are all that its files are linked by; an index that has sources is linked by all headers at once
  const stages = before ? [all] : inStages(all, options.architecture);
  for (const [n, stage] of stages.entries()) {
    const how = n < stages.length - 1 ? CORE : ALL;
    await readFiles(
      b,
      stage.filter((f) => isHeader(f) && !writer.added.has(f.path)),
      HEADERS,
      count,
    );
    await linkFiles(b);
    if (stopped()) return;
    const late = before ? staleLinks(store, writer.meta, before, all) : [];
    await readFiles(b, [...stage.filter((f) => !isHeader(f)), ...late], how, count);
    if (stopped()) return;
  }
  b.report({ phase: 'writing', done: count.total, total: count.total });
  updateMeta(writer, (m) => {
    if (whole) putStale(store, new Set());
    putShapes(store, null);
    if (changed.length > FEW_FILES || !store.blobs.get('symbols')) writeSymbols(store, m);
    if (options.only) return { ...m, complete: m.complete && Date.now() };
    const base = b.base === undefined ? {} : { base: b.base };
    return { ...m, ...base, release: tree.release, complete: Date.now(), totals: totalsOf(store, m) };
  });
}

/** Are files linked as they are read, and how many are read between two commits? */
interface How {
  link: boolean;
  every: number;
}

/** Commits are seldom, since each run inserted between older ones splits pages; the core's are waited for. */
const HEADERS: How = { link: false, every: 15_000 };
const CORE: How = { link: true, every: 2000 };
const ALL: How = { link: true, every: 9000 };

const isHeader = (f: Changed): boolean => isHeaderPath(f.path);

/** What a stopped build has in hand is written down where that takes no time: so many files, and bytes of their facts. */
const FEW_WAITING = 1500;
const FEW_BYTES = 6 << 20;

async function readFiles(
  b: Build,
  files: readonly Changed[],
  { link, every }: How,
  count: { done: number; total: number },
): Promise<void> {
  const { options, writer } = b;
  let committing = Promise.resolve();
  const ordered = inTurn(files, options.first ?? [], options.architecture);
  await b.pool.each(
    batches(ordered, (batch) => ({ kind: 'facts', files: batch.map((f) => numberFile(writer, f.path)), link })),
    (reply) => {
      if (reply.kind !== 'facts') return;
      b.unreadable.push(...reply.unreadable);
      for (const { path, lost } of reply.files) if (lost) b.lost.push({ path, why: lost });
      addFiles(writer, reply.files, [reply.rows]);
      count.done += reply.files.length + reply.unreadable.length;
      b.report({ phase: 'indexing', ...count });
      if (writer.files.length > every) committing = committing.then(() => commit(writer, options.signal));
      return committing;
    },
    options.signal,
  );
  await committing;
  if (!options.signal?.aborted) await commit(writer, options.signal);
  else if (writer.files.length < FEW_WAITING && waitingBytes(writer) < FEW_BYTES) await commit(writer);
}

/** Links the files that were read before the types of all headers were there, those that a stopped build left included. */
async function linkFiles(b: Build): Promise<void> {
  const { options, writer, pool, store } = b;
  if (options.signal?.aborted) return;
  await pool.all({ kind: 'refresh' });
  const unlinked = unlinkedFiles(store);
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
      addFiles(writer, [], [reply.rows]);
      done += job.files.length;
      b.report({ phase: 'linking', done, total: unlinked.length });
    },
    options.signal,
  );
  if (options.signal?.aborted) return;
  await commit(writer, options.signal, unlinked, lost);
  for (const [file, why] of lost) b.lost.push({ path: store.paths.get(file) ?? '?', why });
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
    batches(headers, (files) => ({ kind: 'scan', files: files.map((f) => numberFile(writer, f.path)) })),
    (reply) => {
      if (reply.kind !== 'scan') return;
      for (const file of reply.files) {
        scanned.push([file.path, Buffer.from(file.macros)]);
        if (!file.facts) continue;
        addFiles(writer, [file.facts], []);
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
  updateMeta(writer, (meta) => {
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
