/** One kernel tree that the server answers for: its index, how far that is, and what keeps it up to date. */
import { realpathSync } from 'node:fs';
import type { LostFile, Progress } from '../index/build/buildOptions.ts';
import { type Module, mountModules } from '../index/modules/mounts.ts';
import { type IndexReader, openReader, type StoredReader } from '../index/read/reader.ts';
import { IndexDamage } from '../index/store/checked.ts';
import { storeFolder, storeIdentity } from '../index/store/store.ts';
import { readTree, type TreeInfo } from '../index/tree.ts';
import { readDocs } from '../resolve/docs/docSections.ts';
import { BadTreeError, type IndexerClient, type IndexRequest, IndexStorageError } from './indexing/indexerClient.ts';
import { errorText, lostText, rebuiltText, STATUS_PHASES } from './indexing/texts.ts';
import { type Lines, newLines } from './lines.ts';
import {
  byModule,
  closeModules,
  faultOf,
  isBuilding,
  lookAtModules,
  type ModuleIndex,
  type Modules,
  modulesNote,
  newModules,
  overModules,
} from './modules/modules.ts';
import type { Phase, StatusParams } from './protocol.ts';
import { inSlices } from './wire/slices.ts';

/** What a tree needs of the server. */
export interface TreeHost {
  indexer: IndexerClient;
  storage: string;
  workers: number;
  exclude: string[];
  /** files to index first: what is open */
  first(): string[];
  log(message: string): void;
  /** tells the user what should not go unnoticed */
  warn(message: string): void;
  /** the status has changed */
  changed(): void;
  /** the index holds something new */
  indexed(): void;
  /** it holds as much as before, but a build has gone on */
  moved(): void;
}

/** A tree, its index as it is now, and what is being done to it. */
export interface Tree {
  /** path as the editor names it: its URIs begin so */
  folder: string;
  /** the same without symbolic links: the index knows it by this */
  root: string;
  info: TreeInfo;
  lines: Lines;
  architecture: string;
  host: TreeHost;
  /** of the tree alone; null where there is no index yet, or while it is begun anew */
  reader: StoredReader | null;
  modules: Modules;
  phase: Phase;
  /** files done and files to do in this phase */
  done: number;
  total: number;
  /** how much of the tree the index holds, in percent; null where that is not counted yet */
  share: number | null;
  /** what else there is to say of the phase */
  message: string | undefined;
  /** stops the build of the whole tree that runs */
  abort: AbortController | null;
  /** done when that build is */
  running: Promise<unknown>;
  /** when the reader last looked at what was written meanwhile, in ms */
  refreshed: number;
  /** what the index held then, as far as its own words tell */
  held: string;
  /** the index was thrown away under the reader */
  anew: boolean;
  /** files that changed and wait for their update */
  pending: Set<string>;
  timer: NodeJS.Timeout | null;
  closed: boolean;
  healing: boolean;
  lost: LostFile[];
}

const REFRESH_MS = 2000;
const DEBOUNCE_MS = 100;
/** A checkout changes thousands of files: then comparing the tree is cheaper, and headers' macros count. */
const MANY_FILES = 200;

/** Opens a tree and the index that it has, and the modules beside it. Throws a TreeError for a folder that is none. */
export function openTree(folder: string, architecture: string, host: TreeHost, modules: readonly Module[] = []): Tree {
  const root = realpathSync(folder);
  for (const name of [folder, root]) mountModules(name, modules);
  const tree: Tree = {
    folder,
    root,
    info: readTree(root),
    lines: newLines(folder, (path) => tree.reader?.isAscii(path) ?? false),
    architecture,
    host,
    reader: null,
    modules: newModules(root),
    phase: 'idle',
    done: 0,
    total: 0,
    share: null,
    message: undefined,
    abort: null,
    running: Promise.resolve(),
    refreshed: 0,
    held: '',
    anew: false,
    pending: new Set(),
    timer: null,
    closed: false,
    healing: false,
    lost: [],
  };
  look(tree);
  return tree;
}

