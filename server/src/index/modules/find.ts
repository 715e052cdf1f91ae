/** Which folders are out-of-tree modules, and what they are called. */
import { realpathSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { exists, listFiles, TreeError } from '../tree.ts';
import { readTreeText } from '../treeFiles.ts';
import { type Module, pathWithin } from './mounts.ts';

/** Has kbuild written a file beside a module as it was built? Then it is no source of anybody's. */
export const isMade = (path: string): boolean => path.endsWith('.mod.c');

/** Files of a module's folder that are indexed, relative to it, sorted; see `listFiles`. */
export const filesOfFolder = (
  folder: string,
  exclude: (path: string) => boolean = () => false,
  skip?: (path: string, why: string) => void,
): string[] => listFiles(folder, (path) => isMade(path) || exclude(path), skip);

/**
 * The modules in some folders (each as its user names it), beside the tree at `root` (without symbolic links). Throws a
 * TreeError that says what is wrong with a folder. One that lies in another is read with that one.
 */
export function modulesIn(root: string, folders: readonly string[]): Module[] {
  const found = folders.map((folder) => ({ folder, root: realFolder(folder) }));
  for (const { folder, root: real } of found) {
    if (real === root) throw new TreeError(`${folder} is the kernel tree itself: it needs no --module.`);
    if (pathWithin(root, real) !== null)
      throw new TreeError(`${folder} lies in the kernel tree, and is read with it: it is no out-of-tree module.`);
    if (pathWithin(real, root) !== null)
      throw new TreeError(`${folder} holds the kernel tree. Give the folder of the module alone.`);
    if (isTree(real)) throw new TreeError(`${folder} is a kernel tree of its own, not a module beside one.`);
    if (filesOfFolder(real).length === 0)
      throw new TreeError(`${folder} has no C files. Give the folder with the module's sources.`);
  }
  const modules: Module[] = [];
  for (const { folder, root: real } of found) {
    const isRead = found.some((f) => pathWithin(f.root, real) !== null) || modules.some((m) => m.root === real);
    if (!isRead) modules.push({ name: nameFor(real, modules), folder, root: real });
  }
  return modules;
}

/** Does a folder look like a module's: does a Makefile or Kbuild in it, or one folder down, name objects for kbuild? */
export function looksLikeModule(folder: string): boolean {
  const files = filesOfFolder(folder);
  const folders = new Set(['', ...files.map((path) => path.slice(0, path.indexOf('/') + 1))]);
  return [...folders].some((sub) =>
    ['Kbuild', 'Makefile'].some((name) =>
      /^\s*obj-\S+\s*[:+?]?=/m.test(readTreeText(folder, `${sub}${name}`, 'latin1') ?? ''),
    ),
  );
}

/** Has a folder what every kernel tree has? */
export const isTree = (folder: string): boolean =>
  exists(join(folder, 'include/linux')) && exists(join(folder, 'Makefile'));

function realFolder(folder: string): string {
  let isFolder = false;
  try {
    isFolder = statSync(folder).isDirectory();
  } catch {
    throw new TreeError(`${folder}: no such folder. Give the folder with the module's sources.`);
  }
  if (!isFolder) throw new TreeError(`${folder} is a file. Give the folder with the module's sources.`);
  return realpathSync(resolve(folder));
}

/** The folder's own name; one that is taken gets a number. */
function nameFor(folder: string, others: readonly Module[]): string {
  const plain = basename(folder).replace(/[^\w.+-]/g, '_') || 'module';
  const isTaken = (name: string): boolean => others.some((m) => m.name === name);
  let name = `[${plain}]`;
  for (let n = 2; isTaken(name); n++) name = `[${plain}~${n}]`;
  return name;
}
