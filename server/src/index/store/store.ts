/**
 * The index of one tree on disk, in LMDB: prebuilt for every platform, crash-safe, read by several processes at once
 * (editor and CLI) without loading it, and small updates stay small. One folder per tree, outside the tree.
 */

import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, userInfo } from 'node:os';
import { basename, isAbsolute, join, parse } from 'node:path';
import type { RootDatabase } from 'lmdb';
import type { Module } from '../modules/mounts.ts';
import {
  IndexDamage,
  type ObjectDb,
  objectDb,
  reading,
  type Sum,
  type Sums,
  type ValueDb,
  valueDb,
} from './checked.ts';
import { decodeFileRecord, encodeFileRecord, type FileRecord } from './codec.ts';
import { makeFolder } from './folders.ts';
import { checkPages, checkTop, type PageGuard, pageGuard } from './pages.ts';
import { type RowsDb, type Segments, segmentOf } from './rows.ts';
import { explained, freeBytes, LOW_SPACE } from './storageError.ts';

/** esbuild bundles to CommonJS, where `require` is; tests run as ES modules. */
const load = typeof require === 'function' ? require : createRequire(import.meta.url);

/** Changes whenever what is stored changes its shape or meaning: an index of another version is built anew. */
export const FORMAT = 28;

/** What the index says of itself. */
export interface Meta {
  format: number;
  root: string;
  release: string | null;
  /** every file of the tree is in, at this time (ms since 1970); 0 while a build has not ended */
  complete: number;
  nextFile: number;
  architecture: string;
  /** segments of the tables of rows */
  segments: Segments;
  totals: Totals;
  /** token of the process that writes, or wrote last: another one's changes are refused */
  writer: string;
  /** grows with every change of the headers' #defines: workers that were told of another state are told again */
  knowledge: number;
  /** of a module's index: the state of the tree's that it was linked by, and where the module looks for headers */
  base?: string;
}

/** Counts over the whole index, for status and summary. */
export interface Totals {
  files: number;
  /** files that could not be read at all, or whose links could not be made */
  lostFiles: number;
  tables: number;
  registrations: number;
  parsedFiles: number;
  errorFiles: number;
  errorBytes: number;
}

/** Tables that are kept in buckets of rows (see rows.ts), each filled by every batch of files. */
export const ROW_TABLES = ['names', 'slots', 'targets', 'tables', 'sites', 'callers', 'flows'] as const;

/** Name of such a table. */
export type RowTable = (typeof ROW_TABLES)[number];

/** An open index: its tables. */
export interface Store {
  folder: string;
  root: RootDatabase;
  meta: ObjectDb<string, Meta>;
  /** path -> record */
  files: ObjectDb<string, FileRecord>;
  /** id -> path */
  paths: ObjectDb<number, string>;
  /** file id -> encoded facts, without records */
  facts: ValueDb<number>;
  /** file id -> its encoded records, where it has any */
  records: ValueDb<number>;
  /** file id -> names of its functions, a line each, where it has any */
  functions: ValueDb<number>;
  /** file id -> its #includes as written, a line each, where it has any */
  includes: ValueDb<number>;
  /** name -> where it is defined */
  names: RowsDb;
  /** `struct.member` -> registrations */
  slots: RowsDb;
  /** function or table name -> file and slot of its registrations */
  targets: RowsDb;
  /** struct tag -> its tables */
  tables: RowsDb;
  /** `struct.member` -> dispatch sites */
  sites: RowsDb;
  /** function or macro -> who calls it by its name */
  callers: RowsDb;
  /** end of a function pointer's way -> its steps from there, or to there */
  flows: RowsDb;
  /** word -> the files that hold it (see words.ts) */
  words: RowsDb;
  /** file id -> its words, where it was read since the last large update */
  recentWords: ValueDb<number>;
  /** header path -> encoded #defines */
  macros: ValueDb<string>;
  /** the list of names for fuzzy search; the numbers of files whose rows are dead */
  blobs: ValueDb<string>;
  /** all tables but `meta`, which holds the sums of the others */
  summed: readonly ValueDb<string | number>[];
  guard: PageGuard;
  sums: Sums;
  readSums(): Sums;
  writeSums(): void;
}

/** Hash of a file's bytes, as `FileRecord.hash` holds it. */
export const hashOf = (bytes: Buffer): string => createHash('sha1').update(bytes).digest('base64');

/** Numbers of files whose rows no longer count. */
export function readDead(store: Pick<Store, 'blobs'>): Set<number> {
  const bytes = store.blobs.get('dead');
  return new Set(bytes ? new Uint32Array(new Uint8Array(bytes).buffer) : []);
}

/**
 * Where indexes live when nobody says otherwise: `$XDG_CACHE_HOME/kerntrail`, else `~/.cache/kerntrail`. Never a place
 * that depends on the current folder.
 */
