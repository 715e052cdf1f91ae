/** What every command needs: the tree, its index brought up to date, output. */

import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type BuildOptions, type BuildResult, buildIndex, type Progress } from '../index/build.ts';
import { IndexDamage } from '../index/checked.ts';
import { type IndexReader, openReader } from '../index/reader.ts';
import { defaultStorage, StorageError, storeIdentity } from '../index/store.ts';
import { exists, readTree, TreeError } from '../index/tree.ts';

export const EXIT = { found: 0, nothing: 1, badUse: 2 } as const;

export interface Context {
  tree: string | undefined;
  architecture: string;
  json: boolean;
  /** a vmlinux or module with debug information, for exact lines */
  vmlinux?: string | undefined;
  storage: string | undefined;
  workers: number;
  /** look for changed files before answering */
  update: boolean;
  /** how many answers, where there is no end to them */
  max: number;
  /** subsystems that chains prefer */
  paths: string[];
  format: 'text' | 'mermaid' | 'dot';
}

/** The tree meant: --tree, else the nearest kernel tree around the current folder. */
export function treeRoot(context: Context): string {
  if (context.tree !== undefined) return realpathSync(readTree(resolve(context.tree)).root);
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    if (exists(join(folder, 'include/linux')) && exists(join(folder, 'Makefile')))
      return realpathSync(readTree(folder).root);
    if (dirname(folder) === folder)
      throw new TreeError('no kernel tree around the current folder. Name one with --tree DIR.');
  }
}

/** Folder of the bundled command, where its companions lie (dist/). */
export const scriptsFolder = (): string => dirname(process.argv[1] ? realpathSync(process.argv[1]) : process.cwd());

const workerScript = (): string => join(scriptsFolder(), 'worker.cjs');

export const storageOf = (context: Context): string => (context.storage ? resolve(context.storage) : defaultStorage());

/** A line of progress on a terminal, nothing elsewhere. */
export function progressLine(): { show(p: Omit<Progress, 'phase'> & { phase: string }): void; end(): void } {
  const out = process.stderr;
  if (!out.isTTY) return { show() {}, end() {} };
  let last = 0;
  return {
    show(p) {
      const now = Date.now();
      if (now - last < 100 && p.done !== p.total) return;
      last = now;
      const width = 30;
      const share = p.total ? p.done / p.total : 0;
      const bar = '█'.repeat(Math.round(share * width)).padEnd(width, '░');
      out.write(
        `\r\x1b[K${p.phase.padEnd(9)} ${bar} ${p.total ? `${Math.floor(share * 100)} %  ${p.done}/${p.total}` : ''}`,
      );
    },
    end() {
      out.write('\r\x1b[K');
    },
  };
}

/** Brings the index up to date; Ctrl+C stops cleanly and keeps what is done. */
export async function update(
  context: Context,
  root: string,
  options: Pick<BuildOptions, 'anew' | 'wait'> = {},
): Promise<BuildResult> {
  const line = progressLine();
  const abort = new AbortController();
  const stop = () => abort.abort();
  process.once('SIGINT', stop);
  try {
    return await buildIndex({
      root,
      storage: storageOf(context),
      architecture: context.architecture,
      workerScript: workerScript(),
      workers: context.workers,
      progress: line.show,
      signal: abort.signal,
      say: (message) => process.stderr.write(`kerntrail: ${message}\n`),
      ...options,
    });
  } finally {
    process.off('SIGINT', stop);
    line.end();
  }
}

/** How long a question waits for another process that brings the index up to date, in ms. */
const PATIENCE_MS = 2000;

/**
 * Brings the index up to date for a question. Where there is a complete one, an update that can't be made (another
 * process is at it, the disk is full, the folder is someone else's) is told, and the question goes to what is there.
 */
async function updateFor(context: Context, root: string): Promise<void> {
  const complete = await isComplete(context, root);
  try {
    const { busy } = await update(context, root, complete ? { wait: PATIENCE_MS } : {});
    if (busy)
      warn(`another Kerntrail (process ${busy.pid}) is updating the index: this is answered from it as it was.`);
  } catch (error) {
    if (!complete || !(error instanceof StorageError)) throw error;
    warn(`${error.message} This is answered from the index as it was.`);
  }
}

const warn = (message: string): void => void process.stderr.write(`kerntrail: ${message}\n`);

async function isComplete(context: Context, root: string): Promise<boolean> {
  const reader = openReader(storageOf(context), root, context.architecture);
  const complete = (reader?.meta()?.complete ?? 0) > 0;
  await reader?.close();
  return complete;
}

/** An up-to-date index to ask. */
export async function openIndex(context: Context): Promise<IndexReader> {
  const root = treeRoot(context);
  try {
    if (context.update) await updateFor(context, root);
    const reader = openReader(storageOf(context), root, context.architecture);
    if (reader) return reader;
  } catch (error) {
    if (!(error instanceof IndexDamage)) throw error;
    await heal(context, root, error);
    const reader = openReader(storageOf(context), root, context.architecture);
    if (reader) return reader;
  }
  throw new TreeError(
    `there is no index of ${root} yet. Run 'kerntrail index --tree ${root} --arch ${context.architecture}'.`,
  );
}

/** Builds an index anew that a reading has found damaged, unless another process has done so meanwhile. */
export async function heal(context: Context, root: string, damage: IndexDamage): Promise<void> {
  const damaged = storeIdentity(damage.folder);
  warn(`the index in ${damage.folder} is damaged (${damage.message}). It is built anew.`);
  await update(context, root, { anew: { damaged } });
}

/** Writes lines with regard to a slow reader: a dump is larger than any pipe. Returns how many there were. */
export async function writeLines(lines: Iterable<string>): Promise<number> {
  let count = 0;
  let chunk: string[] = [];
  const flush = async () => {
    const text = chunk.join('');
    chunk = [];
    if (text && !process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  };
  for (const line of lines) {
    chunk.push(`${line}\n`);
    count++;
    if (chunk.length >= 500) await flush();
  }
  await flush();
  return count;
}
