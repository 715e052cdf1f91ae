/**
 * Every file of a tree, and of the modules beside it, is read through here. A tree may come from anyone, and hold pipes, devices, links that lead out
 * of it, and includes that name such things. Only regular files whose real path lies inside the tree (or the module's
 * folder) are read, and none of them can make a reader wait.
 */
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { inModule } from './modules/mounts.ts';

/** A file's contents, and what tells later whether it is still the same. */
export interface TreeFile {
  bytes: Buffer;
  /** in whole milliseconds, as it was before the bytes were read */
  mtime: number;
}

/** Larger files count as unreadable: the largest header of a kernel has some 20 MB. */
export const MOST_BYTES = 128 << 20;

// Windows lacks all but the first
const FLAGS =
  constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0) | (constants.O_NOCTTY ?? 0);

/** A file of the tree, by its path from the root; null where there is none, or one that isn't to be read. */
export function readTreeFile(root: string, path: string): TreeFile | null {
  let file = -1;
  try {
    const found = find(root, path);
    if (!found) return null;
    file = openSync(found.place, FLAGS);
    const stats = fstatSync(file);
    if (!stats.isFile() || stats.size > MOST_BYTES) return null;
    const bytes = Buffer.allocUnsafeSlow(stats.size);
    let length = 0;
    while (length < stats.size) {
      const got = readSync(file, bytes, length, stats.size - length, length);
      if (got === 0) break;
      length += got;
    }
    return { bytes: bytes.subarray(0, length), mtime: Math.floor(stats.mtimeMs) };
  } catch {
    return null;
  } finally {
    if (file >= 0) closeSync(file);
  }
}

/** A file of the tree as text, with the bounds of readTreeFile; null where that gives none. */
export const readTreeText = (root: string, path: string, encoding: 'latin1' | 'utf8'): string | null =>
  readTreeFile(root, path)?.bytes.toString(encoding) ?? null;

/** Size and time stamp of a file that readTreeFile would read, or null. */
export function statTreeFile(root: string, path: string): { size: number; mtime: number } | null {
  try {
    const stats = find(root, path)?.stats;
    return stats && stats.size <= MOST_BYTES ? { size: stats.size, mtime: Math.floor(stats.mtimeMs) } : null;
  } catch {
    return null;
  }
}

/** Names in a folder of the tree; none where it isn't there or lies elsewhere. */
export function namesInFolder(root: string, folder: string): string[] {
  try {
    const at = topOf(root, folder);
    const top = realOf(at.root);
    const place = realOf(join(at.root, at.path));
    return isWithin(top, place) ? readdirSync(place) : [];
  } catch {
    return [];
  }
}

/** The folder that a path starts from: the tree, or that of a module beside it. */
function topOf(root: string, path: string): { root: string; path: string } {
  const found = inModule(root, path);
  return found ? { root: found.module.root, path: found.path } : { root, path };
}

/** Where a path of the tree really leads to, if that is a regular file inside. Throws where it can't be followed. */
function find(root: string, path: string): { place: string; stats: { size: number; mtimeMs: number } } | null {
  const at = topOf(root, path);
  const top = realOf(at.root);
  const full = join(at.root, at.path);
  const cut = full.lastIndexOf(sep);
  const folder = realOf(full.slice(0, cut) || sep);
  if (!isWithin(top, folder)) return null;
  let place = join(folder, full.slice(cut + 1));
  let stats = lstatSync(place, { throwIfNoEntry: false });
  if (stats?.isSymbolicLink()) {
    place = realpathSync.native(place);
    if (!isWithin(top, place)) return null;
    stats = lstatSync(place);
  }
  return stats?.isFile() ? { place, stats } : null;
}

/** A build reads fourteen files of a folder on average, one after the other. */
const REMEMBERED_MS = 1000;
const reals = new Map<string, string>();
let since = 0;

/** The real path of a folder. It is remembered for a moment only: a checkout may put a link in its place. */
function realOf(folder: string): string {
  const now = Date.now();
  if (Math.abs(now - since) > REMEMBERED_MS) {
    reals.clear();
    since = now;
  }
  let real = reals.get(folder);
  if (real === undefined) {
    real = realpathSync.native(folder);
    reals.set(folder, real);
  }
  return real;
}

const isWithin = (top: string, path: string): boolean =>
  path.startsWith(top) && (path.length === top.length || path[top.length] === sep || top.endsWith(sep));
