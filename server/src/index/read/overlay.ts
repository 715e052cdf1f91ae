/** Several sources of answers as one: open documents over the index, the index over what is read on demand. */
import type { FileFacts } from '../../facts/types.ts';
import { type FileLinks, fileLinks } from '../link/fileLinks.ts';
import { namesOf } from '../link/link.ts';
import { fuzzyScore } from '../store/nameList.ts';
import type { NamePosting } from '../store/postings.ts';
import type { RecordAt } from '../types/typing.ts';
import type { IndexReader } from './reader.ts';

/**
 * `first`, and what only `second` has. Answers of a file that both know are `first`'s. Closing and refreshing is left
 * to whoever opened them.
 */
export function layered(first: IndexReader, second: IndexReader): IndexReader {
  const shift = (id: number): number => -1 - id;
  const both = <T extends { file: number }>(a: readonly T[], b: readonly T[]): T[] => [
    ...a,
    ...b.filter((p) => first.fileId(second.pathOf(p.file)) === undefined).map((p) => ({ ...p, file: shift(p.file) })),
  ];
  return {
    root: first.root,
    meta: first.meta,
    pathOf: (id) => (id < 0 ? second.pathOf(shift(id)) : first.pathOf(id)),
    fileId(path) {
      const id = first.fileId(path);
      if (id !== undefined) return id;
      const other = second.fileId(path);
      return other === undefined ? undefined : shift(other);
    },
    facts: (path) => first.facts(path) ?? second.facts(path),
    names: (name) => both(first.names(name), second.names(name)),
    record: (file, n) => (file < 0 ? second.record(shift(file), n) : first.record(file, n)),
    registrationsOfSlot: (owner, member) =>
      both(first.registrationsOfSlot(owner, member), second.registrationsOfSlot(owner, member)),
    ownersOf: (member) => [...new Set([...first.ownersOf(member), ...second.ownersOf(member)])],
    registrationsOfTarget: (name) => both(first.registrationsOfTarget(name), second.registrationsOfTarget(name)),
    tablesOfRecord: (tag) => both(first.tablesOfRecord(tag), second.tablesOfRecord(tag)),
    dispatchesOfSlot: (owner, member) =>
      both(first.dispatchesOfSlot(owner, member), second.dispatchesOfSlot(owner, member)),
    callersOf: (name) => both(first.callersOf(name), second.callersOf(name)),
    flowsFrom: (end) => both(first.flowsFrom(end), second.flowsFrom(end)),
    flowsTo: (end) => both(first.flowsTo(end), second.flowsTo(end)),
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
    types: {
      architecture: first.types.architecture,
      memo: null,
      setOwn(facts) {
        first.types.setOwn(facts);
        second.types.setOwn(facts);
      },
      recordsByTag: (tag) => otherwise(first.types.recordsByTag(tag), () => second.types.recordsByTag(tag)),
      recordAt: (file, n) => first.types.recordAt(file, n) ?? second.types.recordAt(file, n),
      typedefs: (name) => otherwise(first.types.typedefs(name), () => second.types.typedefs(name)),
      variables: (name) => otherwise(first.types.variables(name), () => second.types.variables(name)),
      returns: (name) => otherwise(first.types.returns(name), () => second.types.returns(name)),
      includes: (file) => first.types.includes(file),
    },
    refresh() {},
    close: async () => {},
  };
}

function otherwise<T>(a: T[], b: () => T[]): T[] {
  return a.length ? a : b();
}

/**
 * The index with the files in `documents` as their facts say, not as they were indexed: a reader's unsaved text counts.
 * A file is linked as far as a question needs.
 */
