/** What the server and the process that indexes say to each other. */
import type { BuildResult, Progress } from '../../index/build/buildOptions.ts';
import type { Module } from '../../index/modules/mounts.ts';

/** One build or update; `only` names the changed files, without it the whole tree is compared. */
export interface IndexJob {
  id: number;
  root: string;
  /** the module whose index is meant, in place of the tree's */
  module?: Module;
  /** all that stand beside the tree */
  modules?: readonly Module[];
  storage: string;
  architecture: string;
  workerScript: string;
  workers: number;
  exclude: string[];
  first: string[];
  only?: string[];
  /** see BuildOptions */
  anew?: true | { damaged: number };
}

/** What a job came to. */
export interface IndexOutcome extends Pick<BuildResult, 'changed' | 'removed' | 'lost' | 'cancelled' | 'rebuilt'> {
  unreadable: number;
}

/** A job that was stopped before it began. */
export const CANCELLED: IndexOutcome = {
  changed: 0,
  removed: 0,
  unreadable: 0,
  lost: [],
  cancelled: true,
  rebuilt: false,
};

/** From the server to the process that indexes. */
export type ToIndexer =
  | { kind: 'build'; job: IndexJob }
  /** an update is likely soon: get the workers ready */
  | { kind: 'prepare'; job: IndexJob }
  /** files to read next */
  | { kind: 'first'; id: number; paths: string[] }
  | { kind: 'cancel'; id: number };

/** And back: what becomes of the job with that number. */
export type FromIndexer =
  | { kind: 'progress'; id: number; progress: Progress }
  | { kind: 'say'; id: number; message: string }
  | ({ kind: 'done'; id: number } & IndexOutcome)
  /** `said`: the message is in words for the user, and all there is to know */
  | { kind: 'failed'; id: number; message: string; badTree: boolean; said: boolean };
