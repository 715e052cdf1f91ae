/** Paths of the editor and paths of a tree. */
import { join, relative, sep } from 'node:path';
import { URI } from 'vscode-uri';

/** Path of a file relative to a folder, with slashes; null where it lies outside. */
export function pathWithin(folder: string, file: string): string | null {
  const path = relative(folder, file);
  return path === '' || path.startsWith('..') || join(folder, path) !== join(file) ? null : path.split(sep).join('/');
}

/** The file that a URI names; null where it names none: another scheme, a path that no file can have, or no URI at all. */
export function fileOf(uri: string): string | null {
  if (typeof uri !== 'string' || !uri.startsWith('file:')) return null;
  try {
    const { fsPath } = URI.parse(uri);
    return fsPath.includes('\0') ? null : fsPath;
  } catch {
    return null;
  }
}
