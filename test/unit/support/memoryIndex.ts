/** An index in memory, of a few files that a test writes down itself: no tree on disk, no worker, no store. */
import { assemblyFacts } from '../../../server/src/facts/assembly.ts';
import { fileFacts } from '../../../server/src/facts/fileFacts.ts';
import type { FileFacts } from '../../../server/src/facts/types.ts';
import type { Request } from '../../../server/src/features/request.ts';
import { withDocuments } from '../../../server/src/index/read/overlay.ts';
import { answersBy } from '../../../server/src/index/read/questions.ts';
import type { IndexReader } from '../../../server/src/index/read/reader.ts';
import { openTypes } from '../../../server/src/index/types/indexTypes.ts';
import type { FileView } from '../../../server/src/resolve/cursor/fileView.ts';
import { textView } from '../../../server/src/resolve/cursor/textView.ts';
import type { World } from '../../../server/src/resolve/world.ts';
import { addHeaderMacros, newMacroKnowledge } from '../../../server/src/syntax/macros/knowledge.ts';
import { scanMacros } from '../../../server/src/syntax/macros/scan.ts';
import { createParser } from '../../../server/src/syntax/parser.ts';

/** A world of the files that a test wrote. */
export interface MemoryWorld extends World {
  files: Readonly<Record<string, string>>;
  /** a file with its text */
  view(path: string): FileView;
  /** the place of the `n`th time (from 1) that a text stands in a file */
  at(path: string, text: string, n?: number): { file: string; line: number; column: number };
}

/** An index of nothing. */
function emptyIndex(architecture: string): IndexReader {
  const nothing = { factsOf: () => null, pathOf: () => '', names: () => [], record: () => null };
  const { types, typesFor } = openTypes(nothing, () => undefined, architecture);
  return {
    root: '/nowhere',
    meta: () => undefined,
    isWhole: () => true,
    pathOf: () => '',
    fileId: () => undefined,
    facts: () => null,
    record: () => null,
    includes: () => [],
    ...answersBy(() => () => []),
    callerCount: () => 0,
    ownersOf: () => [],
    searchNames: () => [],
    files: () => [],
    types,
    typesFor,
    refresh() {},
    close: async () => {},
  };
}

/** Facts of some files, each of which sees the #defines of the headers among them. */
export async function factsOfFiles(
  files: Readonly<Record<string, string>>,
  architecture = 'x86',
): Promise<FileFacts[]> {
  const parser = await createParser();
  const knowledge = newMacroKnowledge(architecture);
  const all = Object.entries(files).map(([path, text]) => ({ path, bytes: Buffer.from(text, 'utf8') }));
  for (const { path, bytes } of all) if (path.endsWith('.h')) addHeaderMacros(knowledge, scanMacros(path, bytes));
  return all.map(({ path, bytes }) =>
    path.endsWith('.S') ? assemblyFacts(path, bytes) : fileFacts(path, bytes, knowledge, parser),
  );
}

/** An index of some files, `{ 'fs/a.c': '…' }`. */
export async function memoryIndex(files: Readonly<Record<string, string>>, architecture = 'x86'): Promise<MemoryWorld> {
  const index = withDocuments(emptyIndex(architecture), await factsOfFiles(files, architecture));
  return {
    index,
    architecture,
    files,
    view: (path) => ({ path, text: textView(files[path]), facts: index.facts(path) }),
    at(path, text, n = 1) {
      let offset = -1;
      for (let i = 0; i < n; i++) offset = files[path].indexOf(text, offset + 1);
      if (offset < 0) throw new Error(`${text} does not stand ${n} times in ${path}`);
      const before = files[path].slice(0, offset);
      return { file: path, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
    },
  };
}

/** What a feature is asked with, in one file of a memory index. Columns of editors are those of the files: all is ASCII. */
export const requestIn = (world: MemoryWorld, path: string, more: Partial<Request> = {}): Request => ({
  index: world.index,
  architecture: world.architecture,
  root: world.index.root,
  besideOther: false,
  file: world.view(path),
  view: (file) => (world.files[file] === undefined ? null : world.view(file)),
  bytes: (file) => (world.files[file] === undefined ? null : Buffer.from(world.files[file], 'utf8')),
  partial: null,
  notYet: null,
  character: (_path, _line, column) => column - 1,
  ...more,
});
