/**
 * Building and updating an index. Headers come first (their #defines, then their facts), so that every C file is
 * linked against complete types in the same visit; C files come in the order in which they are likely to be asked for.
 * Everything is committed stage by stage: what a kill leaves is a shorter index, not a broken one.
 */
import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { hashName } from '../syntax/tokens.ts';
import { decodeFacts, decodeMacros, decodeRecord } from './codec.ts';
import { namesOf } from './link.ts';
import { defaultWorkers, newPool, type Pool } from './pool.ts';
import { encodeName, fileOfValue, MAX_KEY, NameKind, type Rows, slotOfTarget } from './postings.ts';
import { type FileRecord, FORMAT, hashOf, type Meta, openStore, type Store } from './store.ts';
import { encodeSymbols } from './symbols.ts';
import { listFiles, readTree, type TreeInfo } from './tree.ts';
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
  /** after a cold build, put a copy without free pages in the store's place; only where no other process has it open */
  compact?: boolean;
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

interface Pending {
  files: FactsResult[];
  rows: BatchRows[];
}

/** Brings the index of a tree up to date. Throws a TreeError for something that is no kernel tree. */
export async function buildIndex(options: BuildOptions): Promise<BuildResult> {
  const { root, storage, architecture, signal } = options;
  const say = options.say ?? (() => {});
  const report = options.progress ?? (() => {});
  const tree = readTree(root);
  const store = openStore(storage, root, false, say);
  if (!store) throw new Error('the index could not be opened');
  let meta: Meta = store.meta.get('meta') ?? newMeta(tree, architecture);
  if (meta.architecture !== architecture) {
    // what a file sees depends on the architecture chosen: nothing of the old index may stay
    say(`The index was built for ${meta.architecture}; it is built anew for ${architecture}.`);
    clearStore(store);
    meta = newMeta(tree, architecture);
  }
  report({ phase: 'listing', done: 0, total: 0 });
  const { changed, removed } = options.only
    ? changedAmong(store, root, options.only)
    : changedFiles(store, root, options.exclude);
  const pool =
    options.pool ?? newPool(options.workerScript, options.workers || defaultWorkers(), { root, storage, architecture });
  const unreadable: string[] = [];
  // a cold build leaves a third of its pages free behind it
  const whole = options.compact === true && !options.only && changed.length > 5000;
  try {
    if (changed.length || removed.length) {
      if (!options.only) await putMeta(store, { ...meta, release: tree.release, complete: 0 });
      const headers = changed.filter((f) => f.path.endsWith('.h'));
      const macrosChanged = await scanHeaders(store, pool, headers, removed, report, signal, !options.pool);
      if (!options.pool || macrosChanged || !poolHasKnowledge.has(pool)) {
        await pool.all({ kind: 'knowledge', macros: knowledgeOf(store) });
        poolHasKnowledge.add(pool);
      }
      const again =
        macrosChanged && !options.pool && meta.complete
          ? filesUsing(store, macrosChanged, new Set(changed.map((f) => f.path)))
          : [];
      const all = [...changed, ...again];
      const writer = newWriter(store, meta);
      writer.remove(removed);
      let done = 0;
      const total = all.length;
      const take = (link: boolean) => async (files: readonly Changed[], every: number) => {
        await pool.each(
          batches(files, (batch) => ({ kind: 'facts', files: batch.map((f) => writer.number(f.path)), link })),
          (reply) => {
            if (reply.kind !== 'facts') return;
            unreadable.push(...reply.unreadable);
            writer.add(reply.files, reply.rows);
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
      const shapes =
        options.only || meta.complete
          ? shapesOf(
              store,
              headers.map((f) => f.path),
            )
          : null;
      await take(false)(order(all.filter(isHeader)), 60_000);
      await pool.all({ kind: 'refresh' });
      const unlinked = writer.unlinked();
      report({ phase: 'linking', done: 0, total: unlinked.length });
      await pool.each(
        chunks(unlinked, 60).map((files) => ({ kind: 'link' as const, files })),
        (reply) => {
          if (reply.kind === 'link') writer.add([], reply.rows);
        },
        signal,
      );
      if (!signal?.aborted && unlinked.length) {
        writer.commit();
        writer.setLinked(unlinked);
      }
      await take(true)(
        order([...all.filter((f) => !isHeader(f)), ...(shapes ? staleLinks(store, shapes, headers, all) : [])]),
        COMMIT_EVERY,
      );
      report({ phase: 'writing', done: total, total });
      if (!signal?.aborted) {
        if (!options.only || changed.length > 200) {
          const symbols = encodeSymbols(store);
          await store.blobs.put('symbols', symbols.text);
          await store.blobs.put('symbolIndex', symbols.index);
        }
        await putMeta(store, {
          ...writer.meta(),
          release: tree.release,
          complete: Date.now(),
          totals: totalsOf(store),
        });
      } else await putMeta(store, writer.meta());
    }
  } finally {
    if (!options.pool) await pool.close();
    await store.root.flushed;
    const compacted = whole && !signal?.aborted ? await compactedCopy(store) : null;
    await store.root.close();
    if (compacted) replaceData(store.folder, compacted);
  }
  report({ phase: 'ready', done: changed.length, total: changed.length });
  return { tree, changed: changed.length, removed: removed.length, unreadable, cancelled: signal?.aborted ?? false };
}

/** Files between two commits: seldom, since each run inserted between older ones splits pages. */
const COMMIT_EVERY = 9000;

/** A copy of the store without its free pages, beside it; null where it could not be made. */
async function compactedCopy(store: Store): Promise<string | null> {
  const folder = `${store.folder}.compact`;
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    await store.root.backup(folder, true);
    return folder;
  } catch {
    rmSync(folder, { recursive: true, force: true });
    return null;
  }
}

/** Puts the copy in the store's place. Readers keep the old file until they look again; where that can't be, nothing changes. */
function replaceData(folder: string, compacted: string): void {
  try {
    renameSync(join(compacted, 'data.mdb'), join(folder, 'data.mdb'));
  } catch {
    // Windows keeps a file that is open somewhere: the larger one serves as well
  }
  rmSync(compacted, { recursive: true, force: true });
}

const poolHasKnowledge = new WeakSet<Pool>();

function newMeta(tree: TreeInfo, architecture: string): Meta {
  return {
    format: FORMAT,
    root: tree.root,
    release: tree.release,
    complete: 0,
    nextFile: 1,
    architecture,
    totals: { files: 0, tables: 0, registrations: 0, parsedFiles: 0, errorFiles: 0, errorBytes: 0 },
  };
}

async function putMeta(store: Store, meta: Meta): Promise<void> {
  await store.meta.put('meta', meta);
}

function clearStore(store: Store): void {
  for (const db of [
    store.meta,
    store.files,
    store.paths,
    store.facts,
    store.records,
    store.names,
    store.slots,
    store.targets,
    store.tables,
    store.macros,
    store.blobs,
  ])
    (db as { clearSync(): void }).clearSync();
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
    const at = statOf(root, path);
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
  try {
    return hashOf(readFileSync(join(root, path))) === record.hash;
  } catch {
    return false;
  }
}

function changedAmong(store: Store, root: string, only: readonly string[]): { changed: Changed[]; removed: string[] } {
  const changed: Changed[] = [];
  const removed: string[] = [];
  for (const path of only) {
    const at = statOf(root, path);
    const record = store.files.get(path);
    if (!at) {
      if (record) removed.push(path);
    } else if (!record || record.size !== at.size || record.mtime !== at.mtime) changed.push({ path, size: at.size });
  }
  return { changed, removed };
}

function statOf(root: string, path: string): { size: number; mtime: number } | null {
  try {
    const s = statSync(join(root, path));
    return { size: s.size, mtime: Math.floor(s.mtimeMs) };
  } catch {
    return null;
  }
}

/** Learns the #defines of changed headers. Returns the names whose definitions differ now, null for none. */
async function scanHeaders(
  store: Store,
  pool: Pool,
  headers: readonly Changed[],
  removed: readonly string[],
  report: (p: Progress) => void,
  signal: AbortSignal | undefined,
  whole: boolean,
): Promise<Set<string> | null> {
  const differ = new Set<string>();
  const compare = (path: string, next: Buffer | null) => {
    const before = store.macros.get(path);
    if (before && next && before.equals(next)) return;
    const table = (bytes: Buffer | null | undefined) =>
      new Map(
        (bytes ? decodeMacros(bytes).macros : []).map((m) => [
          `${m.name} ${m.condition ?? ''}`,
          `${m.params?.join() ?? ''} ${m.body}`,
        ]),
      );
    const old = table(before);
    const now = table(next);
    for (const [key, value] of now) if (old.get(key) !== value) differ.add(key.split(' ', 1)[0]);
    for (const key of old.keys()) if (!now.has(key)) differ.add(key.split(' ', 1)[0]);
  };
  let done = 0;
  const scanned: [string, Buffer][] = [];
  await pool.each(
    batches(headers, (files) => ({ kind: 'scan', files: files.map((f) => f.path) })),
    (reply) => {
      if (reply.kind !== 'scan') return;
      for (const file of reply.files) scanned.push([file.path, Buffer.from(file.macros)]);
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
    for (let n = 0; ; n++) {
      const bytes = store.records.get([id, n]);
      if (!bytes) break;
      const record = decodeRecord(bytes);
      // places do not matter, order and types do
      shapes.set(record.tag || `@${path}#${n}`, record.fields.map((f) => `${f.name}:${f.type}`).join(';'));
    }
    for (const t of decodeFacts(facts).typedefs) shapes.set(t.name, t.type);
  }
  return shapes;
}

/** Files whose slots were found by way of a record that looks different now; `known` are read anyway. */
function staleLinks(
  store: Store,
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
    for (const { value } of store.slots.getRange({ start: `${name}.`, end: `${name}/` }))
      ids.add(fileOfValue(value as Buffer));
    for (const { value } of store.tables.getRange({ start: name, end: `${name}\u0001` }))
      ids.add(fileOfValue(value as Buffer));
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

/** Files whose facts depend on one of the macros. */
function filesUsing(store: Store, macros: ReadonlySet<string>, except: ReadonlySet<string>): Changed[] {
  const out: Changed[] = [];
  const hashes = new Set([...macros].map(hashName));
  for (const { key, value } of store.files.getRange()) {
    if (except.has(key)) continue;
    const bytes = store.facts.get(value.id);
    if (bytes && decodeFacts(bytes).macrosUsed.some((m) => hashes.has(m))) out.push({ path: key, size: value.size });
  }
  return out;
}

interface Writer {
  /** a file with its number, a new one where it has none yet */
  number(path: string): NumberedFile;
  add(files: readonly FactsResult[], rows: BatchRows): void;
  remove(paths: readonly string[]): void;
  /** files added since the last commit */
  waiting(): number;
  commit(): void;
  /** files that a link must still look at, those that a stopped build left included */
  unlinked(): number[];
  setLinked(ids: readonly number[]): void;
  meta(): Meta;
}

/** Takes everything that a file has in the index out of it. */
function forget(store: Store, record: FileRecord): void {
  const bytes = store.facts.get(record.id);
  if (!bytes) return;
  const { id } = record;
  const facts = decodeFacts(bytes);
  for (let n = 0; ; n++) {
    const old = store.records.get([id, n]);
    if (!old) break;
    const { tag } = decodeRecord(old);
    if (tag) removeOf(store.names, tag, (b) => fileOfValue(b) === id && b[4] === NameKind.Record);
    store.records.removeSync([id, n]);
  }
  for (const name of namesOf(facts))
    store.names.removeSync(name.name.slice(0, MAX_KEY), encodeName({ ...name, file: id }));
  const targets = new Set<string>();
  for (const v of facts.variables) for (const i of v.inits) targets.add(i.value.name);
  for (const a of facts.assignments) {
    for (const v of a.values) targets.add(v.name);
    for (const i of a.inits) targets.add(i.value.name);
  }
  const slots = new Set<string>();
  for (const target of targets)
    removeOf(store.targets, target, (b) => {
      if (fileOfValue(b) !== id) return false;
      slots.add(slotOfTarget(b));
      return true;
    });
  for (const slot of slots) removeOf(store.slots, slot, (b) => fileOfValue(b) === id);
  for (const tag of new Set(facts.variables.map((v) => /(?:struct|union) (\w+)/.exec(v.type)?.[1] ?? '')))
    if (tag) removeOf(store.tables, tag, (b) => fileOfValue(b) === id);
  store.facts.removeSync(id);
}

/** Writes rows in order of their keys: LMDB fills its pages best that way. Takes the batches apart as it goes. */
function putRows(db: Store['names'], batches: readonly Rows[]): void {
  const total = batches.reduce((n, rows) => n + rows.ends.length, 0);
  const keys: string[] = [];
  const batchOf = new Uint32Array(total);
  const rowOf = new Uint32Array(total);
  batches.forEach((rows, b) => {
    if (rows.ends.length === 0) return;
    rows.keys.split('\n').forEach((key, i) => {
      batchOf[keys.length] = b;
      rowOf[keys.length] = i;
      keys.push(key);
    });
  });
  const order = new Uint32Array(total);
  for (let i = 0; i < total; i++) order[i] = i;
  order.sort((a, b) => (keys[a] < keys[b] ? -1 : keys[a] > keys[b] ? 1 : a - b));
  const blocks = batches.map((rows) => Buffer.from(rows.values.buffer, rows.values.byteOffset, rows.values.byteLength));
  for (const i of order) {
    const { ends } = batches[batchOf[i]];
    const row = rowOf[i];
    db.putSync(keys[i], blocks[batchOf[i]].subarray(row ? ends[row - 1] : 0, ends[row]));
  }
}

/** Collects what workers made and commits it in few, large, sorted runs. */
function newWriter(store: Store, start: Meta): Writer {
  let meta = start;
  let pending: Pending = { files: [], rows: [] };
  let fresh = new Map<string, number>();
  return {
    number(path) {
      const known = store.files.get(path)?.id ?? fresh.get(path);
      if (known !== undefined) return { path, id: known };
      const id = meta.nextFile;
      meta = { ...meta, nextFile: id + 1 };
      fresh.set(path, id);
      return { path, id };
    },
    add(files, rows) {
      for (const file of files) pending.files.push(file);
      pending.rows.push(rows);
    },
    remove(paths) {
      store.root.transactionSync(() => {
        for (const path of paths) {
          const record = store.files.get(path);
          if (!record) continue;
          forget(store, record);
          store.files.removeSync(path);
          store.paths.removeSync(record.id);
        }
      });
    },
    waiting: () => pending.files.length,
    commit() {
      const { files, rows } = pending;
      pending = { files: [], rows: [] };
      if (!files.length && !rows.length) return;
      store.root.transactionSync(() => {
        files.sort((a, b) => a.id - b.id);
        for (const file of files) {
          const known = store.files.get(file.path);
          if (known) forget(store, known);
          else store.paths.putSync(file.id, file.path);
          const { id, size, mtime, hash, parsedBytes, errorBytes } = file;
          store.files.putSync(file.path, { id, size, mtime, hash, parsedBytes, errorBytes, linked: !file.unlinked });
          store.facts.putSync(id, Buffer.from(file.facts));
          file.records.forEach((r, n) => {
            store.records.putSync([id, n], Buffer.from(r));
          });
        }
        putRows(
          store.names,
          rows.map((r) => r.names),
        );
        putRows(
          store.slots,
          rows.map((r) => r.slots),
        );
        putRows(
          store.targets,
          rows.map((r) => r.targets),
        );
        putRows(
          store.tables,
          rows.map((r) => r.tables),
        );
        store.meta.putSync('meta', meta);
      });
      fresh = new Map();
    },
    unlinked() {
      const list: number[] = [];
      for (const { value } of store.files.getRange()) if (!value.linked) list.push(value.id);
      return list;
    },
    setLinked(ids) {
      store.root.transactionSync(() => {
        for (const id of ids) {
          const path = store.paths.get(id);
          const record = path === undefined ? undefined : store.files.get(path);
          if (path !== undefined && record) store.files.putSync(path, { ...record, linked: true });
        }
      });
    },
    meta: () => meta,
  };
}

function removeOf(db: Store['names'], key: string, test: (value: Buffer) => boolean): void {
  // not getValues: inside a write transaction lmdb then decodes a key that it has not read, and throws on some bytes
  const rows = [...db.getRange({ start: key, end: key, inclusiveEnd: true })];
  for (const { value } of rows) if (test(value as Buffer)) db.removeSync(key, value as Buffer);
}

function totalsOf(store: Store): Meta['totals'] {
  const totals = { files: 0, tables: 0, registrations: 0, parsedFiles: 0, errorFiles: 0, errorBytes: 0 };
  for (const { value } of store.files.getRange()) {
    totals.files++;
    if (value.parsedBytes) totals.parsedFiles++;
    if (value.errorBytes) {
      totals.errorFiles++;
      totals.errorBytes += value.errorBytes;
    }
  }
  const count = (db: unknown): number => (db as { getStats(): { entryCount: number } }).getStats().entryCount;
  totals.registrations = count(store.slots);
  totals.tables = count(store.tables);
  return totals;
}
