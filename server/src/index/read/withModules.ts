/** An index with those of out-of-tree modules laid over it: the tree's own is never written for them. */
import type { Meta } from '../store/store.ts';
import { openTypes } from '../types/indexTypes.ts';
import { answersBy, askOf, type Row } from './questions.ts';
import type { IndexReader } from './reader.ts';

/** Numbers of a module's files begin at a multiple of this: stored ones have 32 bits. */
const STEP = 2 ** 32;

/** The tree's index and a module's are each asked by file numbers of their own: n is 0 for the tree, then the modules. */
const readerOf = (readers: readonly IndexReader[], file: number): IndexReader =>
  readers[Math.floor(file / STEP)] ?? readers[0];

/**
 * Answers of a tree and of the modules beside it, whose rows come behind the tree's. Closing is left to whoever opened
 * them; what changes in one of them must be told by `refresh`.
 */
export function withModules(tree: IndexReader, modules: readonly IndexReader[]): IndexReader {
  if (modules.length === 0) return tree;
  const readers = [tree, ...modules];
  const moduleOf = (path: string): IndexReader | undefined =>
    path.startsWith('[') ? modules.find((m) => m.fileId(path) !== undefined) : undefined;
  const pathOf = (file: number): string => readerOf(readers, file).pathOf(file % STEP);
  const fileId = (path: string): number | undefined => {
    for (const [n, reader] of path.startsWith('[') ? readers.entries() : [[0, tree] as const]) {
      const id = reader.fileId(path);
      if (id !== undefined) return id + n * STEP;
    }
    return undefined;
  };
  const facts: IndexReader['facts'] = (path, once) => (moduleOf(path) ?? tree).facts(path, once);
  const record: IndexReader['record'] = (file, n) => readerOf(readers, file).record(file % STEP, n);
  const rows = answersBy((question) => {
    const asked = readers.map((reader) => askOf(reader, question));
    return (...keys) => {
      const [own, ...others] = asked.map((ask) => ask(...keys));
      // most is said of the tree alone, in thousands of rows
      return others.every((list) => list.length === 0)
        ? own
        : [own, ...others.map((list, i) => list.map((row) => moved(row, i + 1)))].flat();
    };
  });
  const types = openTypes(
    { factsOf: (file) => facts(pathOf(file)), pathOf, names: rows.names, record },
    fileId,
    tree.types.architecture,
  );
  return {
    root: tree.root,
    meta: () => metaOf(readers),
    isWhole: () => readers.every((reader) => reader.isWhole()),
    includes: (path) => (moduleOf(path) ?? tree).includes(path),
    pathOf,
    fileId,
    facts,
    record,
    ...rows,
    callerCount: (name, file) =>
      file === undefined
        ? readers.reduce((sum, reader) => sum + reader.callerCount(name), 0)
        : readerOf(readers, file).callerCount(name, file % STEP),
    ownersOf(member) {
      const owners = modules.flatMap((m) => m.ownersOf(member));
      return owners.length ? [...new Set([...tree.ownersOf(member), ...owners])].sort() : tree.ownersOf(member);
    },
    searchNames(query, limit) {
      const found = readers.flatMap((reader) => reader.searchNames(query, limit));
      return [...new Map(found.map((f) => [f.name, f])).values()].sort((a, b) => b.score - a.score).slice(0, limit);
    },
    *files() {
      for (const [n, reader] of readers.entries())
        for (const { path, id } of reader.files()) yield { path, id: id + n * STEP };
    },
    types: types.types,
    typesFor: types.typesFor,
    refresh() {
      for (const reader of readers) reader.refresh();
      types.clear();
    },
    close: () => Promise.resolve(),
  };
}

const moved = (row: Row, n: number): Row => ({ ...row, file: row.file + n * STEP });

/** The tree's, with marks that change when a module does: what is kept of an index is kept by these. */
function metaOf([tree, ...modules]: readonly IndexReader[]): Meta | undefined {
  const meta = tree.meta();
  if (!meta) return meta;
  let { nextFile } = meta;
  for (const m of modules) nextFile += (m.meta()?.nextFile ?? 0) * STEP;
  return { ...meta, nextFile };
}