export function defaultStorage(): string {
  const { KERNTRAIL_CACHE, LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (KERNTRAIL_CACHE && isAbsolute(KERNTRAIL_CACHE)) return KERNTRAIL_CACHE;
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'kerntrail');
  if (XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)) return join(XDG_CACHE_HOME, 'kerntrail');
  return join(homeFolder(), '.cache', 'kerntrail');
}

/** The home folder: what HOME says, the user's own where that is no folder's full path, else the root. */
function homeFolder(): string {
  const home = homedir();
  if (isAbsolute(home)) return home;
  try {
    // not asked of HOME, but of the list of users
    const { homedir: own } = userInfo();
    if (isAbsolute(own)) return own;
  } catch {
    // a number without a user, as containers have it
  }
  return parse(process.execPath).root;
}

/**
 * Folder of a tree's index: the tree's own name, to recognise it, a hash of its path, to tell trees apart, and the
 * architecture, as what a file holds depends on the macros in view. A module beside the tree has one of its own, for each
 * tree that it is read with.
 */
export function storeFolder(storage: string, root: string, architecture: string, module?: Module): string {
  const hash = createHash('sha256').update(ownerOf(root, module)).digest('hex').slice(0, 12);
  const safe = (name: string) => name.replace(/[^\w.-]/g, '_').slice(0, 80);
  return join(storage, `${safe(basename(module?.root ?? root)) || 'tree'}-${hash}-${safe(architecture)}`);
}

/** Whose index it is, as its folder says. */
const ownerOf = (root: string, module: Module | undefined): string =>
  module ? `${module.name} in ${module.root}, beside ${root}` : root;

const dataPath = (folder: string): string => join(folder, 'data.mdb');

/** Tells one building of an index from the next in the same folder; 0 where there is none. */
export function storeIdentity(folder: string): number {
  try {
    return statSync(dataPath(folder)).ino;
  } catch {
    return 0;
  }
}

/** Why an index is another's than this version's of this tree, or null where it is that. */
function foreign(folder: string, root: string): string | null {
  try {
    const { format, root: of } = JSON.parse(readFileSync(join(folder, 'kerntrail.json'), 'utf8')) as {
      format?: unknown;
      root?: unknown;
    };
    if (format !== FORMAT)
      return `it was written by another version of Kerntrail (format ${String(format)}, this one writes ${FORMAT})`;
    return of === root ? null : `it belongs to another tree (${String(of)})`;
  } catch {
    return 'it has no readable kerntrail.json';
  }
}

/** What is wrong with the top of an index's file, or null. */
function damageAtTop(folder: string): string | null {
  try {
    checkTop(dataPath(folder));
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why an existing index can't be used, or null where it can. */
const unusable = (folder: string, root: string): string | null => foreign(folder, root) ?? damageAtTop(folder);

/** What keeps the index of a tree from being opened at all; null where nothing does, or there is none of this version. */
export function damageToOpen(storage: string, root: string, architecture: string): string | null {
  const folder = storeFolder(storage, root, architecture);
  return existsSync(dataPath(folder)) && foreign(folder, root) === null ? damageAtTop(folder) : null;
}

/**
 * Opens the index of a tree for reading; null where there is none, or only one that must be built anew. Throws
 * IndexDamage where it is not whole, as far as a look at its tables tells.
 */
export function openForReading(storage: string, root: string, architecture: string, module?: Module): Store | null {
  const folder = storeFolder(storage, root, architecture, module);
  if (!existsSync(dataPath(folder)) || unusable(folder, ownerOf(root, module))) return null;
  const store = reading(folder, () => openDatabases(folder, true));
  // the marker is written first: a build may have been stopped before there was anything to read
  if (!store) return null;
  try {
    checkCounts(store);
    return store;
  } catch (error) {
    void closeStore(store);
    throw error;
  }
}

/**
 * Opens the index of a tree for writing, and makes it when there is none. The caller holds the writer's lock. One
 * that is damaged, foreign, or of another version is thrown away; `say` is told so in words for the user.
 */
export function openForWriting(
  storage: string,
  root: string,
  architecture: string,
  say: (message: string) => void,
  module?: Module,
): Store {
  const folder = storeFolder(storage, root, architecture, module);
  const owner = ownerOf(root, module);
  const why = existsSync(dataPath(folder)) ? unusable(folder, owner) : null;
  if (why) {
    say(`The index in ${folder} can't be used: ${why}. It is built anew.`);
    removeStore(folder);
  }
  makeFolder(folder);
  if (freeBytes(folder) < LOW_SPACE) throw explained({ code: 'ENOSPC', message: '' }, folder);
  reserve(folder);
  writeMarker(folder, owner);
  const store = openDatabases(folder, false);
  if (!store) throw new Error(`the index in ${folder} could not be opened`);
  try {
    checkCounts(store);
  } catch (error) {
    void closeStore(store);
    throw error;
  }
  return store;
}

/** Removes an index. The caller holds the writer's lock. */
export const removeStore = (folder: string): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });

/** Lets go of an index. */
export const closeStore = async (store: Store): Promise<void> => {
  store.guard.close();
  try {
    await store.root.close();
  } catch {
    // what a full disk has kept it from writing it can't write now either
  }
};

