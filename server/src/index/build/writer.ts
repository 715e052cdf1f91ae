/** Writes an index: files and rows in, dead rows out, all in transactions that only the holder of the lock can make. */

import type { FileRecord } from '../store/codec.ts';
import { encodeSymbols, isListed } from '../store/nameList.ts';
import { fileOfValue } from '../store/postings.ts';
import { allRows, keysOf, mergeRows, putRows, type RowsDb, rowsOf } from '../store/rows.ts';
import { type Meta, ROW_TABLES, readDead, type Store } from '../store/store.ts';
import { transact, transactInSteps } from '../store/transactions.ts';
import { areManyRecent, mergeWords, putRecentWords, putWords, takeRecentWords } from '../store/words.ts';
import type { BatchRows, FactsResult, NumberedFile } from './messages.ts';

/** Up to so many files go into the last segment instead of one of their own, and their names into a list beside the large one. */
export const FEW_FILES = 300;
/** More segments than a lookup should read, or more dead files than are worth carrying along. */
const MAX_SEGMENTS = 14;
const MAX_DEAD = 0.25;

/** Collects what workers make, and writes it down in few, large runs. */
export interface Writer {
  store: Store;
  /** of the lock: another process's changes are refused */
  token: string;
  /** what the index says of itself, once what was added is written */
  meta: Meta;
  files: FactsResult[];
  rows: BatchRows[];
  /** paths of all files that were added */
  added: Set<string>;
  /** numbers of files whose rows no longer count */
  dead: Set<number>;
  /** a commit was stopped: what is known here of segments and dead files is not what is written, so nothing more is */
  stopped: boolean;
}

/** A writer for the holder of the lock; `meta` is what the index says of itself now. */
export const newWriter = (store: Store, token: string, meta: Meta): Writer => ({
  store,
  token,
  meta,
  files: [],
  rows: [],
  added: new Set(),
  dead: readDead(store),
  stopped: false,
});

/** Gives a file a number of its own: each reading of a file gets a new one. */
export function numberFile(writer: Writer, path: string): NumberedFile {
  const id = writer.meta.nextFile;
  writer.meta = { ...writer.meta, nextFile: id + 1 };
  return { path, id };
}

/** Adds what was made of files; the next commit writes it down. */
export function addFiles(writer: Writer, files: readonly FactsResult[], rows: readonly BatchRows[]): void {
  for (const file of files) {
    writer.files.push(file);
    writer.added.add(file.path);
  }
  writer.rows.push(...rows);
}

/** Bytes of facts added since the last commit. */
export const waitingBytes = ({ files }: Writer): number =>
  files.reduce((n, f) => n + f.facts.length + (f.records?.length ?? 0) + f.words.length, 0);

/** Takes files out of the index, at once. */
export function removeFiles({ store, token, dead }: Writer, paths: readonly string[]): void {
  if (paths.length === 0) return;
  transact(store, token, () => {
    for (const path of paths) {
      const record = store.files.get(path);
      if (!record) continue;
      forget(store, record, dead);
      store.files.remove(path);
    }
    putDead(store, dead);
  });
}

/** Changes what the index says of itself, and what else belongs to it, in one transaction. */
export function updateMeta(writer: Writer, change: (meta: Meta) => Meta): void {
  transact(writer.store, writer.token, () => {
    writer.meta = change(writer.meta);
    writer.store.meta.put('meta', writer.meta);
  });
}

/** Numbers of files that a link must still look at, those that a stopped build left included. */
export function unlinkedFiles(store: Store): number[] {
  const list: number[] = [];
  for (const { value } of store.files.entries()) if (!value.linked) list.push(value.id);
  return list;
}

/**
 * Writes down what was added, unless told to stop. `linked` are files whose links are among it, `lost` those whose links
 * can't be had, and why.
 */
export async function commit(
  writer: Writer,
  signal?: AbortSignal,
  linked: readonly number[] = [],
  lost: ReadonlyMap<number, string> = new Map(),
): Promise<void> {
  const { files, rows } = writer;
  if (!files.length && !rows.length && !linked.length) return;
  writer.files = [];
  writer.rows = [];
  if (writer.stopped) return;
  files.sort((a, b) => a.id - b.id);
  const steps = () => write(writer, files, rows, linked, lost);
  writer.stopped = !(await transactInSteps(writer.store, writer.token, steps, signal));
}

/** What a commit does, in a transaction of its own. */
function* write(
  writer: Writer,
  files: readonly FactsResult[],
  rows: readonly BatchRows[],
  linked: readonly number[],
  lost: ReadonlyMap<number, string>,
): Iterable<void> {
  const { store, dead } = writer;
  const few = files.length + linked.length <= FEW_FILES;
  const before = dead.size;
  for (const file of files) {
    putFile(store, file, dead);
    yield;
  }
  for (const id of linked) {
    setLinked(store, id, lost.get(id) ?? '');
    yield;
  }
  if (few && store.blobs.get('symbols')) addNewSymbols(store, writer.meta, rows);
  const oneByOne = few && !areManyRecent(store, files.length);
  const { segment, fresh } = segmentFor(writer, oneByOne);
  for (const table of ROW_TABLES) {
    const batches = rows.map((r) => r[table]);
    yield* putRows(store[table], segment, batches, fresh);
  }
  yield* writeWords(store, segment, fresh, files, oneByOne);
  const { first, next } = writer.meta.segments;
  if (next - first > MAX_SEGMENTS || dead.size > MAX_DEAD * writer.meta.nextFile) yield* merge(writer);
  if (dead.size !== before) putDead(store, dead);
  store.meta.put('meta', writer.meta);
}

