/** Several sources of answers as one: open documents over the index, the index over what is read on demand. */
import type { FileFacts } from '../../facts/types.ts';
import { namesOf } from '../link/names.ts';
import { fuzzyScore } from '../store/nameList.ts';
import { NameKind } from '../store/postings.ts';
import { isFunction, isGlobalVariable, isPrototype, isTypedef } from '../types/indexTypes.ts';
import type { RecordAt, Type, TypeSource } from '../types/source.ts';
import { type FileLinks, fileLinks } from './fileLinks.ts';
import { answersBy, askOf, type Row } from './questions.ts';
import type { IndexReader } from './reader.ts';

/** Numbers of `second`'s files, so that they are none of `first`'s. */
const shift = (id: number): number => -1 - id;

/**
 * `first`, and what only `second` has. Answers of a file that both know are `first`'s. Closing and refreshing is left
 * to whoever opened them.
 */
export function layered(first: IndexReader, second: IndexReader): IndexReader {
  const onlySecond = (rows: readonly Row[]): Row[] =>
    rows.filter((p) => first.fileId(second.pathOf(p.file)) === undefined).map((p) => ({ ...p, file: shift(p.file) }));
  return {
    root: first.root,
    meta: first.meta,
    isWhole: first.isWhole,
    pathOf: (id) => (id < 0 ? second.pathOf(shift(id)) : first.pathOf(id)),
    fileId(path) {
      const id = first.fileId(path);
      if (id !== undefined) return id;
      const other = second.fileId(path);
      return other === undefined ? undefined : shift(other);
    },
    facts: (path, once) => first.facts(path, once) ?? second.facts(path, once),
    includes: (path) => (first.fileId(path) !== undefined ? first : second).includes(path),
    record: (file, n) => (file < 0 ? second.record(shift(file), n) : first.record(file, n)),
    ...answersBy((question) => {
      const [one, other] = [askOf(first, question), askOf(second, question)];
      return (...keys) => [...one(...keys), ...onlySecond(other(...keys))];
    }),
    callerCount: (name, file) => first.callerCount(name, file) + (file === undefined ? second.callerCount(name) : 0),
    ownersOf: (member) => [...new Set([...first.ownersOf(member), ...second.ownersOf(member)])],
    searchNames: (query, limit) => {
      const found = new Map(
        [...second.searchNames(query, limit), ...first.searchNames(query, limit)].map((f) => [f.name, f]),
      );
      return [...found.values()].sort((a, b) => b.score - a.score).slice(0, limit);
    },
    *files() {
      yield* first.files();
      for (const { path, id } of second.files()) if (first.fileId(path) === undefined) yield { path, id: shift(id) };
    },
    types: layeredTypes(first.types, second.types),
    typesFor: (facts) => layeredTypes(first.typesFor(facts), second.typesFor(facts)),
    refresh() {},
    close: async () => {},
  };
}

const layeredTypes = (first: TypeSource, second: TypeSource): TypeSource => ({
  architecture: first.architecture,
  memo: null,
  recordsByTag: (tag) => otherwise(first.recordsByTag(tag), () => second.recordsByTag(tag)),
  recordAt: (file, n) => first.recordAt(file, n) ?? second.recordAt(file, n),
  typedefs: (name) => otherwise(first.typedefs(name), () => second.typedefs(name)),
  variables: (name) => otherwise(first.variables(name), () => second.variables(name)),
  returns: (name) => otherwise(first.returns(name), () => second.returns(name)),
  includes: (file) => first.includes(file),
});

function otherwise<T>(a: T[], b: () => T[]): T[] {
  return a.length ? a : b();
}

/** An open document over the index. */
interface Document {
  facts: FileFacts;
  /** its number in the index, or one of its own */
  file: number;
  links: FileLinks;
}

/** Numbers of files that the index doesn't know start here. */
const FIRST_NEW = 2 ** 40;

/**
 * The index with the files in `documents` as their facts say, not as they were indexed: a reader's unsaved text counts.
 * A file is linked as far as a question needs.
 */
