/** What every command needs: the tree, and its index brought up to date. */
import { realpathSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { buildIndex } from '../index/build/build.ts';
import type { BuildOptions, BuildResult } from '../index/build/buildOptions.ts';
import { modulesIn } from '../index/modules/find.ts';
import { type Module, modulesOf, mountModules } from '../index/modules/mounts.ts';
import { type IndexReader, openReader } from '../index/read/reader.ts';
import { withModules } from '../index/read/withModules.ts';
import { IndexDamage } from '../index/store/checked.ts';
import { StorageError } from '../index/store/storageError.ts';
import { defaultStorage, storeFolder, storeIdentity } from '../index/store/store.ts';
import { exists, listFiles, readTree, TreeError, type TreeInfo } from '../index/tree.ts';
import { similarity } from '../resolve/names/nameLikeness.ts';
import type { World } from '../resolve/world.ts';
import { linesWritten, progressLine, say } from './output.ts';
import { newPrinter, type Printer } from './print.ts';

export const EXIT = { found: 0, nothing: 1, badUse: 2 } as const;

/** What a command is asked with: the options that every command understands, read and checked. */
export interface Context {
  tree: string | undefined;
  /** folders of out-of-tree modules, as they were given */
  modules: readonly string[];
  architecture: string;
  /** and not just the default */
  isArchitectureGiven: boolean;
  json: boolean;
  storage: string | undefined;
  workers: number;
  /** look for changed files before answering */
  update: boolean;
}

/** The tree meant: --tree, else the nearest kernel tree around the current folder. The modules beside it are mounted. */
export function treeRoot(context: Context): string {
  const tree = readTree(context.tree === undefined ? treeAround(process.cwd()) : resolve(context.tree));
  checkArchitecture(context, tree);
  const root = realpathSync(tree.root);
  mountModules(
    root,
    modulesIn(
      root,
      context.modules.map((folder) => resolve(folder)),
    ),
  );
  return root;
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
export async function update(
  context: Context,
  root: string,
  options: Pick<BuildOptions, 'anew' | 'wait' | 'module'> = {},
): Promise<BuildResult> {
  const storage = storageOf(context);
  const line = progressLine();
  const signals = catchSignals();
  let isWaiting = false;
  try {
    const result = await buildIndex({
      root,
      storage,
      architecture: context.architecture,
      workerScript: workerScript(),
      workers: context.workers,
      progress(p) {
        // without a limit, a wait may take minutes: who doesn't see the line of progress is told of it
        if (p.phase === 'waiting' && !isWaiting && options.wait === undefined) {
          isWaiting = true;
          say(`another Kerntrail (process ${p.holder}) is indexing this tree: waiting for it.`);
        }
        line.show(p);
      },
      signal: signals.signal,
      say,
      ...options,
    });
    const signal = signals.caught();
    if (signal) throw await interruption(context, root, signal);
    return result;
  } finally {
    signals.end();
    line.end();
  }
}

/** How long a question waits for another process that brings the index up to date, in ms. */
const PATIENCE_MS = 2000;

/**
 * Brings the index up to date for a question. Where there is a complete one, an update that can't be made (another
 * process is at it, the disk is full, the folder is someone else's) is told, and the question goes to what is there.
 */
async function updateFor(context: Context, root: string, module?: Module): Promise<void> {
  const complete = await isComplete(context, root, module);
  try {
    const { busy } = await update(context, root, {
      ...(module ? { module } : {}),
      ...(complete ? { wait: PATIENCE_MS } : {}),
    });
    if (busy) say(`another Kerntrail (process ${busy.pid}) is updating the index: this is answered from it as it was.`);
  } catch (error) {
    if (!complete || !(error instanceof StorageError)) throw error;
    say(`${error.message} This is answered from the index as it was.`);
  }
}

async function isComplete(context: Context, root: string, module: Module | undefined): Promise<boolean> {
  const reader = openReader(storageOf(context), root, context.architecture, module);
  const complete = (reader?.meta()?.complete ?? 0) > 0;
  await reader?.close();
  return complete;
}

/** An index to ask, up to date, and how to close it. */
interface OpenIndex {
  index: IndexReader;
  close(): Promise<void>;
}

/** The tree's index, with those of the modules beside it laid over it. */
async function openIndex(context: Context): Promise<OpenIndex> {
  const root = treeRoot(context);
  const tree = await openOne(context, root);
  const open = [tree];
  const close = async () => void (await Promise.all(open.map((reader) => reader.close())));
  try {
    for (const module of modulesOf(root)) open.push(await openOne(context, root, module));
    return { index: withModules(tree, open.slice(1)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The index of the tree, or of a module beside it. */
async function openOne(context: Context, root: string, module?: Module): Promise<IndexReader> {
  const read = () => openReader(storageOf(context), root, context.architecture, module);
  try {
    if (context.update) await updateFor(context, root, module);
    const reader = read();
    if (reader) return reader;
    // it is made in seconds
    if (module) await update(context, root, { module });
  } catch (error) {
    if (!(error instanceof IndexDamage)) throw error;
    await heal(context, root, error);
  }
  const reader = read();
  if (reader) return reader;
  throw new TreeError(
    `there is no index of ${root} yet. Run 'kerntrail index --tree ${root} --arch ${context.architecture}'.`,
  );
}

/** Builds an index anew that a reading has found damaged, unless another process has done so meanwhile. */
async function heal(context: Context, root: string, damage: IndexDamage): Promise<void> {
  const damaged = storeIdentity(damage.folder);
  const folderOf = (module: Module) => storeFolder(storageOf(context), root, context.architecture, module);
  const module = modulesOf(root).find((m) => folderOf(m) === damage.folder);
  say(`the index in ${damage.folder} is damaged (${damage.message}). It is built anew.`);
  await update(context, root, { anew: { damaged }, ...(module ? { module } : {}) });
}

/**
 * Asks an up-to-date index, and closes it whatever happens. Where it turns out to be damaged, it is built anew and asked
 * once more; an answer that had begun by then is not complete.
 */
export async function withIndex(
  context: Context,
  run: (world: World, printer: Printer) => Promise<number>,
): Promise<number> {
  const before = linesWritten();
  try {
    return await ask(context, run);
  } catch (error) {
    if (!(error instanceof IndexDamage)) throw error;
    await heal(context, treeRoot(context), error);
    if (linesWritten() === before) return ask(context, run);
    throw new StorageError('what was printed until then is not complete: run the command again.');
  }
}

async function ask(context: Context, run: (world: World, printer: Printer) => Promise<number>): Promise<number> {
  const { index, close } = await openIndex(context);
  try {
    if (!index.isWhole())
      say(
        `the index of ${index.root} is not complete (--no-update leaves it so): what is not found may not be indexed yet.`,
      );
    return await run({ index, architecture: context.architecture }, newPrinter(index.root));
  } finally {
    await close();
  }
}