/** What answers for a tree and the modules beside it; null where the tree has no index yet. */
export const readerOf = (tree: Tree): IndexReader | null => overModules(tree.modules, tree.reader);

/** What the status bar shows of a tree. */
export const treeStatus = ({
  info,
  phase,
  folder,
  architecture,
  done,
  total,
  message,
  modules,
}: Tree): StatusParams => ({
  // a module's is done when its own index is there, too
  phase: phase === 'ready' && isBuilding(modules) ? 'linking' : phase,
  tree: folder,
  architecture,
  architectures: info.architectures,
  done,
  total,
  ...(info.release ? { release: info.release } : {}),
  ...(message || faultOf(modules) ? { message: [message, faultOf(modules)].filter(Boolean).join(' ') } : {}),
});

/** What to say beside an answer while the index is incomplete, else null. */
export function partialNote({ reader, modules, phase, share }: Tree): string | null {
  if (reader?.isWhole()) return modulesNote(modules);
  if (phase === 'error' || phase === 'noTree') return 'There is no complete index: this answer may be partial.';
  return `The index is being built${share === null ? '' : `: ${share} %`}. This answer may be partial.`;
}

/** What to say where an answer would be "none" while the index can't know that: `not indexed yet (15 %)`; else null. */
export function notYet({ reader, share }: Tree): string | null {
  if (reader?.isWhole()) return null;
  return share === null ? 'not indexed yet' : `not indexed yet (${share} %)`;
}

/** How a build that forgets what is there begins (see BuildOptions). */
type Begin = true | { damaged: number };

/** Compares the whole tree with its index, and brings that up to date. Never fails: the status tells. */
export async function updateTree(tree: Tree, begin?: Begin): Promise<void> {
  const { host, root } = tree;
  tree.abort?.abort();
  const mine = new AbortController();
  tree.abort = mine;
  tree.phase = 'scanning';
  tree.done = 0;
  tree.total = 0;
  tree.share = null;
  if (!begin) tree.message = undefined;
  host.changed();
  // they rest on the tree's index: with a complete one they need not wait for what has changed there
  if (!begin && isComplete(tree)) updateModules(tree);
  const building = host.indexer.build(wholeJob(tree, mine.signal, begin));
  tree.running = building.catch(() => undefined);
  try {
    const outcome = await building;
    if (tree.closed || tree.abort !== mine) return;
    if (outcome.rebuilt) host.warn(rebuiltText(root));
    if (outcome.unreadable) host.log(`${outcome.unreadable} files could not be read`);
    for (const { path, why } of outcome.lost) host.log(`${path} could not be indexed: ${why}`);
    host.log(`index of ${root}: ${outcome.changed} files read, ${outcome.removed} gone`);
    tree.lost = outcome.lost;
    ready(tree);
    if (outcome.changed || outcome.removed || !tree.modules.list.every((m) => m.isReady)) updateModules(tree);
  } catch (error) {
    if (!tree.closed && tree.abort === mine) failed(tree, error as Error);
  }
}

/** Forgets the index and begins again. */
export async function reindexTree(tree: Tree): Promise<void> {
  tree.abort?.abort();
  tree.abort = null;
  await tree.running;
  await letGo(tree);
  await updateTree(tree, true);
}

/** Builds the index anew after a reading has found it damaged, unless that is on its way already. */
export function healTree(tree: Tree, damage: IndexDamage): void {
  if (tree.healing || tree.closed) return;
  tree.healing = true;
  const { host, root } = tree;
  const damaged = storeIdentity(storeFolder(host.storage, root, tree.architecture));
  tree.message = `The index was damaged (${damage.message}): it is built anew.`;
  host.warn(`The index of ${root} is damaged (${damage.message}). It is built anew; answers are partial until then.`);
  letGo(tree)
    .then(() => updateTree(tree, { damaged }))
    .catch((error: Error) => failed(tree, error))
    .finally(() => {
      tree.healing = false;
    });
}

