/**
 * Building and updating an index. Headers come first (their #defines, then their facts), so that every C file is
 * linked against complete types in the same visit; C files come in the order in which they are likely to be asked for.
 * Everything is committed stage by stage: what a kill leaves is a shorter index, not a broken one.
 */
import { folderOf } from '../syntax/domain.ts';
import { hashName } from '../syntax/tokens.ts';
import { decodeFacts, decodeMacros, recordsIn } from './codec.ts';
import { defaultWorkers, newPool, type Pool } from './pool.ts';
import { fileOfValue, slotKey } from './postings.ts';
import { allRows, keysOf, mergeRows, putRows, type RowsDb, rowsOf } from './rows.ts';
import { type FileRecord, FORMAT, hashOf, type Meta, openStore, readDead, type Store } from './store.ts';
import { encodeSymbols, isListed } from './symbols.ts';
import { listFiles, readTree, type TreeInfo } from './tree.ts';
import { readTreeFile, statTreeFile } from './treeFiles.ts';
import type { BatchRows, FactsResult, NumberedFile, WorkerJob } from './worker.ts';

export interface Progress {
  phase: 'listing' | 'scanning' | 'indexing' | 'linking' | 'writing' | 'ready';
  done: number;
  total: number;
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
  progress?: (p: Progress) => void;
  signal?: AbortSignal;
  say?: (message: string) => void;
  /** workers to use, kept by the caller between updates */
  pool?: Pool;
}

export interface BuildResult {
  tree: TreeInfo;
  changed: number;
  removed: number;
  unreadable: string[];
  cancelled: boolean;
}

const CORE = [
  'include/',
  'mm/',
  'fs/',
  'kernel/',
  'block/',
  'net/core/',
  'init/',
  'ipc/',
  'lib/',
  'security/',
  'drivers/base/',
];

/** Lower comes first: what the user looks at, the core folders, the rest, other architectures last. */
function rank(path: string, first: readonly string[], architecture: string): number {
  for (const p of first) if (path === p || path.startsWith(p)) return 0;
  const core = CORE.findIndex((c) => path.startsWith(c));
  if (core >= 0) return 1 + core / 100;
  if (path.startsWith(`arch/${architecture}/`)) return 2;
  if (path.startsWith('arch/')) return 8;
  if (path.startsWith('tools/') || path.startsWith('samples/') || path.startsWith('scripts/')) return 7;
  if (path.startsWith('drivers/gpu/') || path.startsWith('drivers/staging/')) return 6;
  return path.startsWith('drivers/') ? 5 : 4;
}

