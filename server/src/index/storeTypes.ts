/** Types of other files, read from the index on demand and kept while they are asked for. */
import type { FileFacts, RecordFact } from '../facts/types.ts';
import { decodeFacts, recordIn } from './codec.ts';
import { decodeName, fileOfValue, NameKind, type NamePosting } from './postings.ts';
import { type RowsDb, rowsOf } from './rows.ts';
import { readDead, type Store } from './store.ts';
import type { RecordAt, Type, TypeSource } from './typing.ts';

/** A small cache that forgets the oldest entries. */
export function newCache<K, V>(limit: number): { get(key: K, make: () => V): V; clear(): void } {
  const map = new Map<K, V>();
  return {
    get(key, make) {
      const known = map.get(key);
      if (known !== undefined || map.has(key)) return known as V;
      const value = make();
      if (map.size >= limit) {
        let drop = limit >> 2;
        for (const old of map.keys()) {
          if (drop-- <= 0) break;
          map.delete(old);
        }
      }
      map.set(key, value);
      return value;
    },
    clear: () => map.clear(),
  };
}

export interface StoreReader {
  factsOf(file: number): FileFacts | null;
  pathOf(file: number): string;
  names(name: string): NamePosting[];
  record(file: number, n: number): RecordFact | null;
  /** values of a key in one of the tables of rows, without those of dead files */
  rows(table: (store: Store) => RowsDb, key: string): Buffer[];
  /** forgets what it holds: after the index changed */
  clear(): void;
}

const NO_SEGMENTS = { first: 0, next: 0 };

export function storeReader(store: Store): StoreReader {
  const facts = newCache<number, FileFacts | null>(200);
  const records = newCache<number, Buffer | null>(200);
  const paths = newCache<number, string>(60_000);
  const names = newCache<string, NamePosting[]>(20_000);
  let segments = store.meta.get('meta')?.segments ?? NO_SEGMENTS;
  let dead = readDead(store);
  const rows: StoreReader['rows'] = (table, key) => {
    const all = rowsOf(table(store), segments, key);
    return dead.size ? all.filter((value) => !dead.has(fileOfValue(value))) : all;
  };
  return {
    rows,
    factsOf: (file) =>
      facts.get(file, () => {
        const bytes = store.facts.get(file);
        return bytes ? decodeFacts(bytes) : null;
      }),
    pathOf: (file) => paths.get(file, () => store.paths.get(file) ?? ''),
    names: (name) =>
      names.get(name, () =>
        rows((s) => s.names, name)
          .map(decodeName)
          .sort((a, b) => a.file - b.file),
      ),
    record(file, n) {
      const block = records.get(file, () => store.records.get(file) ?? null);
      return block && recordIn(block, n);
    },
    clear() {
      // a file that is read again gets a new number: what is known by number stays true
      names.clear();
      segments = store.meta.get('meta')?.segments ?? NO_SEGMENTS;
      dead = readDead(store);
    },
  };
}

/** Types with one file's own facts in front. */
export interface OwnTypes extends TypeSource {
  setOwn(facts: FileFacts | null): void;
  clear(): void;
}

/**
 * Types as one file sees them: its own facts first (they may be newer than the index), then the index. `own` may be
 * null where no file is in view.
 */
export function typesOf(
  reader: Omit<StoreReader, 'clear' | 'rows'>,
  fileId: (path: string) => number | undefined,
  architecture: string,
): OwnTypes {
  let own: FileFacts | null = null;
  const byTag = newCache<string, RecordAt[]>(4000);
  const typedefs = newCache<string, Type[]>(8000);
  const variables = newCache<string, Type[]>(4000);
  const returns = newCache<string, Type[]>(4000);
  const found = <T>(
    name: string,
    kinds: readonly NameKind[],
    pick: (facts: FileFacts, p: NamePosting) => T | undefined,
  ): T[] => {
    const out: T[] = [];
    for (const p of reader.names(name)) {
      if (!kinds.includes(p.kind) || out.length > 200) continue;
      if (own && reader.pathOf(p.file) === own.path) continue;
      const facts = reader.factsOf(p.file);
      const item = facts && pick(facts, p);
      if (item) out.push(item);
    }
    return out;
  };
  const withOwn = <T>(mine: T[], others: T[]): T[] => (mine.length ? [...mine, ...others] : others);
  return {
    architecture,
    setOwn(facts) {
      own = facts;
    },
    clear() {
      byTag.clear();
      typedefs.clear();
      variables.clear();
      returns.clear();
    },
    recordsByTag(tag) {
      const mine = own
        ? own.records.filter((r) => r.tag === tag).map((record) => ({ record, file: (own as FileFacts).path }))
        : [];
      const others = byTag.get(tag, () => {
        const list: RecordAt[] = [];
        for (const p of reader.names(tag)) {
          if (p.kind !== NameKind.Record) continue;
          const record = reader.record(p.file, p.index);
          if (record) list.push({ record, file: reader.pathOf(p.file) });
        }
        return list;
      });
      return mine.length ? [...mine, ...others.filter((o) => o.file !== own?.path)] : others;
    },
    recordAt(file, n) {
      if (own?.path === file) return own.records[n] ?? null;
      const id = fileId(file);
      return id === undefined ? null : reader.record(id, n);
    },
    typedefs(name) {
      const mine = own
        ? own.typedefs.filter((t) => t.name === name).map((t) => ({ text: t.type, file: (own as FileFacts).path }))
        : [];
      return withOwn(
        mine,
        typedefs.get(name, () =>
          found(
            name,
            [NameKind.Typedef],
            (f, p) => f.typedefs[p.index] && { text: f.typedefs[p.index].type, file: f.path },
          ),
        ),
      );
    },
    variables(name) {
      const path = own?.path ?? '';
      const mine = own
        ? [
            ...own.variables.filter((v) => v.name === name && !v.function).map((v) => ({ text: v.type, file: path })),
            ...own.declarations
              .filter((d) => d.name === name && !d.function)
              .map((d) => ({ text: d.type, file: path })),
          ]
        : [];
      return withOwn(
        mine,
        variables.get(name, () =>
          found(name, [NameKind.Variable, NameKind.Declaration], (f, p) => {
            const v = p.kind === NameKind.Variable ? f.variables[p.index] : f.declarations[p.index];
            if (!v || ('inits' in v ? v.function !== null : v.function)) return undefined;
            return { text: v.type, file: f.path };
          }),
        ),
      );
    },
    returns(name) {
      const mine = own
        ? own.functions
            .filter((f) => f.name === name)
            .map((f) => ({ text: f.returnType, file: (own as FileFacts).path }))
        : [];
      return withOwn(
        mine,
        returns.get(name, () =>
          found(
            name,
            [NameKind.Function],
            (f, p) => f.functions[p.index] && { text: f.functions[p.index].returnType, file: f.path },
          ),
        ),
      );
    },
  };
}