/** A module's index is damaged: it is built anew, unless that has been done meanwhile. */
export function healModule(tree: Tree, folder: string): void {
  const of = (m: ModuleIndex) => storeFolder(tree.host.storage, tree.root, tree.architecture, m.module);
  const m = tree.modules.list.find((one) => of(one) === folder);
  if (m) updateModule(tree, m, { anew: { damaged: storeIdentity(folder) } });
}

/** Indexes changed files (relative) again, after a moment in which more of them may come. */
export function changedInTree(tree: Tree, paths: readonly string[]): void {
  for (const path of paths) {
    tree.pending.add(path);
    tree.lines.forget(path);
  }
  if (tree.timer) clearTimeout(tree.timer);
  tree.timer = setTimeout(() => updatePending(tree), DEBOUNCE_MS);
}

/** Reads the tree as another architecture: that has an index of its own, perhaps a complete one. */
export async function switchTree(tree: Tree, architecture: string): Promise<void> {
  if (architecture === tree.architecture) return;
  tree.abort?.abort();
  tree.architecture = architecture;
  await letGo(tree);
  look(tree);
  tree.host.indexed();
  await updateTree(tree);
}

/** Someone types: a save is likely soon, and workers can be there by then. */
export function prepareTree(tree: Tree): void {
  if (tree.phase === 'ready') tree.host.indexer.prepare(partJob(tree, []));
}

/** Stops what is being done, and closes the index. */
export async function closeTree(tree: Tree): Promise<void> {
  tree.closed = true;
  tree.abort?.abort();
  if (tree.timer) clearTimeout(tree.timer);
  await letGo(tree);
}

async function letGo(tree: Tree): Promise<void> {
  const old = tree.reader;
  tree.reader = null;
  await Promise.all([old?.close(), closeModules(tree.modules)]);
}

/** Brings the modules' indexes up to date, one after the other. */
function updateModules(tree: Tree): void {
  for (const m of tree.modules.list) updateModule(tree, m);
}

/** Brings a module's index up to date, `part` of it or all. Never fails: what is wrong is told beside answers. */
function updateModule(tree: Tree, m: ModuleIndex, part: Pick<IndexRequest, 'only' | 'anew'> = {}): void {
  const { host, architecture } = tree;
  const { module } = m;
  const job: IndexRequest = { ...jobOf(tree), ...part, module, first: [], say: host.log };
  host.indexer.build(job).then(
    ({ changed, removed, lost }) => {
      if (tree.closed || tree.architecture !== architecture) return;
      for (const { path, why } of lost) host.log(`${path} could not be indexed: ${why}`);
      if (!part.only) host.log(`index of ${module.folder}: ${changed} files read, ${removed} gone`);
      m.isReady = true;
      m.problem = null;
      refresh(tree);
      host.changed();
    },
    (error: Error) => {
      if (tree.closed || tree.architecture !== architecture) return;
      host.log(`${module.folder} could not be indexed: ${error.message}`);
      [m.problem] = error.message.split('\n', 1);
      host.changed();
    },
  );
}

/** Looks at the index as it is now; one that turns out to be damaged is healed. */
function look(tree: Tree): void {
  try {
    if (tree.reader) tree.reader.refresh();
    else tree.reader = openReader(tree.host.storage, tree.root, tree.architecture);
    lookAtModules(tree.modules, tree.host.storage, tree.root, tree.architecture);
  } catch (error) {
    if (!(error instanceof IndexDamage)) throw error;
    healTree(tree, error);
  }
}

/** What an index says of how much it holds: other words after each commit. */
function heldNow({ reader }: Tree): string {
  const meta = reader?.meta();
  return meta ? `${meta.nextFile} ${meta.segments.next} ${meta.complete}` : '';
}

/** Looks at the index while a build goes on: most of the time nothing was written since. */
function follow(tree: Tree): void {
  if (!tree.reader || tree.anew || heldNow(tree) !== tree.held) refresh(tree);
  else {
    tree.refreshed = Date.now();
    tree.host.moved();
  }
}

function refresh(tree: Tree): void {
  tree.refreshed = Date.now();
  if (tree.anew) void letGo(tree);
  tree.anew = false;
  look(tree);
  tree.held = heldNow(tree);
  tree.host.indexed();
}