/** Jobs of some 1.5 MB each, so that workers stay busy and replies stay small. */
function* batches(files: readonly Changed[], make: (files: Changed[]) => WorkerJob): Iterable<WorkerJob> {
  let batch: Changed[] = [];
  let bytes = 0;
  for (const file of files) {
    batch.push(file);
    bytes += file.size;
    if (bytes > 1_500_000 || batch.length >= 150) {
      yield make(batch);
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length) yield make(batch);
}

/** Brings the index of a tree up to date. Throws a TreeError for something that is no kernel tree. */
export async function buildIndex(options: BuildOptions): Promise<BuildResult> {
  const { root, storage, architecture, signal } = options;
  const say = options.say ?? (() => {});
  const report = options.progress ?? (() => {});
  const tree = readTree(root);
  const store = openStore(storage, root, architecture, false, say);
  if (!store) throw new Error('the index could not be opened');
  const meta: Meta = store.meta.get('meta') ?? newMeta(tree, architecture);
  report({ phase: 'listing', done: 0, total: 0 });
  const { changed, removed } = options.only
    ? changedAmong(store, root, options.only)
    : changedFiles(store, root, options.exclude);
  const pool =
    options.pool ?? newPool(options.workerScript, options.workers || defaultWorkers(), { root, storage, architecture });
  const unreadable: string[] = [];
  try {
    const stale = readStale(store);
    if (changed.length || removed.length || (stale.size && !options.pool)) {
      const headers = changed.filter((f) => f.path.endsWith('.h'));
      const shapes =
        options.only || meta.complete
          ? shapesOf(
              store,
              headers.map((f) => f.path),
            )
          : null;
      // until the end a whole update counts as incomplete
      const writer = newWriter(store, options.only ? meta : { ...meta, release: tree.release, complete: 0 });
      if (!options.only) await putMeta(store, writer.meta());
      const macrosChanged = await scanHeaders(store, writer, pool, headers, removed, report, signal, {
        whole: !options.pool,
        compared: options.pool !== undefined || meta.complete > 0,
      });
      if (!options.pool || macrosChanged || !poolHasKnowledge.has(pool)) {
        await pool.all({ kind: 'knowledge', macros: knowledgeOf(store) });
        poolHasKnowledge.add(pool);
      }
      for (const name of macrosChanged ?? []) stale.add(name);
      // a save must not wait for all those who use a macro: the next look at the whole tree reads them
      const again =
        stale.size && !options.pool && meta.complete
          ? filesUsing(store, stale, new Set(changed.map((f) => f.path)))
          : [];
      if (options.pool && meta.complete) await putStale(store, stale);
      const all = [...changed, ...again, ...parameterisedBy(store, root, changed, removed)];
      writer.remove(removed);
      let done = writer.waiting();
      const total = all.length;
      const take = (link: boolean) => async (files: readonly Changed[], every: number) => {
        await pool.each(
          batches(files, (batch) => ({ kind: 'facts', files: batch.map((f) => writer.number(f.path)), link })),
          (reply) => {
            if (reply.kind !== 'facts') return;
            unreadable.push(...reply.unreadable);
            writer.add(reply.files, [reply.rows]);
            done += reply.files.length + reply.unreadable.length;
            report({ phase: 'indexing', done, total });
            if (writer.waiting() > every) writer.commit();
          },
          signal,
        );
        writer.commit();
      };
      const order = (list: typeof all) =>
        list
          .map((f) => ({ ...f, rank: rank(f.path, options.first ?? [], architecture) }))
          .sort((a, b) => a.rank - b.rank || (a.path < b.path ? -1 : 1));
      const isHeader = (f: { path: string }) => f.path.endsWith('.h');
      await take(false)(order(all.filter((f) => isHeader(f) && !writer.has(f.path))), 60_000);
      await pool.all({ kind: 'refresh' });
      const unlinked = writer.unlinked();
      report({ phase: 'linking', done: 0, total: unlinked.length });
      await pool.each(
        chunks(unlinked, 60).map((files) => ({ kind: 'link' as const, files })),
        (reply) => {
          if (reply.kind === 'link') writer.add([], [reply.rows]);
        },
        signal,
      );
      if (!signal?.aborted && unlinked.length) writer.commit(unlinked);
      await take(true)(
        order([
          ...all.filter((f) => !isHeader(f)),
          ...(shapes ? staleLinks(store, writer.meta(), shapes, headers, all) : []),
        ]),
        COMMIT_EVERY,
      );
      report({ phase: 'writing', done: total, total });
      if (!signal?.aborted) {
        if (!options.pool) await putStale(store, new Set());
        if (changed.length > FEW_FILES || !store.blobs.get('symbols')) await writeSymbols(store, writer.meta());
        await putMeta(store, {
          ...writer.meta(),
          release: tree.release,
          complete: Date.now(),
          totals: options.only ? meta.totals : totalsOf(store, writer.meta()),
        });
      } else await putMeta(store, writer.meta());
    }
  } finally {
    if (!options.pool) await pool.close();
    await store.root.flushed;
    await store.root.close();
  }
  report({ phase: 'ready', done: changed.length, total: changed.length });
  return { tree, changed: changed.length, removed: removed.length, unreadable, cancelled: signal?.aborted ?? false };
}

/** Starts workers and tells them the tree's macros, ahead of an update of a few files. Nothing happens without an index. */
export async function prepare(
  pool: Pool,
  { root, storage, architecture }: Pick<BuildOptions, 'root' | 'storage' | 'architecture'>,
): Promise<void> {
  if (poolHasKnowledge.has(pool)) return;
  const store = openStore(storage, root, architecture, true, () => {});
  if (!store) return;
  try {
    await pool.all({ kind: 'knowledge', macros: knowledgeOf(store) });
    poolHasKnowledge.add(pool);
  } finally {
    await store.root.close();
  }
}

/** Up to so many files go into the last segment instead of one of their own, and their names into a list beside the large one. */
const FEW_FILES = 300;
/** More segments than a lookup should read, or more dead files than are worth carrying along. */
const MAX_SEGMENTS = 14;
const MAX_DEAD = 0.25;

/** Files between two commits: seldom, since each run inserted between older ones splits pages. */
const COMMIT_EVERY = 9000;

const poolHasKnowledge = new WeakSet<Pool>();

function newMeta(tree: TreeInfo, architecture: string): Meta {
  return {
    format: FORMAT,
    root: tree.root,
    release: tree.release,
    complete: 0,
    nextFile: 1,
    architecture,
    segments: { first: 0, next: 0 },
    totals: { files: 0, tables: 0, registrations: 0, parsedFiles: 0, errorFiles: 0, errorBytes: 0 },
  };
}

async function putMeta(store: Store, meta: Meta): Promise<void> {
  await store.meta.put('meta', meta);
}

async function writeSymbols(store: Store, meta: Meta): Promise<void> {
  const symbols = encodeSymbols(store.names, meta.segments);
  await store.blobs.put('symbols', symbols.text);
  await store.blobs.put('symbolIndex', symbols.index);
  await store.blobs.remove('newSymbols');
}

const chunks = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size));

