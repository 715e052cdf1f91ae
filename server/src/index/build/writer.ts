/** Writes an index: files and rows in, dead rows out, all in transactions that only the holder of the lock can make. */

import { encodeSymbols, isListed } from '../store/nameList.ts';
import { fileOfValue } from '../store/postings.ts';
import { allRows, keysOf, mergeRows, putRows, type RowsDb, rowsOf } from '../store/rows.ts';
import { type FileRecord, type Meta, readDead, type Store, transact, transactInSteps } from '../store/store.ts';
import type { BatchRows, FactsResult, NumberedFile } from './worker.ts';

/** Up to so many files go into the last segment instead of one of their own, and their names into a list beside the large one. */
export const FEW_FILES = 300;
/** More segments than a lookup should read, or more dead files than are worth carrying along. */
const MAX_SEGMENTS = 14;
const MAX_DEAD = 0.25;

/** Collects what workers make, and writes it down in few, large runs. */
export interface Writer {
  /** a file with a number of its own: each reading of a file gets a new one */
  number(path: string): NumberedFile;
  add(files: readonly FactsResult[], rows: readonly BatchRows[]): void;
  remove(paths: readonly string[]): void;
  /** is the file among those added? */
  has(path: string): boolean;
  /** files added since the last commit */
  waiting(): number;
  /** bytes of facts added since the last commit */
  waitingBytes(): number;
  /** writes down what was added, unless told to stop; `linked` are files whose links are among it, `lost` those whose links can't be had */
  commit(signal?: AbortSignal, linked?: readonly number[], lost?: ReadonlyMap<number, string>): Promise<void>;
  /** changes what the index says of itself, and what else belongs to it, in one transaction */
  update(change: (meta: Meta) => Meta): void;
  /** files that a link must still look at, those that a stopped build left included */
  unlinked(): number[];
  meta(): Meta;
}

/** Takes a file out of the index: its rows stay where they are, dead. */
function forget(store: Store, { id }: FileRecord, dead: Set<number>): void {
  store.records.remove(id);
  store.functions.remove(id);
  store.facts.remove(id);
  store.paths.remove(id);
  dead.add(id);
}

const tablesOfRows = (store: Store): [keyof BatchRows, RowsDb][] => [
  ['names', store.names],
  ['slots', store.slots],
  ['targets', store.targets],
  ['tables', store.tables],
  ['sites', store.sites],
  ['callers', store.callers],
  ['flows', store.flows],
];

/** A writer for the holder of the lock; `start` is what the index says of itself now. */
export function newWriter(store: Store, token: string, start: Meta): Writer {
  let meta = start;
  let files: FactsResult[] = [];
  let rows: BatchRows[] = [];
  let stopped = false;
  const added = new Set<string>();
  const dead = readDead(store);
  const putDead = () => store.blobs.put('dead', [Buffer.from(Uint32Array.from(dead).buffer)]);
  const putFile = (file: FactsResult) => {
    const known = store.files.get(file.path);
    if (known) forget(store, known, dead);
    const { id, size, mtime, hash, parsedBytes, errorBytes, parameterised, lost } = file;
    store.paths.put(id, file.path);
    const linked = !file.unlinked;
    store.files.put(file.path, { id, size, mtime, hash, parsedBytes, errorBytes, linked, parameterised, lost });
    store.facts.put(id, [file.facts], true);
    if (file.records) store.records.put(id, [file.records], true);
    if (file.functions) store.functions.put(id, [Buffer.from(file.functions, 'latin1')], true);
  };
  const setLinked = (id: number, lost: string) => {
    const path = store.paths.get(id);
    const record = path === undefined ? undefined : store.files.get(path);
    if (path !== undefined && record) store.files.put(path, { ...record, linked: true, lost: lost || record.lost });
  };
  /** The segment for what is added now. */
  const segmentFor = (few: boolean): { segment: number; fresh: boolean } => {
    const { first, next } = meta.segments;
    if (few && next > first) return { segment: next - 1, fresh: false };
    meta = { ...meta, segments: { first, next: next + 1 } };
    return { segment: next, fresh: true };
  };
  function* merge(): Iterable<void> {
    const { next } = meta.segments;
    for (const [, db] of tablesOfRows(store))
      yield* mergeRows(db, meta.segments, next, (value) => !dead.has(fileOfValue(value)));
    dead.clear();
    meta = { ...meta, segments: { first: next, next: next + 1 } };
  }
  /** What a commit does, in a transaction of its own. */
  function* write(
    newFiles: readonly FactsResult[],
    newRows: readonly BatchRows[],
    linked: readonly number[],
    lost: ReadonlyMap<number, string>,
  ): Iterable<void> {
    const few = newFiles.length + linked.length <= FEW_FILES;
    const before = dead.size;
    for (const file of newFiles) {
      putFile(file);
      yield;
    }
    for (const id of linked) {
      setLinked(id, lost.get(id) ?? '');
      yield;
    }
    if (few && store.blobs.get('symbols')) addNewSymbols(store, meta, newRows);
    const { segment, fresh } = segmentFor(few);
    for (const [name, db] of tablesOfRows(store)) {
      const batches = newRows.map((r) => r[name]);
      yield* putRows(db, segment, batches, fresh);
    }
    const { first, next } = meta.segments;
    if (next - first > MAX_SEGMENTS || dead.size > MAX_DEAD * meta.nextFile) yield* merge();
    if (dead.size !== before) putDead();
    store.meta.put('meta', meta);
  }
  return {
    number(path) {
      const id = meta.nextFile;
      meta = { ...meta, nextFile: id + 1 };
      return { path, id };
    },
    add(more, moreRows) {
      for (const file of more) {
        files.push(file);
        added.add(file.path);
      }
      rows.push(...moreRows);
    },
    has: (path) => added.has(path),
    remove(paths) {
      if (paths.length === 0) return;
      transact(store, token, () => {
        for (const path of paths) {
          const record = store.files.get(path);
          if (!record) continue;
          forget(store, record, dead);
          store.files.remove(path);
        }
        putDead();
      });
    },
    waiting: () => files.length,
    waitingBytes: () => files.reduce((n, f) => n + f.facts.length + (f.records?.length ?? 0), 0),
    update(change) {
      transact(store, token, () => {
        meta = change(meta);
        store.meta.put('meta', meta);
      });
    },
    async commit(signal, linked = [], lost = new Map()) {
      if (!files.length && !rows.length && !linked.length) return;
      const newFiles = files.sort((a, b) => a.id - b.id);
      const newRows = rows;
      files = [];
      rows = [];
      if (stopped) return;
      // what is known here of segments and dead files is not what is written then: nothing more is
      stopped = !(await transactInSteps(store, token, () => write(newFiles, newRows, linked, lost), signal));
    },
    unlinked() {
      const list: number[] = [];
      for (const { value } of store.files.entries()) if (!value.linked) list.push(value.id);
      return list;
    },
    meta: () => meta,
  };
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
