/** Why an index can't be kept where it should be, in words that say what to do. */
import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { IndexDamage } from './checked.ts';

/** The index can't be read or written for a reason that lies outside of it; the message says what to do. */
export class StorageError extends Error {}

/** Another process has begun to write this index. */
export class WriterChanged extends StorageError {}

/** An error of the file system or the store, in words for the user. */
export function explained(error: unknown, folder: string): Error {
  const e = error as NodeJS.ErrnoException;
  if (e instanceof StorageError || e instanceof IndexDamage) return e;
  const outOfSpace =
    e.code === 'ENOSPC' || e.code === 'EDQUOT' || e.code === 'EFBIG' || /ENOSPC|No space left/i.test(e.message);
  // the store says so of a write that stopped half-way
  if (outOfSpace || (/Input\/output error|MDB_MAP_FULL/.test(e.message) && freeBytes(folder) < LOW_SPACE))
    return new StorageError(
      `the disk that holds the index is full (${folder}). Free some space, or name another folder with --cache or KERNTRAIL_CACHE.`,
    );
  if (e.code && Object.hasOwn(WHY, e.code)) return cannotKeep(e.path ?? folder, e);
  return e;
}

/** Less than this is too little to begin with, in bytes. */
export const LOW_SPACE = 1 << 21;

/** Bytes that may still be written where a folder is (or will be); Infinity where nobody tells. */
export function freeBytes(folder: string): number {
  for (let at = folder; ; at = dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at);
      return bavail * bsize;
    } catch {
      if (dirname(at) === at) return Number.POSITIVE_INFINITY;
    }
  }
}

/** The same of a folder or file that can't be made. */
export const cannotKeep = (path: string, { code, message }: NodeJS.ErrnoException): StorageError =>
  new StorageError(
    `the index can't be kept in ${path}: ${WHY[code ?? ''] ?? message}. Name another folder with --cache DIR or in KERNTRAIL_CACHE.`,
  );

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