interface Changed {
  path: string;
  size: number;
}

function changedFiles(
  store: Store,
  root: string,
  exclude?: (path: string) => boolean,
): { changed: Changed[]; removed: string[] } {
  const known = new Map<string, FileRecord>();
  for (const { key, value } of store.files.getRange()) known.set(key, value);
  const changed: Changed[] = [];
  const touched: [string, FileRecord][] = [];
  for (const path of listFiles(root, exclude)) {
    const record = known.get(path);
    known.delete(path);
    const at = statTreeFile(root, path);
    if (!at || (record && record.size === at.size && record.mtime === at.mtime)) continue;
    if (record && record.size === at.size && sameBytes(root, path, record))
      touched.push([path, { ...record, mtime: at.mtime }]);
    else changed.push({ path, size: at.size });
  }
  if (touched.length)
    store.root.transactionSync(() => {
      for (const [path, record] of touched) store.files.putSync(path, record);
    });
  return { changed, removed: [...known.keys()] };
}

/** A file with another time stamp may hold what it held: a checkout there and back touches thousands. */
function sameBytes(root: string, path: string, record: FileRecord): boolean {
  const file = readTreeFile(root, path);
  return file !== null && hashOf(file.bytes) === record.hash;
}

function changedAmong(store: Store, root: string, only: readonly string[]): { changed: Changed[]; removed: string[] } {
  const changed: Changed[] = [];
  const removed: string[] = [];
  for (const path of only) {
    const at = statTreeFile(root, path);
    const record = store.files.get(path);
    if (!at) {
      if (record) removed.push(path);
    } else if (!record || record.size !== at.size || record.mtime !== at.mtime) changed.push({ path, size: at.size });
  }
  return { changed, removed };
}

/**
 * Learns the #defines of changed headers. Returns the names whose definitions differ now, and those of headers that list
 * other macro calls than before; null for none.
 */
