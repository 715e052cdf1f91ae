/** What every command needs: the tree, its index brought up to date, output. */

import { realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type BuildResult, buildIndex, type Progress } from '../index/build.ts';
import { type IndexReader, openReader } from '../index/reader.ts';
import { defaultStorage } from '../index/store.ts';
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
export function progressLine(): { show(p: Progress): void; end(): void } {
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
export async function update(context: Context, root: string): Promise<BuildResult> {
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
    });
  } finally {
    process.off('SIGINT', stop);
    line.end();
  }
}

/** An up-to-date index to ask. */
export async function openIndex(context: Context): Promise<IndexReader> {
  const root = treeRoot(context);
  if (context.update) await update(context, root);
  const reader = openReader(storageOf(context), root, context.architecture);
  if (!reader)
    throw new TreeError(
      `there is no index of ${root} yet. Run 'kerntrail index --tree ${root} --arch ${context.architecture}'.`,
    );
  return reader;
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
