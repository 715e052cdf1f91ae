/** Types of other files, read from the index on demand and kept while they are asked for. */
import type { FileFacts, RecordFact } from '../../facts/types.ts';
import { IndexDamage } from '../store/checked.ts';
import { decodeFacts, recordIn } from '../store/codec.ts';
import { decodeName, fileOfValue, NameFlag, NameKind, type NamePosting } from '../store/postings.ts';
import { type RowsDb, rowsOf } from '../store/rows.ts';
import { readDead, type Store } from '../store/store.ts';
import { includedNames, type RecordAt, type Type, type TypeSource } from './typing.ts';

export interface Cache<K, V> {
  get(key: K, make: () => V): V;
  forget(key: K): void;
  clear(): void;
}

/**
 * A small cache that forgets the oldest entries, a quarter at a time. `limit` is the number of entries, or the sum of
 * what `weigh` says of them where they differ in size.
 */
export function newCache<K, V>(limit: number, weigh: (value: V) => number = () => 1): Cache<K, V> {
  const map = new Map<K, V>();
  let sum = 0;
  const forget = (key: K): void => {
    const value = map.get(key);
    if (map.delete(key)) sum -= weigh(value as V);
  };
  return {
    forget,
    get(key, make) {
      const known = map.get(key);
      if (known !== undefined || map.has(key)) return known as V;
      const value = make();
      const weight = weigh(value);
      if (sum + weight > limit)
        for (const old of map.keys()) {
          if (sum + weight <= limit * 0.75) break;
          forget(old);
        }
      map.set(key, value);
      sum += weight;
      return value;
    },
    clear() {
      map.clear();
      sum = 0;
    },
  };
}

/** How much a file's facts hold: a list's entry takes some 150 bytes, whatever it is. */
const sizeOfFacts = (facts: FileFacts | null): number =>
  facts === null
    ? 1
    : Object.values(facts).reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 1), 0);
const MAX_FACTS = 120_000;
const MAX_RECORD_BYTES = 4 << 20;

export interface StoreReader {
  factsOf(file: number): FileFacts | null;
  pathOf(file: number): string;
  names(name: string): NamePosting[];
  record(file: number, n: number): RecordFact | null;
  /** name of a file's function by its index; '' where there is none */
  functionName(file: number, index: number): string;
  /** values of a key in one of the tables of rows, without those of dead files */
  rows(table: (store: Store) => RowsDb, key: string): Buffer[];
  /** forgets what it holds: after the index changed */
  clear(): void;
}

const NO_SEGMENTS = { first: 0, next: 0 };

export function storeReader(store: Store): StoreReader {
  const facts = newCache<number, FileFacts | null>(MAX_FACTS, sizeOfFacts);
  const records = newCache<number, Buffer | null>(MAX_RECORD_BYTES, (block) => (block?.length ?? 0) + 100);
  const functions = newCache<number, string[]>(2000);
  const paths = newCache<number, string>(60_000);
  const names = newCache<string, NamePosting[]>(20_000);
  let segments = store.meta.get('meta')?.segments ?? NO_SEGMENTS;
  let dead = readDead(store);
  const clear = () => {
    // a file that is read again gets a new number: what is known by number stays true
    names.clear();
    segments = store.meta.get('meta')?.segments ?? NO_SEGMENTS;
    dead = readDead(store);
  };
  const rowsNow = (table: RowsDb, key: string): Buffer[] => {
    const { first, next } = segments;
    try {
      return rowsOf(table, segments, key);
    } catch (error) {
      // what looks like a segment that is lost may be one that another process has merged into the next
      clear();
      if (!(error instanceof IndexDamage) || (segments.first === first && segments.next === next)) throw error;
      return rowsOf(table, segments, key);
    }
  };
  const rows: StoreReader['rows'] = (table, key) => {
    const all = rowsNow(table(store), key);
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
    functionName: (file, index) =>
      functions.get(file, () => store.functions.get(file)?.toString('latin1').split('\n') ?? [])[index] ?? '',
    record(file, n) {
      const block = records.get(file, () => store.records.get(file) ?? null);
      return block && recordIn(block, n);
    },
    clear,
  };
}

/** Types with one file's own facts in front. */
export interface OwnTypes extends TypeSource {
  setOwn(facts: FileFacts | null): void;
  clear(): void;
}

/** What a file itself declares, by name; made when it is first asked for. */
interface OwnNames {
  records?: Map<string, RecordAt[]>;
  typedefs?: Map<string, Type[]>;
  variables?: Map<string, Type[]>;
  functions?: Map<string, Type[]>;
}

