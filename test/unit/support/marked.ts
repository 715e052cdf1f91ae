import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import type { Location } from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import type { Request } from '../../../server/src/features/request.ts';
import { buildIndex } from '../../../server/src/index/build/build.ts';
import { type IndexReader, openReader } from '../../../server/src/index/read/reader.ts';
import { readTreeFile } from '../../../server/src/index/treeFiles.ts';
import { readView } from '../../../server/src/resolve/cursor/fileView.ts';
import { textView } from '../../../server/src/resolve/cursor/textView.ts';
import { bundles } from './bundles.ts';
import { memoryIndex } from './memoryIndex.ts';

/** A place in a fixture: path, line and column from 1. */
export interface Mark {
  file: string;
  line: number;
  column: number;
}

/** A small kernel tree on disk, and the places its marks point to. */
export interface Tree {
  root: string;
  storage: string;
  files: Map<string, string>;
  /** the marks `^name`, in order */
  marks: Map<string, Mark[]>;
  /** the one place that `^name` marks */
  at(name: string): Mark;
}

/** The same with its index. */
export interface IndexedTree extends Tree {
  index: IndexReader;
}

/**
 * Writes a tree. `//@ path` starts a file; a line of nothing but `//   ^name` marks what stands above its `^` (tabs are
 * eight wide), and stays in the file as a comment.
 */
export function writeTree(text: string): Tree {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'kerntrail-tree-')));
  afterAll(() => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));
  const root = join(scratch, 'linux');
  const files = filesIn(text);
  mkdirSync(join(root, 'include', 'linux'), { recursive: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return { root, storage: join(scratch, 'index'), files, ...marksIn(files) };
}

function marksIn(files: ReadonlyMap<string, string>): Pick<Tree, 'marks' | 'at'> {
  const marks = marksOf(files);
  return {
    marks,
    at(name) {
      const found = marks.get(name);
      if (found?.length !== 1) throw new Error(`${found?.length ?? 0} marks are called ${name}`);
      return found[0];
    },
  };
}

/** The files of a tree as `writeTree` takes it, with a Makefile that makes it a kernel's. */
function filesIn(text: string): Map<string, string> {
  const files = new Map([['Makefile', 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 0\n']]);
  for (const part of text.split(/^\/\/@ /m).slice(1)) {
    const end = part.indexOf('\n');
    files.set(part.slice(0, end).trim(), part.slice(end + 1));
  }
  return files;
}

/** The same tree with an index in memory: nothing is written, and what reads texts of the disk finds none. */
export async function memoryTree(text: string): Promise<IndexedTree> {
  const files = filesIn(text);
  const sources = Object.fromEntries([...files].filter(([path]) => /\.[chS]$/.test(path)));
  const { index } = await memoryIndex(sources);
  return { root: index.root, storage: '', files, ...marksIn(files), index };
}

/** Writes a tree and indexes it in memory: no store is made, and what reads texts of the disk finds them. */
export async function writtenTree(text: string): Promise<IndexedTree> {
  const tree = writeTree(text);
  const { index } = await memoryTree(text);
  return { ...tree, index: { ...index, root: tree.root } };
}

/** Writes a tree (see writeTree) and indexes it. */
export async function indexTree(text: string): Promise<IndexedTree> {
  const tree = writeTree(text);
  const { root, storage } = tree;
  await buildIndex({
    root,
    storage,
    architecture: 'x86',
    workers: 1,
    workerScript: join(bundles('worker'), 'worker.cjs'),
  });
  const index = openReader(storage, root, 'x86');
  if (!index) throw new Error('the tree was not indexed');
  afterAll(() => index.close());
  return { ...tree, index };
}

function marksOf(files: ReadonlyMap<string, string>): Map<string, Mark[]> {
  const marks = new Map<string, Mark[]>();
  for (const [file, content] of files) {
    const lines = content.split('\n');
    let above = -1;
    lines.forEach((line, n) => {
      const m = /^\s*\/\/\s*\^(\S+)\s*$/.exec(line);
      if (!m) {
        above = n;
        return;
      }
      const column = columnAt(lines[above], widthTo(line, line.indexOf('^')));
      marks.set(m[1], [...(marks.get(m[1]) ?? []), { file, line: above + 1, column }]);
    });
  }
  return marks;
}

function widthTo(line: string, end: number): number {
  let width = 0;
  for (const c of line.slice(0, end)) width = c === '\t' ? (width | 7) + 1 : width + 1;
  return width;
}

function columnAt(line: string, width: number): number {
  let at = 0;
  while (at < line.length && widthTo(line, at + 1) <= width) at++;
  return at + 1;
}

/** What a feature is asked with, in one file of the tree. */
export function askIn(tree: IndexedTree, file: string, more: Partial<Request> = {}): Request {
  return {
    index: tree.index,
    root: tree.root,
    architecture: 'x86',
    besideOther: false,
    file: { path: file, text: textView(tree.files.get(file) ?? ''), facts: tree.index.facts(file) },
    partial: null,
    notYet: null,
    view: (path) => readView(tree.index, path),
    bytes: (path) => readTreeFile(tree.root, path)?.bytes ?? null,
    character: (_path, _line, column) => column - 1,
    ...more,
  };
}

/** Locations as `path:line:column`, from 1. */
export const placesOf = (tree: Tree, locations: readonly Location[]): string[] =>
  locations.map(
    (l) =>
      `${URI.parse(l.uri).fsPath.slice(tree.root.length + 1)}:${l.range.start.line + 1}:${l.range.start.character + 1}`,
  );

/** The marks of a name in the same form. */
export const marked = (tree: Tree, name: string): string[] =>
  (tree.marks.get(name) ?? []).map((m) => `${m.file}:${m.line}:${m.column}`);
