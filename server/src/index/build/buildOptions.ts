/** What a build is asked for, what it tells on the way, and what it comes to. */
import type { Module } from '../modules/mounts.ts';
import type { LockHolder } from '../store/writerLock.ts';
import type { TreeInfo } from '../tree.ts';
import type { Pool } from './pool.ts';

/** How far a build is: files done and files to do in its phase. */
export interface Progress {
  /** `waiting`: another process writes this index; the numbers are its own */
  phase: 'waiting' | 'listing' | 'scanning' | 'indexing' | 'linking' | 'writing' | 'ready';
  done: number;
  total: number;
  /** number of the process that is waited for */
  holder?: number;
}

/** What is to be built, from which files, and who hears of it. */
export interface BuildOptions {
  root: string;
  /** an out-of-tree module, whose own index is built instead of the tree's: that must be there, and is only read */
  module?: Module;
  storage: string;
  architecture: string;
  /** path of the bundled worker script */
  workerScript: string;
  workers?: number;
  /** files and folders (relative, with a trailing slash) to leave out */
  exclude?: (path: string) => boolean;
  /** files or folders (with a trailing slash) to index first; the list may grow while the build runs */
  first?: readonly string[];
  /** only these files have changed; without it the whole tree is compared */
  only?: string[];
  /** throw away what is there: always, or the one of this identity (see `storeIdentity`), which is damaged */
  anew?: true | { damaged: number };
  /** how long to wait for another process that writes this index, in ms; without it: to its end */
  wait?: number;
  /** how long one file may take, in ms; without it: two minutes */
  patience?: number;
  progress?: (p: Progress) => void;
  signal?: AbortSignal;
  say?: (message: string) => void;
  /** workers to use, kept by the caller between updates */
  pool?: Pool;
}

/** Which index is meant. */
export type IndexOf = Pick<BuildOptions, 'root' | 'storage' | 'architecture' | 'module'>;

/** A file that could not be read to its end, and why. */
export interface LostFile {
  path: string;
  why: string;
}

/** What a build came to; numbers are files. */
export interface BuildResult {
  tree: TreeInfo;
  changed: number;
  removed: number;
  unreadable: string[];
  lost: LostFile[];
  cancelled: boolean;
  /** who writes the index, where that was not waited for: then nothing was done */
  busy: LockHolder | null;
  /** the index was damaged, and was begun anew */
  rebuilt: boolean;
}
