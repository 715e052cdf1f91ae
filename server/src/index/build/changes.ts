/** What has changed since the index was written: files on disk, and files whose facts depend on what others hold. */
import { folderOf } from '../../kernel/domain.ts';
import { isHeader } from '../../kernel/layout.ts';
import { hashName } from '../../syntax/tokens.ts';
import { decodeFacts, type FileRecord, recordsIn } from '../store/codec.ts';
import { fileOfValue, slotKey } from '../store/postings.ts';
import { rowsOf } from '../store/rows.ts';
import { hashOf, type Meta, type Store } from '../store/store.ts';
import { transact } from '../store/transactions.ts';
import { isLeftOut } from '../tree.ts';
import { readTreeFile, statTreeFile } from '../treeFiles.ts';

/** A file to read, and its size in bytes. */
export interface Changed {
  path: string;
  size: number;
}

/** Files that are not in the index as they are on disk. */
export interface Changes {
  changed: Changed[];
  removed: string[];
  /** the index has files that are no headers: they were linked by what headers held then */
  hasSources: boolean;
}

/** Compares all files that there are with the index. */
export function changedFiles(store: Store, token: string, root: string, paths: readonly string[]): Changes {
  const known = new Map<string, FileRecord>();
  let hasSources = false;
  for (const { key, value } of store.files.entries()) {
    known.set(key, value);
    hasSources ||= !isHeader(key);
  }
  const changed: Changed[] = [];
  const touched: [string, FileRecord][] = [];
  for (const path of paths) {
    const record = known.get(path);
    known.delete(path);
    const at = statTreeFile(root, path);
    if (!at || (record && record.size === at.size && record.mtime === at.mtime)) continue;
    if (record && record.size === at.size && sameBytes(root, path, record))
      touched.push([path, { ...record, mtime: at.mtime }]);
    else changed.push({ path, size: at.size });
  }
  if (touched.length)
    transact(store, token, () => {
      for (const [path, record] of touched) store.files.put(path, record);
    });
  return { changed, removed: [...known.keys()], hasSources };
}

/** A file with another time stamp may hold what it held: a checkout there and back touches thousands. */
function sameBytes(root: string, path: string, record: FileRecord): boolean {
  const file = readTreeFile(root, path);
  return file !== null && hashOf(file.bytes) === record.hash;
}

/** Every file: those that have changed, and those that the index has as they are on disk. */
export function allOf(store: Store, { changed, removed }: Changes): Changed[] {
  const known = new Set([...changed.map((f) => f.path), ...removed]);
  const out = [...changed];
  for (const { key, value } of store.files.entries()) if (!known.has(key)) out.push({ path: key, size: value.size });
  return out;
}

/** The same of a few files. */
export function changedAmong(
  store: Store,
  root: string,
  only: readonly string[],
  exclude?: (path: string) => boolean,
): Changes {
  const changed: Changed[] = [];
  const removed: string[] = [];
  for (const path of only) {
    const at = isLeftOut(path, exclude) ? null : statTreeFile(root, path);
    const record = store.files.get(path);
    if (!at) {
      if (record) removed.push(path);
    } else if (!record || record.size !== at.size || record.mtime !== at.mtime) changed.push({ path, size: at.size });
  }
  return { changed, removed, hasSources: true };
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

/** What headers' records and typedefs looked like before they were read again. */
export interface Shapes {
  headers: string[];
  before: Map<string, string>;
}

/**
 * The shapes of headers that are about to be read again, and those that a build which did not come to its end has left:
 * what was linked by them is not linked anew yet.
 */
export function shapesBefore(store: Store, headers: readonly string[]): Shapes {
  const bytes = store.blobs.get('shapes');
  const left = bytes
    ? (JSON.parse(bytes.toString('utf8')) as { headers: string[]; before: [string, string][] })
    : { headers: [], before: [] };
  return {
    headers: [...new Set([...left.headers, ...headers])],
    before: new Map([...shapesOf(store, headers), ...left.before]),
  };
}

/** Keeps shapes for the case that a build does not come to its end; null: it has. Inside a transaction. */
export function putShapes(store: Store, shapes: Shapes | null): void {
  if (shapes?.headers.length)
    store.blobs.put('shapes', [Buffer.from(JSON.stringify({ headers: shapes.headers, before: [...shapes.before] }))]);
  else store.blobs.remove('shapes');
}

const membersOf = (shape: string | undefined): string[] =>
  (shape ?? '').split(';').map((field) => field.slice(0, field.indexOf(':')));

/** Files whose slots were found by way of a record that looks different now; `known` are read anyway. */
export function staleLinks(
  store: Store,
  { segments }: Meta,
  { headers, before }: Shapes,
  known: readonly Changed[],
): Changed[] {
  const after = shapesOf(store, headers);
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
export function parameterisedBy(
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
    for (const { key, value } of store.files.entries({ start: `${folder}/`, end: `${folder}0` })) {
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
export function readStale(store: Store): Set<string> {
  const text = store.blobs.get('stale')?.toString('latin1');
  return new Set(text ? text.split('\n') : []);
}

/** Keeps the list for the next look at the whole tree. Inside a transaction. */
export function putStale(store: Store, stale: ReadonlySet<string>): void {
  if (stale.size) store.blobs.put('stale', [Buffer.from([...stale].join('\n'), 'latin1')]);
  else store.blobs.remove('stale');
}

/** Files whose facts depend on one of the macros, or on what a header of one of the names lists. */
export function filesUsing(store: Store, stale: ReadonlySet<string>, except: ReadonlySet<string>): Changed[] {
  const out: Changed[] = [];
  const hashes = new Set([...stale].map(hashName));
  const includes = (name: string) => stale.has(name.replace(/^["<](?:.*\/)?|[">].*$/g, ''));
  for (const { key, value } of store.files.entries()) {
    if (except.has(key)) continue;
    const bytes = store.facts.get(value.id);
    const facts = bytes && decodeFacts(bytes);
    if (facts && (facts.macrosUsed.some((m) => hashes.has(m)) || facts.includes.some(includes)))
      out.push({ path: key, size: value.size });
  }
  return out;
}