/** In one step: whoever reads finds the old or the new one. */
function writeMarker(folder: string, root: string): void {
  const marker = join(folder, 'kerntrail.json');
  writeFileSync(`${marker}.new`, `${JSON.stringify({ format: FORMAT, root })}\n`);
  renameSync(`${marker}.new`, marker);
}

const LOCK_BYTES = 1 << 16;

/** Writes the store's table of readers before it is mapped: on a full disk a mapped file without blocks kills the process. */
function reserve(folder: string): void {
  const path = join(folder, 'lock.mdb');
  if (existsSync(path)) return;
  const file = openSync(path, 'wx');
  try {
    writeSync(file, Buffer.alloc(LOCK_BYTES));
  } finally {
    closeSync(file);
  }
}

/** Holds the number of entries that each table has against the number that were written. Throws IndexDamage. */
function checkCounts(store: Store): void {
  const sums = store.readSums();
  for (const db of store.summed) {
    let expected = 0;
    for (const [part, { count }] of sums) if (part.startsWith(`${db.name} `)) expected += count;
    const found = db.entryCount();
    if (found !== expected)
      throw new IndexDamage(`its table '${db.name}' has ${found} entries, and ${expected} were written`, store.folder);
  }
}

const encodeText = (text: string): Buffer => Buffer.from(text, 'utf8');
const decodeText = (bytes: Buffer): string => bytes.toString('utf8');

/** What the library brings and does not declare: the bytes of a key. */
interface KeyEncoder {
  keyValueToBuffer(key: string): Buffer;
}

/** Null where the file is there and has no tables yet. */
function openDatabases(folder: string, readOnly: boolean): Store | null {
  // loaded here: without an index, the first answer does not wait for it
  const { keyValueToBuffer, open } = load('lmdb') as typeof import('lmdb') & KeyEncoder;
  const root = open({
    path: folder,
    maxDbs: 20,
    readOnly,
    mapSize: 2 ** 34,
    noSubdir: false,
    noMemInit: true,
    // values of one or two KB fill pages of 4 KB badly: an eighth of the index is saved
    pageSize: 16384,
  });
  const guard = pageGuard(dataPath(folder));
  const sums: Sums = new Map();
  const summed: ValueDb<string | number>[] = [];
  const binary = { encoding: 'binary' as const };
  const table = <K extends string | number>(
    name: string,
    options: { compression?: boolean; byNumber?: boolean } = {},
    partOf?: (key: K) => number,
  ): ValueDb<K> => {
    const { compression = false, byNumber = false } = options;
    const keys = byNumber ? { keyEncoding: 'uint32' as const } : {};
    // the sums are kept in one of the tables: what it holds itself is not among them
    const isSummed = name !== 'meta';
    const into: Sums = isSummed ? sums : new Map();
    const opened = root.openDB<Buffer, K>({ name, ...binary, ...keys, compression });
    const db = valueDb<K>(folder, name, opened, into, partOf, {
      atAll: () => checkPages(dataPath(folder), [name]),
      at: (key, aside) => guard.lookAt(name, typeof key === 'number' ? key : keyValueToBuffer(key), aside),
    });
    if (isSummed) summed.push(db as ValueDb<string | number>);
    return db;
  };
  // compressed: names and paths in them repeat, and a page that is not read costs nothing
  const numbered = { compression: true, byNumber: true };
  const rows = (name: string): RowsDb => table<number>(name, numbered, segmentOf);
  const own = table<string>('meta');
  const readSums = (): Sums => {
    const bytes = own.get('sums');
    return new Map(bytes ? (JSON.parse(decodeText(bytes)) as [string, Sum][]) : []);
  };
  const store: Store = {
    folder,
    root,
    meta: objectDb<string, Meta>(
      own,
      (meta) => encodeText(JSON.stringify(meta)),
      (b) => JSON.parse(decodeText(b)) as Meta,
    ),
    files: objectDb(table<string>('files'), encodeFileRecord, decodeFileRecord),
    paths: objectDb(table<number>('paths', { byNumber: true }), encodeText, decodeText),
    facts: table<number>('facts', { byNumber: true }),
    records: table<number>('records', numbered),
    functions: table<number>('functions', numbered),
    includes: table<number>('includes', numbered),
    names: rows('names'),
    slots: rows('slots'),
    targets: rows('targets'),
    tables: rows('tables'),
    sites: rows('sites'),
    callers: rows('callers'),
    flows: rows('flows'),
    // packed already
    words: table<number>('words', { byNumber: true }, segmentOf),
    recentWords: table<number>('recentWords', { byNumber: true }),
    macros: table<string>('macros', { compression: true }),
    blobs: table<string>('blobs'),
    summed,
    guard,
    sums,
    readSums,
    writeSums: () => own.put('sums', [encodeText(JSON.stringify([...sums]))]),
  };
  for (const [part, sum] of readSums()) sums.set(part, sum);
  return store;
}
