/** What every command needs: the tree, and its index brought up to date. */
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type BuildResult, buildIndex } from '../index/build.ts';
import { makeFolder } from '../index/folders.ts';
import { type IndexReader, openReader } from '../index/reader.ts';
import { defaultStorage, storeFolder } from '../index/store.ts';
import { exists, listFiles, readTree, TreeError, type TreeInfo } from '../index/tree.ts';
import { similarity } from '../resolve/nameLikeness.ts';
import { progressLine, say } from './output.ts';
import { newPrinter, type Printer } from './print.ts';

export const EXIT = { found: 0, nothing: 1, badUse: 2 } as const;

export interface Context {
  tree: string | undefined;
  architecture: string;
  /** and not just the default */
  isArchitectureGiven: boolean;
  json: boolean;
  /** a vmlinux or module with debug information, for exact lines */
  vmlinux?: string | undefined;
  storage: string | undefined;
  workers: number;
  /** look for changed files before answering */
  update: boolean;
  /** how many answers, where there is no end to them; undefined for the command's own number */
  max: number | undefined;
  /** subsystems that chains prefer */
  paths: string[];
  format: 'text' | 'mermaid' | 'dot';
}

/** The tree meant: --tree, else the nearest kernel tree around the current folder. */
export function treeRoot(context: Context): string {
  const tree = readTree(context.tree === undefined ? treeAround(process.cwd()) : resolve(context.tree));
  checkArchitecture(context, tree);
  return realpathSync(tree.root);
}

function treeAround(start: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (exists(join(folder, 'include/linux')) && exists(join(folder, 'Makefile'))) return folder;
    if (dirname(folder) === folder)
      throw new TreeError('no kernel tree around the current folder. Name one with --tree DIR.');
  }
}

/** Names of architectures elsewhere that look nothing like their folders here. */
const ELSEWHERE: [RegExp, string][] = [
  [/^(?:amd64|ia32|i[3-6]86)$/, 'x86'],
  [/^aarch64/, 'arm64'],
  [/^ppc/, 'powerpc'],
  [/^hppa/, 'parisc'],
];

function checkArchitecture({ architecture: wanted, isArchitectureGiven }: Context, { architectures }: TreeInfo): void {
  // a part of a tree may have no arch/ at all
  if (!isArchitectureGiven || architectures.length === 0 || architectures.includes(wanted)) return;
  const alias = ELSEWHERE.find(([name]) => name.test(wanted))?.[1];
  const [nearest] = architectures
    .map((name) => ({ name, near: name === alias ? 2 : similarity(wanted, name) }))
    .filter(({ near }) => near > 0)
    .sort((a, b) => b.near - a.near);
  throw new TreeError(
    `there is no architecture '${wanted}' in this tree.${nearest ? ` Is ${nearest.name} meant?` : ''} It has ${architectures.join(', ')}.`,
  );
}

/** Folder of the bundled command, where its companions lie (dist/). */
export const scriptsFolder = (): string => dirname(process.argv[1] ? realpathSync(process.argv[1]) : process.cwd());

const workerScript = (): string => join(scriptsFolder(), 'worker.cjs');

/** Where indexes live: as an option says, which is read like any path on a command line, or the environment. */
export function storageOf(context: Context): string {
  if (context.storage !== undefined) return resolve(context.storage);
  const named = process.env.KERNTRAIL_CACHE;
  if (named && !isAbsolute(named))
    throw new TreeError(
      `KERNTRAIL_CACHE is '${named}', which is another folder wherever you stand. Set it to a full path.`,
    );
  return defaultStorage();
}

/** Thrown where a signal ended the work: what was asked has no answer. */
export class Interrupted extends Error {
  exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Signals that end a command, with the exit codes that shells know them by. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

type Signal = keyof typeof SIGNALS;

/** Aborts at the first signal. The second one finds no handler, and ends the process at once. */
function catchSignals(): { signal: AbortSignal; caught(): Signal | null; end(): void } {
  const abort = new AbortController();
  let caught: Signal | null = null;
  const stop = (signal: NodeJS.Signals) => {
    caught = signal as Signal;
    end();
    abort.abort();
  };
  const end = () => {
    for (const signal of Object.keys(SIGNALS)) process.off(signal, stop);
  };
  for (const signal of Object.keys(SIGNALS)) process.on(signal, stop);
  return { signal: abort.signal, caught: () => caught, end };
}

/** Says how far the index got: nothing else is true of a tree that was not read to its end. */
async function interruption(context: Context, root: string, signal: Signal): Promise<Interrupted> {
  const reader = openReader(storageOf(context), root, context.architecture);
  const files = reader ? [...reader.files()].length : 0;
  await reader?.close();
  const total = Math.max(files, listFiles(root).length);
  return new Interrupted(
    `stopped by ${signal}: ${files} of ${total} files are in the index, and nothing was answered. The next run goes on from there.`,
    SIGNALS[signal],
  );
}

/** Brings the index up to date. A signal stops it cleanly, keeps what is done, and ends the command. */
export async function update(context: Context, root: string): Promise<BuildResult> {
  const storage = storageOf(context);
  makeFolder(storeFolder(storage, root, context.architecture));
  const line = progressLine();
  const signals = catchSignals();
  try {
    const result = await buildIndex({
      root,
      storage,
      architecture: context.architecture,
      workerScript: workerScript(),
      workers: context.workers,
      progress: line.show,
      signal: signals.signal,
      say,
    });
    const signal = signals.caught();
    if (signal) throw await interruption(context, root, signal);
    return result;
  } finally {
    signals.end();
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

/** Asks an up-to-date index, and closes it whatever happens. */
export async function withIndex(
  context: Context,
  run: (index: IndexReader, printer: Printer) => Promise<number>,
): Promise<number> {
  const index = await openIndex(context);
  try {
    return await run(index, newPrinter(index.root));
  } finally {
    await index.close();
  }
}