const nameOf = (fact: { name: string }): string => fact.name;

function byName<T, V>(items: readonly T[], name: (item: T) => string, make: (item: T) => V): Map<string, V[]> {
  const out = new Map<string, V[]>();
  for (const item of items) {
    const key = name(item);
    const list = out.get(key);
    if (list) list.push(make(item));
    else out.set(key, [make(item)]);
  }
  return out;
}

/**
 * Types as one file sees them: its own facts first (they may be newer than the index), then the index. `own` may be
 * null where no file is in view.
 */
export function typesOf(
  reader: Omit<StoreReader, 'clear' | 'rows' | 'functionName'>,
  fileId: (path: string) => number | undefined,
  architecture: string,
): OwnTypes {
  let own: FileFacts | null = null;
  const byTag = newCache<string, RecordAt[]>(4000);
  const typedefs = newCache<string, Type[]>(8000);
  const variables = newCache<string, Type[]>(4000);
  const returns = newCache<string, Type[]>(4000);
  /** Types of a name's postings that `wanted` takes. */
  const found = (name: string, wanted: (p: NamePosting) => boolean): Type[] => {
    const out: Type[] = [];
    for (const p of reader.names(name)) {
      if (!wanted(p) || out.length > 200) continue;
      const file = reader.pathOf(p.file);
      if (p.type) out.push({ text: p.type, file });
    }
    return out;
  };
  const memo = new Map<string, unknown>();
  let included: readonly string[] | null = null;
  let mine: OwnNames = {};
  /** A file's own in front: its facts may be newer than what the index has of it. */
  const withOwn = (first: readonly Type[] | undefined, all: Type[]): Type[] => {
    const others = own && all.some((t) => t.file === own?.path) ? all.filter((t) => t.file !== own?.path) : all;
    return first ? [...first, ...others] : others;
  };
  return {
    architecture,
    memo,
    setOwn(facts) {
      if (facts !== own) {
        memo.clear();
        included = null;
        mine = {};
      }
      own = facts;
    },
    clear() {
      memo.clear();
      byTag.clear();
      typedefs.clear();
      variables.clear();
      returns.clear();
    },
    includes(file) {
      if (!own || own.path !== file) return [];
      const names = included ?? includedNames(own.includes);
      included = names;
      return names;
    },
    recordsByTag(tag) {
      const file = own?.path ?? '';
      mine.records ??= byName(
        own?.records ?? [],
        (r) => r.tag,
        (record) => ({ record, file }),
      );
      const first = mine.records.get(tag);
      const others = byTag.get(tag, () => {
        const list: RecordAt[] = [];
        for (const p of reader.names(tag)) {
          if (p.kind !== NameKind.Record) continue;
          const record = reader.record(p.file, p.index);
          if (record) list.push({ record, file: reader.pathOf(p.file) });
        }
        return list;
      });
      const elsewhere =
        own && others.some((o) => o.file === own?.path) ? others.filter((o) => o.file !== own?.path) : others;
      return first ? [...first, ...elsewhere] : elsewhere;
    },
    recordAt(file, n) {
      if (own?.path === file) return own.records[n] ?? null;
      const id = fileId(file);
      return id === undefined ? null : reader.record(id, n);
    },
    typedefs(name) {
      const file = own?.path ?? '';
      mine.typedefs ??= byName(own?.typedefs ?? [], nameOf, (t) => ({ text: t.type, file }));
      return withOwn(
        mine.typedefs.get(name),
        typedefs.get(name, () => found(name, (p) => p.kind === NameKind.Typedef)),
      );
    },
    variables(name) {
      const file = own?.path ?? '';
      mine.variables ??= byName(
        [...(own?.variables.filter((v) => !v.function) ?? []), ...(own?.declarations.filter((d) => !d.function) ?? [])],
        nameOf,
        (v) => ({ text: v.type, file }),
      );
      return withOwn(
        mine.variables.get(name),
        variables.get(name, () =>
          found(name, (p) =>
            p.kind === NameKind.Variable
              ? (p.flags & NameFlag.Local) === 0
              : p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) === 0,
          ),
        ),
      );
    },
    returns(name) {
      const file = own?.path ?? '';
      mine.functions ??= byName(own?.functions ?? [], nameOf, (f) => ({ text: f.returnType, file }));
      return withOwn(
        mine.functions.get(name),
        returns.get(name, () => {
          const defined = found(name, (p) => p.kind === NameKind.Function);
          // its body may be assembly
          return defined.length
            ? defined
            : found(name, (p) => p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0);
        }),
      );
    },
  };
}