export function withDocuments(index: IndexReader, documents: readonly FileFacts[]): IndexReader {
  if (documents.length === 0) return index;
  let next = FIRST_NEW;
  const all: Document[] = [];
  const byPath = new Map<string, Document>();
  for (const facts of documents) {
    const types = typesOver(index.typesFor(facts), all, byPath, facts);
    const document = { facts, file: index.fileId(facts.path) ?? next++, links: fileLinks(facts, types) };
    all.push(document);
    byPath.set(facts.path, document);
  }
  const byFile = new Map(all.map((d) => [d.file, d]));
  let last: { below: TypeSource; types: TypeSource } | null = null;
  return {
    ...index,
    pathOf: (id) => byFile.get(id)?.facts.path ?? index.pathOf(id),
    fileId: (path) => byPath.get(path)?.file ?? index.fileId(path),
    facts: (path, once) => byPath.get(path)?.facts ?? index.facts(path, once),
    includes: (path) => byPath.get(path)?.facts.includes ?? index.includes(path),
    record(file, n) {
      const document = byFile.get(file);
      return document ? (document.facts.records[n] ?? null) : index.record(file, n);
    },
    ...answersBy((question) => {
      const indexed = askOf(index, question);
      return (...keys) => [
        ...all.flatMap(({ file, links }) => askOf(links, question)(...keys).map((row) => ({ ...row, file }))),
        ...indexed(...keys).filter((row) => !byFile.has(row.file)),
      ];
    }),
    // a document's own stand in the index, too, as a rule: nobody counts on one more or less
    callerCount: (name, file) =>
      index.callerCount(name, file) +
      all.reduce((sum, d) => sum + (file === undefined || d.file === file ? d.links.callersOf(name).length : 0), 0),
    ownersOf(member) {
      const owners = all.flatMap(({ links }) => links.ownersOf(member));
      return owners.length ? [...new Set([...owners, ...index.ownersOf(member)])].sort() : index.ownersOf(member);
    },
    searchNames: (query, limit) => searchDocuments(index, all, query, limit),
    *files() {
      yield* index.files();
      for (const { facts, file } of all) if (file >= FIRST_NEW) yield { path: facts.path, id: file };
    },
    types: typesOver(index.types, all, byPath, null),
    typesFor(facts) {
      const below = index.typesFor(facts);
      // one file is asked about again and again, and what was found out for it is worth keeping
      if (last?.below !== below) last = { below, types: typesOver(below, all, byPath, facts) };
      return last.types;
    },
  };
}

function searchDocuments(index: IndexReader, documents: readonly Document[], query: string, limit: number) {
  const found = new Map(index.searchNames(query, limit).map((f) => [f.name, f]));
  const wanted = query.toLowerCase();
  for (const { facts } of documents)
    for (const { name } of namesOf(facts)) {
      const score = found.has(name) ? -Infinity : fuzzyScore(name, wanted);
      if (score > -Infinity) found.set(name, { name, score });
    }
  return [...found.values()].sort((a, b) => b.score - a.score).slice(0, limit);
}

type Named = Parameters<typeof isTypedef>[0];

let overlays = 0;

/** What was found out over other types, until those forget what they found out. */
function memoOver(types: TypeSource): () => Map<string, unknown> | null {
  const mark = `overlay ${overlays++}`;
  const memo = new Map<string, unknown>();
  return () => {
    const below = types.memo;
    if (!below) return null;
    if (!below.has(mark)) memo.clear();
    below.set(mark, true);
    return memo;
  };
}

/** Types with those of documents in front of the index's, behind the own ones of the file in view. */
function typesOver(
  types: TypeSource,
  documents: readonly Document[],
  byPath: ReadonlyMap<string, Document>,
  own: FileFacts | null,
): TypeSource {
  // the list may still be growing
  const others = () => documents.filter((d) => d.facts !== own);
  /** Of a file that a document stands for, what the index says is out of date. */
  const over = <T extends { file: string }>(mine: T[], indexed: T[]): T[] =>
    mine.length ? [...mine, ...indexed.filter((o) => o.file === own?.path || !byPath.has(o.file))] : indexed;
  const mine = (name: string, wanted: (p: Named) => boolean): Type[] =>
    others().flatMap(({ facts, links }) =>
      links.names(name).flatMap((p) => (p.type && wanted(p) ? [{ text: p.type, file: facts.path }] : [])),
    );
  const memo = memoOver(types);
  return {
    architecture: types.architecture,
    get memo() {
      return memo();
    },
    includes: types.includes,
    recordsByTag(tag) {
      const records: RecordAt[] = others().flatMap(({ facts, links }) =>
        links
          .names(tag)
          .flatMap((p) => (p.kind === NameKind.Record ? [{ record: facts.records[p.index], file: facts.path }] : [])),
      );
      return over(records, types.recordsByTag(tag));
    },
    recordAt: (file, n) => {
      const document = own?.path === file ? undefined : byPath.get(file);
      return document ? (document.facts.records[n] ?? null) : types.recordAt(file, n);
    },
    typedefs: (name) => over(mine(name, isTypedef), types.typedefs(name)),
    variables: (name) => over(mine(name, isGlobalVariable), types.variables(name)),
    returns(name) {
      const found = over(mine(name, isFunction), types.returns(name));
      return found.length ? found : mine(name, isPrototype);
    },
  };
}
