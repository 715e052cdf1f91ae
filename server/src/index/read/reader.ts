/** Questions the index answers by itself: by name, by slot, by file. */
import type { FileFacts, RecordFact } from '../../facts/types.ts';
import { type Cache, newCache } from '../cache.ts';
import { endKey, parseEnd } from '../link/ends.ts';
import type { Module } from '../modules/mounts.ts';
import { decodeSymbols, type SymbolList, searchSymbols } from '../store/nameList.ts';
import {
  decodeCaller,
  decodeDispatch,
  decodeFlow,
  decodeRegistration,
  decodeTable,
  fileOfValue,
  flowsToKey,
  type Registration,
  slotKey,
  slotOfTarget,
} from '../store/postings.ts';
import { eachKeyWith, MAX_KEY, type Segments } from '../store/rows.ts';
import { closeStore, type Meta, openForReading, type Store, storeIdentity } from '../store/store.ts';
import { type IndexTypes, openTypes } from '../types/indexTypes.ts';
import type { TypeSource } from '../types/source.ts';
import type { Flow, RowQuestions } from './questions.ts';
import { type StoreReader, storeReader } from './storeReader.ts';

/** An index, or what stands in for one. Paths are relative to the tree, lines 1-based, columns 1-based bytes. */
export interface IndexReader extends RowQuestions {
  /** absolute path of the tree */
  root: string;
  meta(): Meta | undefined;
  /** has every file of the tree been read into it? Until then nothing may be called absent */
  isWhole(): boolean;
  pathOf(file: number): string;
  fileId(path: string): number | undefined;
  /** facts of a file as indexed, its records included; null where it isn't in the index. `once`: they need not be kept */
  facts(path: string, once?: boolean): FileFacts | null;
  record(file: number, n: number): RecordFact | null;
  /** what a file #includes, as written: `"own.h"`, `<linux/fs.h>` */
  includes(path: string): readonly string[];
  /** tags of the structs and unions that have a member of this name with registrations; worked out when first asked for */
  ownersOf(member: string): readonly string[];
  /** how many functions and macros call a name, all or those of one file: counted without a look at any */
  callerCount(name: string, file?: number): number;
  /** names that hold a query's letters in order, best first */
  searchNames(query: string, limit: number): { name: string; score: number }[];
  /** every file, in order of path */
  files(): Iterable<{ path: string; id: number }>;
  /** types of the tree, with no file in view */
  types: TypeSource;
  /** the same as one file sees them: what it declares itself comes first; null for no file */
  typesFor(facts: FileFacts | null): TypeSource;
  /** forgets what it holds, after the index has changed */
  refresh(): void;
  close(): Promise<void>;
}

/** An index on disk. */
export interface StoredReader extends IndexReader {
  /** is every byte of a file a character, as it was indexed? null for a file that isn't in the index */
  isAscii(path: string): boolean | null;
}

interface Opened {
  store: Store;
  reader: StoreReader;
  types: IndexTypes;
  symbols: SymbolList | null;
  /** made when it is first asked for; goes on from there after a change */
  owners: Owners | null;
  /** rows of the slots asked about last: a thousand functions share one */
  slots: Cache<string, PackedRows>;
  /** which data file it is: a build may put another in its place */
  file: number;
}

/** Rows one behind the other, with the offset of each one's end: a Buffer for each would take more than the rows do. */
interface PackedRows {
  bytes: Buffer;
  ends: Uint32Array;
}

/** Bytes that are kept of slots' rows. */
const MAX_SLOT_BYTES = 12 << 20;

/** Copies: a row as it is read holds on to all the rows around it. */
function packed(rows: readonly Buffer[]): PackedRows {
  let end = 0;
  return { bytes: Buffer.concat(rows), ends: Uint32Array.from(rows, (row) => (end += row.length)) };
}

function openParts(storage: string, root: string, architecture: string, module: Module | undefined): Opened | null {
  const store = openForReading(storage, root, architecture, module);
  if (!store) return null;
  const reader = storeReader(store);
  const types = openTypes(reader, (path) => store.files.get(path)?.id, architecture);
  return {
    store,
    reader,
    types,
    symbols: null,
    owners: null,
    slots: newCache(MAX_SLOT_BYTES, ({ bytes, ends }) => bytes.length + ends.byteLength + 200),
    file: storeIdentity(store.folder),
  };
}

/** Structs by the members that have registrations, as far as some segments tell. */
interface Owners {
  segments: Segments;
  byMember: Map<string, Set<string>>;
}

/** One pass over the keys of all slots; where segments have been added since `known`, over those. */
function readOwners({ store }: Opened, known: Owners | null): Owners {
  const segments = store.meta.get('meta')?.segments ?? { first: 0, next: 0 };
  const goesOn = known !== null && known.segments.first === segments.first && known.segments.next <= segments.next;
  if (goesOn && known.segments.next === segments.next) return known;
  const byMember = goesOn ? known.byMember : new Map<string, Set<string>>();
  const take = (bytes: Buffer, start: number, end: number) => {
    const key = bytes.toString('latin1', start, end);
    const dot = key.lastIndexOf('.');
    const owner = key.slice(0, dot);
    if (owner === '' || owner === '?') return;
    const member = key.slice(dot + 1);
    const owners = byMember.get(member);
    if (owners) owners.add(owner);
    else byMember.set(member, new Set([owner]));
  };
  const from = goesOn ? known.segments.next : segments.first;
  eachKeyWith(store.slots, { first: from, next: segments.next }, () => true, take);
  return { segments: { ...segments }, byMember };
}

