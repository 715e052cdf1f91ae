/**
 * Out-of-tree modules beside a tree. A module's files stand below its name in brackets, as the kernel prints modules:
 * `[myfs]/file.c`. No folder of a kernel is called so: such a path tells by itself what it is, and whoever reads or
 * opens `(root, path)` need not know of modules. Which folder a name stands for is told here once, as a mount is told
 * to the system; worker threads are told it with their setup.
 */
import { isAbsolute, join, relative, sep } from 'node:path';

/** A folder with the sources of one module or more, which lies outside its kernel tree. */
export interface Module {
  /** first part of its files' paths: `[myfs]` */
  name: string;
  /** absolute path, as its user names it: what is opened begins so */
  folder: string;
  /** the same without symbolic links: it is read from there */
  root: string;
}

const mounts = new Map<string, readonly Module[]>();

/** Tells the modules beside a tree (each of its names, where it has several), in place of those told before. */
export function mountModules(root: string, modules: readonly Module[]): void {
  if (modules.length) mounts.set(root, modules);
  else mounts.delete(root);
}

/** The modules beside a tree. */
export const modulesOf = (root: string): readonly Module[] => mounts.get(root) ?? [];

/** The module that a path belongs to, and the file's path in there; null for the tree's own files. */
export function inModule(root: string, path: string): { module: Module; path: string } | null {
  if (!path.startsWith('[')) return null;
  const slash = path.indexOf('/');
  const name = slash < 0 ? path : path.slice(0, slash);
  const module = modulesOf(root).find((m) => m.name === name);
  return module ? { module, path: slash < 0 ? '' : path.slice(slash + 1) } : null;
}

/** Where a file of a tree or of a module beside it is: the path that opens it. */
export function placeOf(root: string, path: string): string {
  const found = inModule(root, path);
  return found ? join(found.module.folder, found.path) : join(root, path);
}

/** Path of a file (absolute) relative to a folder, with slashes; null where it lies outside. */
export function pathWithin(folder: string, file: string): string | null {
  const path = relative(folder, file);
  if (path === '' || isAbsolute(path) || path === '..' || path.startsWith(`..${sep}`)) return null;
  return path.split(sep).join('/');
}

/** The path in answers of a file (absolute): relative to the tree, or below its module's name; null for other files. */
export function pathOfPlace(root: string, file: string): string | null {
  for (const { name, folder, root: real } of modulesOf(root)) {
    const path = pathWithin(folder, file) ?? pathWithin(real, file);
    if (path !== null) return `${name}/${path}`;
  }
  return pathWithin(root, file);
}
