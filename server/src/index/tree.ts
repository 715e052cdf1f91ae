/** The kernel tree on disk: what is one, which files it has, what they say of its release. */
import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { isSyscallTable } from '../kernel/layout.ts';
import { readTreeText } from './treeFiles.ts';

/** Bad use: a folder that is no kernel tree, an input that can't be read. The message tells the user what to do. */
export class TreeError extends Error {}

/** What a kernel tree says of itself. */
export interface TreeInfo {
  /** absolute path */
  root: string;
  /** `6.1.192`, or null where the Makefile doesn't tell */
  release: string | null;
  architectures: string[];
}

/**
 * Looks at a folder. Throws a TreeError that says what to do where it is no kernel tree (or part of one that has
 * neither Makefile nor Kbuild).
 */
export function readTree(root: string): TreeInfo {
  let isFolder = false;
  try {
    isFolder = statSync(root).isDirectory();
  } catch {
    throw new TreeError(`${root}: no such folder. Give the top folder of a kernel tree with --tree.`);
  }
  if (!isFolder) throw new TreeError(`${root} is a file. Give the top folder of a kernel tree with --tree.`);
  const makefile = readTreeText(root, 'Makefile', 'latin1') ?? '';
  const number = (name: string) => new RegExp(`^${name}[ \\t]*=[ \\t]*(.*)$`, 'm').exec(makefile)?.[1].trim() ?? '';
  const version = number('VERSION');
  const hasInclude = exists(join(root, 'include/linux'));
  if (!version || !hasInclude)
    throw new TreeError(
      `${root} does not look like a kernel tree (no VERSION in its Makefile, or no include/linux). Give the tree's top folder with --tree.`,
    );
  const patch = number('PATCHLEVEL');
  const sub = number('SUBLEVEL');
  let architectures: string[] = [];
  try {
    architectures = readdirSync(join(root, 'arch'), { withFileTypes: true })
      .filter((e) => e.isDirectory())
      .map((e) => e.name)
      .sort();
  } catch {
    architectures = [];
  }
  return { root, release: [version, patch, sub].filter(Boolean).join('.') + number('EXTRAVERSION'), architectures };
}

/** Is there a file or folder of that (absolute) path? One that may not be looked at counts as none. */
export function exists(path: string): boolean {
  try {
    statSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Is a file of the tree one that is indexed: C, headers, assembly that is run through cpp, tables of system calls? */
export const isSourceFile = (path: string) =>
  path.endsWith('.c') || path.endsWith('.h') || path.endsWith('.S') || (path.endsWith('.tbl') && isSyscallTable(path));

/** What a listing had to leave out. */
export interface Skipped {
  /** relative to the tree; a name that is no text stands here as it can be shown */
  path: string;
  /** the reason, in words */
  why: string;
}

/**
 * Every C, header and assembly file of the tree, relative, sorted. Symbolic links are not followed. `skip` is told of
 * what should be among them, and can't be read.
 */
export function listFiles(
  root: string,
  exclude: (path: string) => boolean = () => false,
  skip: (path: string, why: string) => void = () => {},
): string[] {
  const out: string[] = [];
  const take = (path: string): void => {
    const problem = isSuspect(root, path) ? fileProblem(root, path) : null;
    if (problem) skip(path, problem);
    else out.push(path);
  };
  const visit = (folder: string): void => {
    for (const entry of entriesOf(root, folder, skip)) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory()) {
        if (!isForeign(entry.name) && !exclude(`${path}/`)) visit(path);
      } else if (entry.isFile() && isSourceFile(path) && !exclude(path)) take(path);
    }
  };
  visit('');
  return out.sort();
}

/** Names of the folders in a folder of the tree ('' for its top), sorted; those of other programs left out. */
export const foldersIn = (root: string, folder: string): string[] =>
  entriesOf(root, folder, () => {})
    .filter((e) => e.isDirectory() && !isForeign(e.name))
    .map((e) => e.name)
    .sort();

/** C, header and assembly files below a folder of the tree, relative to its top; read folder by folder, as they are taken. */
export function* filesBelow(root: string, folder: string): Generator<string> {
  const folders: string[] = [];
  for (const entry of entriesOf(root, folder, () => {})) {
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    if (entry.isDirectory() && !isForeign(entry.name)) folders.push(path);
    else if (entry.isFile() && isSourceFile(path)) yield path;
  }
  for (const path of folders.sort()) yield* filesBelow(root, path);
}

function entriesOf(root: string, folder: string, skip: (path: string, why: string) => void): Dirent[] {
  try {
    return readdirSync(folder ? join(root, folder) : root, { withFileTypes: true });
  } catch (error) {
    skip(`${folder || '.'}/`, whyUnreadable(folder, error));
    return [];
  }
}

/** Folders of other programs. */
const isForeign = (name: string): boolean => name.startsWith('.') || name === 'node_modules';

/** Would `listFiles` leave a file out because of where it lies? */
export function isLeftOut(path: string, exclude: (path: string) => boolean = () => false): boolean {
  const names = path.split('/');
  const folders = names.slice(0, -1);
  return exclude(path) || folders.some((name, n) => isForeign(name) || exclude(`${names.slice(0, n + 1).join('/')}/`));
}

/** Longer paths are no keys of the store, in bytes. */
const MAX_PATH = 1500;

/** What stands in place of bytes that are no UTF-8. */
const NO_TEXT = '\ufffd';

/** May its path not work? Asking the system of every file takes time; its limits begin at 1024 bytes, four a character. */
const isSuspect = (root: string, path: string): boolean => root.length + path.length >= 255 || path.includes(NO_TEXT);

function fileProblem(root: string, path: string): string | null {
  try {
    lstatSync(join(root, path));
    return Buffer.byteLength(path) > MAX_PATH ? 'its path is too long for the index' : null;
  } catch (error) {
    return whyUnreadable(path, error);
  }
}

function whyUnreadable(path: string, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' && path.includes(NO_TEXT)) return 'its name is not UTF-8. Rename it to have it read';
  if (code === 'ENOENT') return 'it went away meanwhile';
  if (code === 'EACCES' || code === 'EPERM') return 'you may not read it';
  if (code === 'ENAMETOOLONG') return 'its path is too long for the system';
  return message;
}