/** Words of files: of a few one by one, of many into the lists of the segment, which is a new one then. */
function* writeWords(
  store: Store,
  segment: number,
  fresh: boolean,
  files: readonly FactsResult[],
  oneByOne: boolean,
): Iterable<void> {
  const listed = oneByOne ? [] : [...takeRecentWords(store), ...files].sort((a, b) => a.id - b.id);
  if (fresh) yield* putWords(store.words, segment, listed);
  if (oneByOne) putRecentWords(store, files);
}

const putDead = (store: Store, dead: ReadonlySet<number>): void =>
  store.blobs.put('dead', [Buffer.from(Uint32Array.from(dead).buffer)]);

/** Takes a file out of the index: its rows stay where they are, dead. */
function forget(store: Store, { id }: FileRecord, dead: Set<number>): void {
  store.records.remove(id);
  store.functions.remove(id);
  store.includes.remove(id);
  store.facts.remove(id);
  store.recentWords.remove(id);
  store.paths.remove(id);
  dead.add(id);
}

function putFile(store: Store, file: FactsResult, dead: Set<number>): void {
  const known = store.files.get(file.path);
  if (known) forget(store, known, dead);
  const { id, size, mtime, hash, parsedBytes, errorBytes, parameterised, ascii, lost } = file;
  store.paths.put(id, file.path);
  const linked = !file.unlinked;
  store.files.put(file.path, { id, size, mtime, hash, parsedBytes, errorBytes, linked, parameterised, ascii, lost });
  store.facts.put(id, [file.facts], true);
  if (file.records) store.records.put(id, [file.records], true);
  if (file.functions) store.functions.put(id, [Buffer.from(file.functions, 'latin1')], true);
  if (file.includes) store.includes.put(id, [Buffer.from(file.includes, 'latin1')], true);
}

function setLinked(store: Store, id: number, lost: string): void {
  const path = store.paths.get(id);
  const record = path === undefined ? undefined : store.files.get(path);
  if (path !== undefined && record) store.files.put(path, { ...record, linked: true, lost: lost || record.lost });
}

/** The segment for what is added now. */
function segmentFor(writer: Writer, few: boolean): { segment: number; fresh: boolean } {
  const { first, next } = writer.meta.segments;
  if (few && next > first) return { segment: next - 1, fresh: false };
  writer.meta = { ...writer.meta, segments: { first, next: next + 1 } };
  return { segment: next, fresh: true };
}

/** Makes one segment of all; dead rows are gone then. */
function* merge(writer: Writer): Iterable<void> {
  const { store, dead, meta } = writer;
  const { next } = meta.segments;
  for (const table of ROW_TABLES)
    yield* mergeRows(store[table], meta.segments, next, (value) => !dead.has(fileOfValue(value)));
  yield* mergeWords(store.words, meta.segments, next, (file) => !dead.has(file));
  dead.clear();
  writer.meta = { ...writer.meta, segments: { first: next, next: next + 1 } };
}

/** Names that a few files bring along, for the fuzzy search: what the large list has needs no mention. */
function addNewSymbols(store: Store, { segments }: Meta, batches: readonly BatchRows[]): void {
  const known = store.blobs.get('newSymbols')?.toString('latin1');
  const names = new Set(known ? known.split('\n') : []);
  const before = names.size;
  for (const { names: rows } of batches)
    for (const { key, values } of keysOf(rows))
      if (values.some((v) => isListed(v)) && !names.has(key) && rowsOf(store.names, segments, key).length === 0)
        names.add(key);
  if (names.size > before) store.blobs.put('newSymbols', [Buffer.from([...names].join('\n'), 'latin1')]);
}

/** Makes the list of names for the fuzzy search. Inside a transaction. */
export function writeSymbols(store: Store, meta: Meta): void {
  const symbols = encodeSymbols(store.names, meta.segments);
  store.blobs.put('symbols', [symbols.text]);
  store.blobs.put('symbolIndex', [symbols.index]);
  store.blobs.remove('newSymbols');
}

/** Counts what the index holds. */
export function totalsOf(store: Store, { segments }: Meta): Meta['totals'] {
  const totals = { files: 0, lostFiles: 0, tables: 0, registrations: 0, parsedFiles: 0, errorFiles: 0, errorBytes: 0 };
  for (const { value } of store.files.entries()) {
    totals.files++;
    if (value.lost) totals.lostFiles++;
    if (value.parsedBytes) totals.parsedFiles++;
    if (value.errorBytes) {
      totals.errorFiles++;
      totals.errorBytes += value.errorBytes;
    }
  }
  const dead = readDead(store);
  const count = (db: RowsDb): number => {
    let n = 0;
    for (const { values } of allRows(db, segments)) for (const v of values) if (!dead.has(fileOfValue(v))) n++;
    return n;
  };
  totals.registrations = count(store.slots);
  totals.tables = count(store.tables);
  return totals;
}
