/** Paths of the editor and paths of a tree. */
import { join, relative, sep } from 'node:path';

/** Path of a file relative to a folder, with slashes; null where it lies outside. */
export function pathWithin(folder: string, file: string): string | null {
  const path = relative(folder, file);
  return path === '' || path.startsWith('..') || join(folder, path) !== join(file) ? null : path.split(sep).join('/');
}
