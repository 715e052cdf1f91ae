/** Types of other files, read from the index on demand and kept while they are asked for. */
import type { FileFacts } from '../../facts/types.ts';
import { type Cache, newCache } from '../cache.ts';
import type { StoreReader } from '../read/storeReader.ts';
import { NameFlag, NameKind, type NamePosting } from '../store/postings.ts';
import { includedNames } from './nearest.ts';
import type { RecordAt, Type, TypeSource } from './source.ts';

/** Types of an index: of no file in particular, or as one file sees them. */
export interface IndexTypes {
  /** with no file in view */
  types: TypeSource;
  /** A file's own facts first (they may be newer than the index), then the index; null for no file in view. */
  typesFor(facts: FileFacts | null): TypeSource;
  /** forgets what it holds: after the index changed */
  clear(): void;
}

/** What types are read from. */
export type TypesReader = Pick<StoreReader, 'factsOf' | 'pathOf' | 'names' | 'record'>;

/** What all files share. */
interface Shared {
  reader: TypesReader;
  fileId: (path: string) => number | undefined;
  architecture: string;
  byTag: Cache<string, RecordAt[]>;
  typedefs: Cache<string, Type[]>;
  variables: Cache<string, Type[]>;
  returns: Cache<string, Type[]>;
  /** counts up when the index changes */
  state: number;
}

/** What a file itself declares, by name; made when it is first asked for. */
interface OwnNames {
  records?: Map<string, RecordAt[]>;
  typedefs?: Map<string, Type[]>;
  variables?: Map<string, Type[]>;
  functions?: Map<string, Type[]>;
}

/** One file's view of the types. */
interface Own {
  facts: FileFacts;
  names: OwnNames;
  included: readonly string[] | null;
}

const MAX_TYPES_OF_A_NAME = 200;

/** Opens the types of an index. `fileId` tells a file's number. */
export function openTypes(
  reader: TypesReader,
  fileId: (path: string) => number | undefined,
  architecture: string,
): IndexTypes {
  const shared: Shared = {
    reader,
    fileId,
    architecture,
    byTag: newCache(2000),
    typedefs: newCache(8000),
    variables: newCache(4000),
    returns: newCache(4000),
    state: 0,
  };
  const types = viewOf(shared, null);
  // the same file is asked about several times in a row
  let last: { facts: FileFacts; view: TypeSource } | null = null;
  return {
    types,
    typesFor(facts) {
      if (!facts) return types;
      if (last?.facts === facts) return last.view;
      // what was found out with no file in view is kept as long as one file is
      types.memo?.clear();
      last = { facts, view: viewOf(shared, facts) };
      return last.view;
    },
    clear() {
      shared.state++;
      for (const known of [shared.byTag, shared.typedefs, shared.variables, shared.returns]) known.clear();
    },
  };
}

function viewOf(shared: Shared, facts: FileFacts | null): TypeSource {
  const own: Own | null = facts && { facts, names: {}, included: null };
  const memo = new Map<string, unknown>();
  let state = shared.state;
  return {
    architecture: shared.architecture,
    get memo() {
      if (state !== shared.state) {
        memo.clear();
        state = shared.state;
      }
      return memo;
    },
    includes: (file) => (own && own.facts.path === file ? includesOf(own) : []),
    recordsByTag: (tag) => recordsByTag(shared, own, tag),
    recordAt: (file, n) => recordAt(shared, own, file, n),
    typedefs: (name) => typedefsNamed(shared, own, name),
    variables: (name) => variablesNamed(shared, own, name),
    returns: (name) => returnsOf(shared, own, name),
  };
}

function includesOf(own: Own): readonly string[] {
  own.included ??= includedNames(own.facts.includes);
  return own.included;
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

/** A file's own in front: its facts may be newer than what the index has of it. */
function withOwn<T extends { file: string }>(own: Own | null, first: readonly T[] | undefined, all: T[]): T[] {
  const path = own?.facts.path;
  const others = own && all.some((t) => t.file === path) ? all.filter((t) => t.file !== path) : all;
  return first ? [...first, ...others] : others;
}

/** Types of a name's postings that `wanted` takes. */
function typesNamed({ reader }: Shared, name: string, wanted: (p: NamePosting) => boolean): Type[] {
  const out: Type[] = [];
  for (const p of reader.names(name)) {
    if (!wanted(p) || out.length > MAX_TYPES_OF_A_NAME) continue;
    const file = reader.pathOf(p.file);
    if (p.type) out.push({ text: p.type, file });
  }
  return out;
}

function recordsByTag(shared: Shared, own: Own | null, tag: string): RecordAt[] {
  if (own)
    own.names.records ??= byName(
      own.facts.records,
      (r) => r.tag,
      (record) => ({ record, file: own.facts.path }),
    );
  const { reader } = shared;
  const all = shared.byTag.get(tag, () => {
    const list: RecordAt[] = [];
    for (const p of reader.names(tag)) {
      if (p.kind !== NameKind.Record) continue;
      const record = reader.record(p.file, p.index);
      if (record) list.push({ record, file: reader.pathOf(p.file) });
    }
    return list;
  });
  return withOwn(own, own?.names.records?.get(tag), all);
}

function recordAt({ reader, fileId }: Shared, own: Own | null, file: string, n: number) {
  if (own?.facts.path === file) return own.facts.records[n] ?? null;
  const id = fileId(file);
  return id === undefined ? null : reader.record(id, n);
}

function typedefsNamed(shared: Shared, own: Own | null, name: string): Type[] {
  if (own) own.names.typedefs ??= byName(own.facts.typedefs, nameOf, (t) => ({ text: t.type, file: own.facts.path }));
  const all = shared.typedefs.get(name, () => typesNamed(shared, name, isTypedef));
  return withOwn(own, own?.names.typedefs?.get(name), all);
}

/** What a name's kind and flags tell of it. */
type Named = Pick<NamePosting, 'kind' | 'flags'>;

/** Does the name stand for another type (`typedef … name;`)? */
export const isTypedef = (p: Named): boolean => p.kind === NameKind.Typedef;

/** Is it a function with its body? */
export const isFunction = (p: Named): boolean => p.kind === NameKind.Function;

/** Is it an object that other functions see, defined or declared? */
export const isGlobalVariable = (p: Named): boolean =>
  p.kind === NameKind.Variable
    ? (p.flags & NameFlag.Local) === 0
    : p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) === 0;

function variablesNamed(shared: Shared, own: Own | null, name: string): Type[] {
  if (own)
    own.names.variables ??= byName(
      [...own.facts.variables.filter((v) => !v.function), ...own.facts.declarations.filter((d) => !d.function)],
      nameOf,
      (v) => ({ text: v.type, file: own.facts.path }),
    );
  const all = shared.variables.get(name, () => typesNamed(shared, name, isGlobalVariable));
  return withOwn(own, own?.names.variables?.get(name), all);
}

/** Is it a function's declaration? Its body may be assembly. */
export const isPrototype = (p: Named): boolean =>
  p.kind === NameKind.Declaration && (p.flags & NameFlag.Function) !== 0;

function returnsOf(shared: Shared, own: Own | null, name: string): Type[] {
  if (own)
    own.names.functions ??= byName(own.facts.functions, nameOf, (f) => ({
      text: f.returnType,
      file: own.facts.path,
    }));
  const all = shared.returns.get(name, () => {
    const defined = typesNamed(shared, name, isFunction);
    return defined.length ? defined : typesNamed(shared, name, isPrototype);
  });
  return withOwn(own, own?.names.functions?.get(name), all);
}
