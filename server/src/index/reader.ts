/** Questions the index answers by itself: by name, by slot, by file. */
import type { FileFacts, RecordFact } from '../facts/types.ts';
import { decodeRegistration, decodeTable, fileOfValue, slotKey, slotOfTarget, type NamePosting, type Registration, type TablePosting } from './postings.ts';
import { type Meta, openStore, type Store } from './store.ts';
import { type StoreReader, storeReader, typesOf } from './storeTypes.ts';
import { decodeSymbols, searchSymbols, type SymbolList } from './symbols.ts';
import type { TypeSource } from './typing.ts';

export interface IndexReader {
  root: string;
  meta(): Meta | undefined;
  pathOf(file: number): string;
  fileId(path: string): number | undefined;
  /** facts of a file as indexed, its records included; null where it isn't in the index */
  facts(path: string): FileFacts | null;
  names(name: string): NamePosting[];
  record(file: number, n: number): RecordFact | null;
  registrationsOfSlot(owner: string, member: string): Registration[];
  registrationsOfTarget(name: string): Registration[];
  tablesOfRecord(tag: string): TablePosting[];
  searchNames(query: string, limit: number): { name: string; score: number }[];
  /** every file, in order of path */
  files(): Iterable<{ path: string; id: number }>;
  types: TypeSource & { setOwn(facts: FileFacts | null): void };
  /** forgets what it holds, after the index has changed */
  refresh(): void;
  close(): Promise<void>;
}

/** Opens an index for reading; null where there is none (or only one that must be built anew). */
export function openReader(storage: string, root: string): IndexReader | null {
  const store: Store | null = openStore(storage, root, true, () => {});
  if (!store) return null;
  const reader: StoreReader = storeReader(store);
  const meta = store.meta.get('meta');
  const types = typesOf(reader, (path) => store.files.get(path)?.id, meta?.architecture ?? 'x86');
  let symbols: SymbolList | null = null;
  const ofTarget = (name: string): Registration[] => {
    const out: Registration[] = [];
    for (const value of store.targets.getValues(name)) {
      const key = slotOfTarget(value as Buffer);
      const file = fileOfValue(value as Buffer);
      for (const b of store.slots.getValues(key)) {
        if (fileOfValue(b as Buffer) !== file) continue;
        const r = decodeRegistration(key, b as Buffer);
        if (r.target === name) out.push(r);
      }
    }
    return out;
  };
  return {
    root,
    meta: () => store.meta.get('meta'),
    pathOf: reader.pathOf,
    fileId: (path) => store.files.get(path)?.id,
    facts(path) {
      const id = store.files.get(path)?.id;
      const facts = id === undefined ? null : reader.factsOf(id);
      if (!facts || id === undefined) return null;
      if (facts.records.length === 0)
        for (let n = 0; ; n++) {
          const record = reader.record(id, n);
          if (!record) break;
          facts.records.push(record);
        }
      return facts;
    },
    names: reader.names,
    record: reader.record,
    registrationsOfSlot(owner, member) {
      const key = slotKey(owner, member);
      return [...store.slots.getValues(key)].map((b) => decodeRegistration(key, b as Buffer));
    },
    registrationsOfTarget: ofTarget,
    tablesOfRecord: (tag) => [...store.tables.getValues(tag)].map((b) => decodeTable(b as Buffer)),
    searchNames(query, limit) {
      symbols ??= decodeSymbols(store.blobs.get('symbols'));
      return searchSymbols(symbols, query, limit);
    },
    *files() {
      for (const { key, value } of store.files.getRange()) yield { path: key, id: value.id };
    },
    types,
    refresh() {
      reader.clear();
      types.clear();
      symbols = null;
    },
    close: () => store.root.close(),
  };
}