async function scanHeaders(
  store: Store,
  writer: Writer,
  pool: Pool,
  headers: readonly Changed[],
  removed: readonly string[],
  report: (p: Progress) => void,
  signal: AbortSignal | undefined,
  { whole, compared }: { whole: boolean; compared: boolean },
): Promise<Set<string> | null> {
  const differ = new Set<string>();
  const compare = (path: string, next: Buffer | null) => {
    const before = compared ? store.macros.get(path) : undefined;
    if (!compared || (before && next && before.equals(next))) return;
    const decoded = [before, next].map((bytes) => (bytes ? decodeMacros(bytes) : null));
    if (decoded[0]?.template !== decoded[1]?.template) differ.add(path.slice(path.lastIndexOf('/') + 1));
    const [old, now] = decoded.map(
      (header) =>
        new Map(
          (header?.macros ?? []).map((m) => [`${m.name} ${m.condition ?? ''}`, `${m.params?.join() ?? ''} ${m.body}`]),
        ),
    );
    for (const [key, value] of now) if (old.get(key) !== value) differ.add(key.split(' ', 1)[0]);
    for (const key of old.keys()) if (!now.has(key)) differ.add(key.split(' ', 1)[0]);
  };
  let done = 0;
  const scanned: [string, Buffer][] = [];
  await pool.each(
    batches(headers, (files) => ({ kind: 'scan', files: files.map((f) => writer.number(f.path)) })),
    (reply) => {
      if (reply.kind !== 'scan') return;
      for (const file of reply.files) {
        scanned.push([file.path, Buffer.from(file.macros)]);
        if (file.facts) writer.add([file.facts], []);
      }
      done += reply.files.length;
      if (whole) report({ phase: 'scanning', done, total: headers.length });
    },
    signal,
  );
  store.root.transactionSync(() => {
    for (const [path, macros] of scanned) {
      compare(path, macros);
      store.macros.putSync(path, macros);
    }
    for (const path of removed) {
      compare(path, null);
      store.macros.removeSync(path);
    }
  });
  return differ.size ? differ : null;
}

function knowledgeOf(store: Store): Buffer[] {
  const out: Buffer[] = [];
  for (const { value } of store.macros.getRange()) out.push(Buffer.from(value));
  return out;
}

/** What the records and typedefs of some files look like now, by name: `struct x` or a typedef's name. */
function shapesOf(store: Store, paths: readonly string[]): Map<string, string> {
  const shapes = new Map<string, string>();
  for (const path of paths) {
    const id = store.files.get(path)?.id;
    const facts = id === undefined ? undefined : store.facts.get(id);
    if (id === undefined || !facts) continue;
    const block = store.records.get(id);
    (block ? recordsIn(block) : []).forEach((record, n) => {
      // places do not matter, order and types do
      shapes.set(record.tag || `@${path}#${n}`, record.fields.map((f) => `${f.name}:${f.type}`).join(';'));
    });
    for (const t of decodeFacts(facts).typedefs) shapes.set(t.name, t.type);
  }
  return shapes;
}

const membersOf = (shape: string | undefined): string[] =>
  (shape ?? '').split(';').map((field) => field.slice(0, field.indexOf(':')));

/** Files whose slots were found by way of a record that looks different now; `known` are read anyway. */
function staleLinks(
  store: Store,
  { segments }: Meta,
  before: ReadonlyMap<string, string>,
  headers: readonly Changed[],
  known: readonly Changed[],
): Changed[] {
  const after = shapesOf(
    store,
    headers.map((f) => f.path),
  );
  const ids = new Set<number>();
  for (const name of new Set([...before.keys(), ...after.keys()])) {
    if (name.startsWith('@') || before.get(name) === after.get(name)) continue;
    const members = new Set([...membersOf(before.get(name)), ...membersOf(after.get(name))]);
    for (const member of members)
      for (const table of [store.slots, store.sites])
        for (const value of rowsOf(table, segments, slotKey(name, member))) ids.add(fileOfValue(value));
    for (const value of rowsOf(store.tables, segments, name)) ids.add(fileOfValue(value));
  }
  const read = new Set(known.map((f) => f.path));
  const out: Changed[] = [];
  for (const id of ids) {
    const path = store.paths.get(id);
    const record = path === undefined ? undefined : store.files.get(path);
    if (path !== undefined && record && !read.has(path)) out.push({ path, size: record.size });
  }
  return out;
}

