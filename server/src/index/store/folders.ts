/** Folders that indexes are kept in. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { cannotKeep } from './storageError.ts';

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Makes a folder and those above it, where they are missing; says what to do where that can't be. Node's own way with
 * `recursive` never ends in a place that lets nothing be made, as /proc.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  try {
    for (let folder = path; !isFolder(folder); folder = dirname(folder)) missing.unshift(folder);
    for (const folder of missing) makeOne(folder);
  } catch (error) {
    throw cannotKeep(path, error as NodeJS.ErrnoException);
  }
}

function makeOne(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    // another process may have been quicker
    if (!isFolder(folder)) throw error;
  }
}
