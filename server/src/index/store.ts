/**
 * The index of one tree on disk, in LMDB: prebuilt for every platform, crash-safe, read by several processes at once
 * (editor and CLI) without loading it, and small updates stay small. One folder per tree, outside the tree.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, userInfo } from 'node:os';
import { basename, isAbsolute, join, parse } from 'node:path';
import type { Database, RootDatabase } from 'lmdb';
import type { RowsDb, Segments } from './rows.ts';

/** esbuild bundles to CommonJS, where `require` is; tests run as ES modules. */
const load = typeof require === 'function' ? require : createRequire(import.meta.url);

/** Changes whenever what is stored changes its shape or meaning: an index of another version is built anew. */
export const FORMAT = 21;

export interface FileRecord {
  id: number;
  size: number;
  mtime: number;
  /** hash of the bytes */
  hash: string;
  /** what the parser got and could not read */
  parsedBytes: number;
  errorBytes: number;
  /** false while its registrations wait for the types of headers that were read after it */
  linked: boolean;
  /** a header that depends on the #defines of the C files beside it, which #include it */
  parameterised: boolean;
}

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
}

export interface Totals {
  files: number;
  tables: number;
  registrations: number;
  parsedFiles: number;
  errorFiles: number;
  errorBytes: number;
}

export interface Store {
  folder: string;
  root: RootDatabase;
  meta: Database<Meta, string>;
  /** path -> record */
  files: Database<FileRecord, string>;
  /** id -> path */
  paths: Database<string, number>;
  /** file id -> encoded facts, without records */
  facts: Database<Buffer, number>;
  /** file id -> its encoded records, where it has any */
  records: Database<Buffer, number>;
  /** file id -> names of its functions, a line each, where it has any */
  functions: Database<Buffer, number>;
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
  /** header path -> encoded #defines */
  macros: Database<Buffer, string>;
  /** the list of names for fuzzy search; the numbers of files whose rows are dead */
  blobs: Database<Buffer, string>;
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
 * architecture, as what a file holds depends on the macros in view.
 */
export function storeFolder(storage: string, root: string, architecture: string): string {
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const safe = (name: string) => name.replace(/[^\w.-]/g, '_');
  return join(storage, `${safe(basename(root)) || 'tree'}-${hash}-${safe(architecture)}`);
}

/** Why an existing index can't be used, or null where it can (or there is none). */
function unusable(folder: string, root: string): string | null {
  if (!existsSync(folder)) return null;
  const marker = join(folder, 'kerntrail.json');
  if (!existsSync(join(folder, 'data.mdb'))) return null;
  try {
    const { format, root: of } = JSON.parse(readFileSync(marker, 'utf8')) as { format?: unknown; root?: unknown };
    if (format !== FORMAT)
      return `it was written by another version of Kerntrail (format ${String(format)}, this one writes ${FORMAT})`;
    if (of !== root) return `it belongs to another tree (${String(of)})`;
    return null;
  } catch {
    return 'it has no readable kerntrail.json';
  }
}

/**
 * Opens the index of a tree, for writing unless `readOnly`. A corrupt or foreign one is thrown away and begun anew;
 * `say` is told so in words for the user. Returns null for `readOnly` where there is no index yet.
 */
export function openStore(
  storage: string,
  root: string,
  architecture: string,
  readOnly: boolean,
  say: (message: string) => void,
): Store | null {
  const folder = storeFolder(storage, root, architecture);
  let why = unusable(folder, root);
  if (!why && existsSync(join(folder, 'data.mdb'))) {
    try {
      checkHeader(join(folder, 'data.mdb'));
    } catch (error) {
      why = (error as Error).message;
    }
  }
  if (readOnly && (why || !existsSync(join(folder, 'data.mdb')))) return null;
  if (why) {
    say(`The index in ${folder} can't be used: ${why}. It is built anew.`);
    rmSync(folder, { recursive: true, force: true });
  }
  mkdirSync(folder, { recursive: true });
  try {
    const store = openDatabases(folder, readOnly);
    if (!readOnly) writeFileSync(join(folder, 'kerntrail.json'), `${JSON.stringify({ format: FORMAT, root })}\n`);
    // reading is what finds a damaged file
    store.meta.get('meta');
    return store;
  } catch (error) {
    if (readOnly) return null;
    if (!isDamage(error)) throw new Error(`The index in ${folder} could not be opened: ${(error as Error).message}`);
    say(`The index in ${folder} is damaged (${(error as Error).message}). It is built anew.`);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const store = openDatabases(folder, false);
    writeFileSync(join(folder, 'kerntrail.json'), `${JSON.stringify({ format: FORMAT, root })}\n`);
    return store;
  }
}

const LMDB_MAGIC = 0xbeefc0de;

/**
 * Checks what the library itself would crash over: a file that is no LMDB database, or that is shorter than its own
 * meta page says (its missing pages would be read through the memory map). The meta block stands behind the page
 * header, 16 bytes long or 24 in newer versions; in it the page size is at +24 and the last page's number at +120.
 */
function checkHeader(path: string): void {
  const { size } = statSync(path);
  if (size < 8192) throw new Error('its data file is cut short');
  const head = Buffer.alloc(256);
  const file = openSync(path, 'r');
  try {
    readSync(file, head, 0, head.length, 0);
    const meta = [16, 24].find((at) => head.readUInt32LE(at) === LMDB_MAGIC);
    if (meta === undefined) throw new Error('its data file is no LMDB database');
    const page = head.readUInt32LE(meta + 24);
    const second = Buffer.alloc(256);
    readSync(file, second, 0, second.length, page);
    const metas = second.readUInt32LE(meta) === LMDB_MAGIC ? [head, second] : [head];
    // the newer of the two meta pages counts; the older one never names a later page than was written
    const newest = metas.reduce((x, y) => (y.readBigUInt64LE(meta + 128) > x.readBigUInt64LE(meta + 128) ? y : x));
    if (size < Number(newest.readBigUInt64LE(meta + 120) + 1n) * page) throw new Error('its data file is cut short');
  } finally {
    closeSync(file);
  }
}

/** Is it the file that is at fault? Anything else (a lock, a full disk, another opening) must not cost a healthy index. */
const isDamage = (error: unknown): boolean =>
  /MDB_(CORRUPTED|INVALID|PAGE_NOTFOUND|PANIC|VERSION_MISMATCH)|corrupt|not an LMDB|Unknown|Unexpected end/i.test(
    String((error as Error).message),
  );

function openDatabases(folder: string, readOnly: boolean): Store {
  // loaded here: without an index, the first answer does not wait for it
  const { open } = load('lmdb') as typeof import('lmdb');
  const root = open({
    path: folder,
    maxDbs: 16,
    readOnly,
    mapSize: 2 ** 34,
    noSubdir: false,
    noMemInit: true,
    // values of one or two KB fill pages of 4 KB badly: an eighth of the index is saved
    pageSize: 16384,
  });
  const binary = { encoding: 'binary' as const };
  // compressed: names and paths in them repeat, and a page that is not read costs nothing
  const rows = { encoding: 'binary' as const, keyEncoding: 'uint32' as const, compression: true };
  return {
    folder,
    root,
    meta: root.openDB({ name: 'meta' }),
    files: root.openDB({ name: 'files' }),
    paths: root.openDB({ name: 'paths', keyEncoding: 'uint32' }),
    facts: root.openDB({ name: 'facts', ...binary, keyEncoding: 'uint32' }),
    records: root.openDB({ name: 'records', ...rows }),
    functions: root.openDB({ name: 'functions', ...rows }),
    names: root.openDB({ name: 'names', ...rows }),
    slots: root.openDB({ name: 'slots', ...rows }),
    targets: root.openDB({ name: 'targets', ...rows }),
    tables: root.openDB({ name: 'tables', ...rows }),
    sites: root.openDB({ name: 'sites', ...rows }),
    callers: root.openDB({ name: 'callers', ...rows }),
    flows: root.openDB({ name: 'flows', ...rows }),
    macros: root.openDB({ name: 'macros', ...binary, compression: true }),
    blobs: root.openDB({ name: 'blobs', ...binary }),
  };
}