/** Headers that depend on the #defines of a C file beside them that has changed. */
function parameterisedBy(
  store: Store,
  root: string,
  changed: readonly Changed[],
  removed: readonly string[],
): Changed[] {
  const known = new Set(changed.map((f) => f.path));
  const folders = new Map<string, string[]>();
  for (const path of [...known, ...removed])
    if (path.endsWith('.c'))
      (folders.get(folderOf(path)) ?? folders.set(folderOf(path), []).get(folderOf(path)))?.push(path);
  const out: Changed[] = [];
  for (const [folder, files] of folders) {
    let texts: (Buffer | null)[] | undefined;
    for (const { key, value } of store.files.getRange({ start: `${folder}/`, end: `${folder}0` })) {
      if (!value.parameterised || known.has(key) || folderOf(key) !== folder) continue;
      texts ??= files.map((path) => readTreeFile(root, path)?.bytes ?? null);
      // one that is gone may have been among its users
      if (texts.some((text) => !text || text.includes(`"${key.slice(folder.length + 1)}"`)))
        out.push({ path: key, size: value.size });
    }
  }
  return out;
}

/**
 * What has changed behind the back of files that were not read again since: names of macros, and of headers that are
 * lists of macro calls.
 */
function readStale(store: Store): Set<string> {
  const text = store.blobs.get('stale')?.toString('latin1');
  return new Set(text ? text.split('\n') : []);
}

async function putStale(store: Store, stale: ReadonlySet<string>): Promise<void> {
  if (stale.size) await store.blobs.put('stale', Buffer.from([...stale].join('\n'), 'latin1'));
  else await store.blobs.remove('stale');
}

/** Files whose facts depend on one of the macros, or on what a header of one of the names lists. */
function filesUsing(store: Store, stale: ReadonlySet<string>, except: ReadonlySet<string>): Changed[] {
  const out: Changed[] = [];
  const hashes = new Set([...stale].map(hashName));
  const includes = (name: string) => stale.has(name.replace(/^["<](?:.*\/)?|[">].*$/g, ''));
  for (const { key, value } of store.files.getRange()) {
    if (except.has(key)) continue;
    const bytes = store.facts.get(value.id);
    const facts = bytes && decodeFacts(bytes);
    if (facts && (facts.macrosUsed.some((m) => hashes.has(m)) || facts.includes.some(includes)))
      out.push({ path: key, size: value.size });
  }
  return out;
}

interface Writer {
  /** a file with a number of its own: each reading of a file gets a new one */
  number(path: string): NumberedFile;
  add(files: readonly FactsResult[], rows: readonly BatchRows[]): void;
  remove(paths: readonly string[]): void;
  /** is the file among those added? */
  has(path: string): boolean;
  /** files added since the last commit */
  waiting(): number;
  /** writes down what was added; `linked` are files whose links are among it */
  commit(linked?: readonly number[]): void;
  /** files that a link must still look at, those that a stopped build left included */
  unlinked(): number[];
  meta(): Meta;
}

/** Takes a file out of the index: its rows stay where they are, dead. */
function forget(store: Store, { id }: FileRecord, dead: Set<number>): void {
  store.records.removeSync(id);
  store.functions.removeSync(id);
  store.facts.removeSync(id);
  store.paths.removeSync(id);
  dead.add(id);
}

/** The same bytes as a Buffer. */
const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

