/** What the thread that builds an index and its workers say to each other. */
import type { Module } from '../modules/mounts.ts';
import type { Rows } from '../store/rows.ts';
import type { RowTable } from '../store/store.ts';

/** In the place of a file's number: a worker that starts, or does what is of no one file; and one that waits. */
export const BUSY = -1;
export const IDLE = 0;

/** What a worker thread is started with. */
export interface WorkerSetup {
  root: string;
  storage: string;
  architecture: string;
  /** the module whose index is built, in place of the tree's */
  module?: Module;
  /** all that stand beside the tree */
  modules?: readonly Module[];
  /**
   * what the worker and its pool tell each other at any time: the number of the file in its hands, BUSY or IDLE; a count
   * that grows with each file; and 1 for "stop before what comes next"
   */
  at?: Int32Array;
}

/** What a worker is told: jobs come one at a time, each is answered with a WorkerReply. */
export type WorkerJob =
  | { kind: 'scan'; files: NumberedFile[] }
  | { kind: 'knowledge'; macros: Buffer[] }
  | { kind: 'facts'; files: NumberedFile[]; link: boolean }
  | { kind: 'link'; files: number[] }
  /** the store has changed: forget what was read from it */
  | { kind: 'refresh' }
  /** let go of the store: what a thread still holds when it ends is never given back */
  | { kind: 'close' };

/** A file to read (relative path), and the number that its rows will carry. */
export interface NumberedFile {
  path: string;
  id: number;
  /** why it is not to be read: no worker has got through it */
  lost?: string;
}

/** What a header #defines, packed as the store keeps it. */
export interface ScannedFile {
  path: string;
  macros: Buffer;
  /** facts at once, where the #defines are all there is */
  facts: FactsResult | null;
}

/** What was made of a file. Bytes that come from another thread are no Buffers any more, only Uint8Arrays. */
export interface FactsResult {
  path: string;
  id: number;
  size: number;
  mtime: number;
  hash: string;
  facts: Buffer;
  records: Buffer | null;
  /** the words that it holds (see syntax/text/wordSet.ts) */
  words: Buffer;
  /** names of the functions, a line each */
  functions: string;
  /** its #includes as written, a line each */
  includes: string;
  /** see FileRecord */
  parameterised: boolean;
  ascii: boolean;
  /** has initialisers or assignments that a later link must look at */
  unlinked: boolean;
  /** see FileRecord */
  lost: string;
  parsedBytes: number;
  errorBytes: number;
}

/** What a batch of files is looked up by. */
export type BatchRows = Record<RowTable, Rows>;

/** What came of a job. */
export type WorkerReply =
  | { kind: 'scan'; files: ScannedFile[]; unreadable: string[] }
  | { kind: 'facts'; files: FactsResult[]; rows: BatchRows; unreadable: string[] }
  | { kind: 'link'; rows: BatchRows; lost: [file: number, why: string][] }
  | { kind: 'done' }
  /** `damage`: the folder of the index that is damaged */
  | { kind: 'error'; message: string; damage: string | null };