function registrationsOfTarget({ reader, slots }: Opened, name: string): Registration[] {
  // simple_open stands in one slot in a thousand files: its rows are gone through once
  const files = new Map<string, Set<number>>();
  for (const value of reader.rows((s) => s.targets, name)) {
    const key = slotOfTarget(value);
    const of = files.get(key);
    if (of) of.add(fileOfValue(value));
    else files.set(key, new Set([fileOfValue(value)]));
  }
  const out: Registration[] = [];
  for (const [key, of] of files) {
    const { bytes, ends } = slots.get(key, () => packed(reader.rows((s) => s.slots, key)));
    let start = 0;
    for (const end of ends) {
      if (of.has(fileOfValue(bytes, start))) {
        const r = decodeRegistration(key, bytes.subarray(start, end));
        if (r.target === name) out.push(r);
      }
      start = end;
    }
  }
  return out;
}

function factsOf({ store, reader }: Opened, path: string, once = false): FileFacts | null {
  const id = store.files.get(path)?.id;
  const facts = id === undefined ? null : reader.factsOf(id, once);
  if (!facts || id === undefined) return null;
  if (facts.records.length === 0)
    for (let n = 0; ; n++) {
      const record = reader.record(id, n);
      if (!record) break;
      facts.records.push(record);
    }
  return facts;
}

/** The steps under a key; a step that leads to an end is found under `flowsToKey`. */
const flowsAt = ({ reader }: Opened, key: string): Flow[] =>
  reader
    .rows((s) => s.flows, key.slice(0, MAX_KEY))
    .map((b) => {
      const { from, to, ...step } = decodeFlow(key, b);
      return { ...step, from: parseEnd(from), to: parseEnd(to) };
    });

/**
 * Opens the index of a tree for reading, or that of a module beside it; null where there is none (or only one that must
 * be built anew). A module's has no types but its own: see `withModules`.
 */
export function openReader(storage: string, root: string, architecture: string, module?: Module): StoredReader | null {
  const first = openParts(storage, root, architecture, module);
  if (!first) return null;
  let now = first;
  return {
    root,
    meta: () => now.store.meta.get('meta'),
    isWhole: () => (now.store.meta.get('meta')?.complete ?? 0) > 0,
    pathOf: (file) => now.reader.pathOf(file),
    fileId: (path) => now.store.files.get(path)?.id,
    isAscii: (path) => now.store.files.get(path)?.ascii ?? null,
    facts: (path, once) => factsOf(now, path, once),
    names: (name) => now.reader.names(name),
    record: (file, n) => now.reader.record(file, n),
    includes(path) {
      const id = now.store.files.get(path)?.id;
      const lines = id === undefined ? undefined : now.store.includes.get(id);
      return lines ? lines.toString('latin1').split('\n') : [];
    },
    registrationsOfSlot(owner, member) {
      const key = slotKey(owner, member);
      return now.reader.rows((s) => s.slots, key).map((b) => decodeRegistration(key, b));
    },
    ownersOf(member) {
      now.owners = readOwners(now, now.owners);
      return [...(now.owners.byMember.get(member) ?? [])].sort();
    },
    registrationsOfTarget: (name) => registrationsOfTarget(now, name),
    tablesOfRecord: (tag) => now.reader.rows((s) => s.tables, tag).map(decodeTable),
    dispatchesOfSlot: (owner, member) => now.reader.rows((s) => s.sites, slotKey(owner, member)).map(decodeDispatch),
    callersOf: (name) =>
      now.reader.rows((s) => s.callers, name.slice(0, MAX_KEY)).map((b) => decodeCaller(b, now.reader.functionName)),
    callerCount(name, file) {
      const rows = now.reader.rows((s) => s.callers, name.slice(0, MAX_KEY));
      return file === undefined ? rows.length : rows.filter((b) => fileOfValue(b) === file).length;
    },
    filesOfWord: (word) => now.reader.filesOfWord(word).map((file) => ({ file })),
    flowsFrom: (end) => flowsAt(now, endKey(end)),
    flowsTo: (end) => flowsAt(now, flowsToKey(endKey(end))),
    searchNames(query, limit) {
      now.symbols ??= decodeSymbols(
        now.store.blobs.get('symbols'),
        now.store.blobs.get('symbolIndex'),
        now.store.blobs.get('newSymbols'),
      );
      return searchSymbols(now.symbols, query, limit);
    },
    *files() {
      for (const { key, value } of now.store.files.entries()) yield { path: key, id: value.id };
    },
    get types() {
      return now.types.types;
    },
    typesFor: (facts) => now.types.typesFor(facts),
    refresh() {
      if (storeIdentity(now.store.folder) !== now.file) {
        const next = openParts(storage, root, architecture, module);
        if (next) {
          void closeStore(now.store);
          now = next;
          return;
        }
      }
      now.reader.clear();
      now.types.clear();
      now.slots.clear();
      now.symbols = null;
    },
    close: () => closeStore(now.store),
  };
}