const tablesOfRows = (store: Store): [keyof BatchRows, RowsDb][] => [
  ['names', store.names],
  ['slots', store.slots],
  ['targets', store.targets],
  ['tables', store.tables],
  ['sites', store.sites],
  ['callers', store.callers],
  ['flows', store.flows],
];

/** Collects what workers made and commits it in few, large runs. */
function newWriter(store: Store, start: Meta): Writer {
  let meta = start;
  let files: FactsResult[] = [];
  let rows: BatchRows[] = [];
  const added = new Set<string>();
  const dead = readDead(store);
  const putDead = () => store.blobs.putSync('dead', Buffer.from(Uint32Array.from(dead).buffer));
  const putFile = (file: FactsResult) => {
    const known = store.files.get(file.path);
    if (known) forget(store, known, dead);
    const { id, size, mtime, hash, parsedBytes, errorBytes, parameterised } = file;
    store.paths.putSync(id, file.path);
    const linked = !file.unlinked;
    store.files.putSync(file.path, { id, size, mtime, hash, parsedBytes, errorBytes, linked, parameterised });
    store.facts.putSync(id, bufferOf(file.facts));
    if (file.records) store.records.putSync(id, bufferOf(file.records));
    if (file.functions) store.functions.putSync(id, Buffer.from(file.functions, 'latin1'));
  };
  const setLinked = (id: number) => {
    const path = store.paths.get(id);
    const record = path === undefined ? undefined : store.files.get(path);
    if (path !== undefined && record) store.files.putSync(path, { ...record, linked: true });
  };
  /** The segment for what is added now. */
  const segmentFor = (few: boolean): { segment: number; fresh: boolean } => {
    const { first, next } = meta.segments;
    if (few && next > first) return { segment: next - 1, fresh: false };
    meta = { ...meta, segments: { first, next: next + 1 } };
    return { segment: next, fresh: true };
  };
  const merge = () => {
    const { next } = meta.segments;
    for (const [, db] of tablesOfRows(store))
      mergeRows(db, meta.segments, next, (value) => !dead.has(fileOfValue(value)));
    dead.clear();
    meta = { ...meta, segments: { first: next, next: next + 1 } };
  };
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
      store.root.transactionSync(() => {
        for (const path of paths) {
          const record = store.files.get(path);
          if (!record) continue;
          forget(store, record, dead);
          store.files.removeSync(path);
        }
        putDead();
      });
    },
    waiting: () => files.length,
    commit(linked = []) {
      if (!files.length && !rows.length && !linked.length) return;
      const newFiles = files.sort((a, b) => a.id - b.id);
      const newRows = rows;
      files = [];
      rows = [];
      store.root.transactionSync(() => {
        const few = newFiles.length + linked.length <= FEW_FILES;
        const before = dead.size;
        for (const file of newFiles) putFile(file);
        for (const id of linked) setLinked(id);
        if (few && store.blobs.get('symbols')) addNewSymbols(store, meta, newRows);
        const { segment, fresh } = segmentFor(few);
        for (const [name, db] of tablesOfRows(store))
          putRows(
            db,
            segment,
            newRows.map((r) => r[name]),
            fresh,
          );
        const { first, next } = meta.segments;
        if (next - first > MAX_SEGMENTS || dead.size > MAX_DEAD * meta.nextFile) merge();
        if (dead.size !== before) putDead();
        store.meta.putSync('meta', meta);
      });
    },
    unlinked() {
      const list: number[] = [];
      for (const { value } of store.files.getRange()) if (!value.linked) list.push(value.id);
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
  if (names.size > before) store.blobs.putSync('newSymbols', Buffer.from([...names].join('\n'), 'latin1'));
}

function totalsOf(store: Store, { segments }: Meta): Meta['totals'] {
  const totals = { files: 0, tables: 0, registrations: 0, parsedFiles: 0, errorFiles: 0, errorBytes: 0 };
  for (const { value } of store.files.getRange()) {
    totals.files++;
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
