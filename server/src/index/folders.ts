/** Folders that indexes are kept in. */
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { TreeError } from './tree.ts';

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
    const { code, message } = error as NodeJS.ErrnoException;
    const why = WHY[code ?? ''] ?? message;
    throw new TreeError(
      `the index can't be kept in ${path}: ${why}. Name another folder with --cache DIR or in KERNTRAIL_CACHE.`,
    );
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

const WHY: Record<string, string> = {
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'it is read-only there',
  ENOTDIR: 'one of the folders in that path is a file',
  EEXIST: 'it is a file',
  ENOENT: 'no folder can be made there',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your share of the disk is full',
  ENAMETOOLONG: 'the path is too long',
};