function jobOf(tree: Tree): IndexRequest {
  const { host } = tree;
  return {
    root: tree.root,
    modules: tree.modules.list.map((m) => m.module),
    storage: host.storage,
    architecture: tree.architecture,
    workers: host.workers,
    exclude: host.exclude,
    first: host.first(),
    say(text) {
      host.log(text);
      // what it says is that the index was thrown away: the reader still holds the old one
      tree.anew = true;
      tree.message = text;
    },
    progress() {},
  };
}

const wholeJob = (tree: Tree, signal: AbortSignal, begin: Begin | undefined): IndexRequest => ({
  ...jobOf(tree),
  signal,
  progress: (p) => showProgress(tree, p),
  ...(begin ? { anew: begin } : {}),
});

/** An update after a save is over before anyone could read of its progress. */
const partJob = (tree: Tree, only: string[]): IndexRequest => ({ ...jobOf(tree), only });

function showProgress(tree: Tree, p: Progress): void {
  tree.phase = STATUS_PHASES[p.phase];
  // headers are linked in between: how much of the tree is indexed stays what there is to say
  if (p.phase !== 'linking' || tree.share === null) {
    tree.done = p.done;
    tree.total = p.total;
  }
  if (p.phase === 'indexing' && p.total > 0) tree.share = Math.min(99, Math.floor((100 * p.done) / p.total));
  if (Date.now() - tree.refreshed > REFRESH_MS && p.phase !== 'listing') follow(tree);
  tree.host.changed();
}

function updatePending(tree: Tree): void {
  const { host } = tree;
  const parts = byModule(tree.modules, tree.pending);
  tree.pending = new Set();
  for (const { module, paths } of parts) if (module) updateModule(tree, module, { only: paths });
  const only = parts.find((p) => p.module === null)?.paths ?? [];
  if (only.length === 0) return;
  if (only.length > MANY_FILES) {
    void updateTree(tree);
    return;
  }
  host.indexer.build(partJob(tree, only)).then(
    ({ rebuilt }) => {
      if (tree.closed) return;
      if (rebuilt) host.warn(rebuiltText(tree.root));
      refresh(tree);
    },
    (error: Error) => {
      if (tree.closed) return;
      if (error instanceof IndexStorageError) failed(tree, error);
      else host.log(`${only.join(', ')} could not be indexed: ${error.message}`);
    },
  );
}

function ready(tree: Tree): void {
  refresh(tree);
  tree.phase = 'ready';
  const totals = tree.reader?.meta()?.totals;
  tree.total = totals?.files ?? 0;
  tree.done = tree.total;
  tree.message = [lostText(tree.lost), totals ? errorText(totals) : ''].filter(Boolean).join(' ') || undefined;
  tree.host.changed();
  void readAllDocs(tree);
}

/** Texts on slots are found before anybody asks for them. */
async function readAllDocs(tree: Tree): Promise<void> {
  try {
    await inSlices(readDocs(tree.folder), () => {
      if (tree.closed) throw new Error('closed');
    });
  } catch (error) {
    if (!tree.closed) tree.host.log(`Documentation: ${(error as Error).message}`);
  }
}

function isComplete({ reader }: Tree): boolean {
  try {
    return (reader?.meta()?.complete ?? 0) > 0;
  } catch {
    return false;
  }
}

function failed(tree: Tree, error: Error): void {
  tree.host.log(error.message);
  // whoever begins anew lets go of what is there first
  if (!tree.reader) look(tree);
  const said = error instanceof BadTreeError || error instanceof IndexStorageError;
  const first = error.message.split('\n', 1)[0];
  if (error instanceof IndexStorageError && isComplete(tree)) {
    tree.phase = 'ready';
    tree.message = `The index could not be brought up to date: ${first} Answers come from the index as it was.`;
  } else {
    tree.phase = error instanceof BadTreeError ? 'noTree' : 'error';
    tree.message = said
      ? first
      : `Indexing failed: ${first} The command "Kerntrail: Re-index the Tree" tries again; the output channel has the details.`;
  }
  tree.host.changed();
}