export function withDocuments(index: IndexReader, documents: readonly FileFacts[]): IndexReader {
  if (documents.length === 0) return index;
  const facts = new Map(documents.map((d) => [d.path, d]));
  // ids of their own for files that the index doesn't know
  const ids = new Map<string, number>();
  const paths = new Map<number, string>();
  let next = 2 ** 40;
  for (const { path } of documents) {
    const id = index.fileId(path) ?? next++;
    ids.set(path, id);
    paths.set(id, path);
  }
  const fresh = <T extends { file: number }>(list: readonly T[]): T[] => list.filter((p) => !paths.has(p.file));
  const names = new Map<string, NamePosting[]>();
  for (const d of documents)
    for (const { name, ...posting } of namesOf(d)) {
      const p = { ...posting, file: ids.get(d.path) as number };
      const list = names.get(name);
      if (list) list.push(p);
      else names.set(name, [p]);
    }
  const linked = documents.map((d) => ({
    facts: d,
    file: ids.get(d.path) as number,
    links: fileLinks(d, index.types),
  }));
  /** What the documents' own facts say, each with its file's number. */
  const ofDocuments = <T extends object>(ask: (links: FileLinks) => T[]): (T & { file: number })[] =>
    linked.flatMap(({ facts: d, file, links }) => {
      index.types.setOwn(d);
      const found = ask(links).map((x) => ({ ...x, file }));
      // whoever asks may have set a file of their own
      index.types.setOwn(own);
      return found;
    });
  let own: FileFacts | null = null;
  return {
    ...index,
    pathOf: (id) => paths.get(id) ?? index.pathOf(id),
    fileId: (path) => ids.get(path) ?? index.fileId(path),
    facts: (path) => facts.get(path) ?? index.facts(path),
    names: (name) => [...(names.get(name) ?? []), ...fresh(index.names(name))],
    record(file, n) {
      const path = paths.get(file);
      return path === undefined ? index.record(file, n) : (facts.get(path)?.records[n] ?? null);
    },
    registrationsOfSlot: (owner, member) => [
      ...ofDocuments((l) => l.registrationsOfSlot(owner, member)),
      ...fresh(index.registrationsOfSlot(owner, member)),
    ],
    ownersOf: (member) => index.ownersOf(member),
    registrationsOfTarget: (name) => [
      ...ofDocuments((l) => l.registrationsOfTarget(name)),
      ...fresh(index.registrationsOfTarget(name)),
    ],
    tablesOfRecord: (tag) => [...ofDocuments((l) => l.tablesOfRecord(tag)), ...fresh(index.tablesOfRecord(tag))],
    dispatchesOfSlot: (owner, member) => [
      ...ofDocuments((l) => l.dispatchesOfSlot(owner, member)),
      ...fresh(index.dispatchesOfSlot(owner, member)),
    ],
    callersOf: (name) => [...ofDocuments((l) => l.callersOf(name)), ...fresh(index.callersOf(name))],
    flowsFrom: (end) => [...ofDocuments((l) => l.flowsFrom(end)), ...fresh(index.flowsFrom(end))],
    flowsTo: (end) => [...ofDocuments((l) => l.flowsTo(end)), ...fresh(index.flowsTo(end))],
    searchNames(query, limit) {
      const found = new Map(index.searchNames(query, limit).map((f) => [f.name, f]));
      const wanted = query.toLowerCase();
      for (const name of names.keys()) {
        const score = found.has(name) ? -Infinity : fuzzyScore(name, wanted);
        if (score > -Infinity) found.set(name, { name, score });
      }
      return [...found.values()].sort((a, b) => b.score - a.score).slice(0, limit);
    },
    types: {
      ...index.types,
      memo: null,
      setOwn(f) {
        own = f;
        index.types.setOwn(f);
      },
      recordsByTag(tag) {
        const mine: RecordAt[] = documents
          .filter((d) => d !== own)
          .flatMap((d) => d.records.filter((r) => r.tag === tag).map((record) => ({ record, file: d.path })));
        const others = index.types.recordsByTag(tag);
        return mine.length ? [...mine, ...others.filter((o) => o.file === own?.path || !facts.has(o.file))] : others;
      },
      recordAt: (file, n) =>
        facts.has(file) && own?.path !== file ? (facts.get(file)?.records[n] ?? null) : index.types.recordAt(file, n),
    },
  };
}
