/** The trees and documents of one editor window. What is asked about them begins in requests.ts. */
import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileFacts } from '../facts/types.ts';
import { modulesIn } from '../index/modules/find.ts';
import { type Module, pathOfPlace } from '../index/modules/mounts.ts';
import { type DirectReader, openDirect } from '../index/read/direct.ts';
import type { IndexReader } from '../index/read/reader.ts';
import type { IndexDamage } from '../index/store/checked.ts';
import { NameKind } from '../index/store/postings.ts';
import { storeFolder } from '../index/store/store.ts';
import { readTree } from '../index/tree.ts';
import { moduleOf } from '../kernel/layout.ts';
import {
  changeDocument,
  closeDocument,
  type Documents,
  dropIndexed,
  newDocuments,
  openDocument,
  saveDocument,
} from './documents.ts';
import { type IndexerClient, newIndexer } from './indexing/indexerClient.ts';
import { layoutOf } from './modules/folders.ts';
import { fileOf } from './paths.ts';
import type { Settings, StatusParams } from './protocol.ts';
import { dropRead, forgetRead, newReadahead, type Readahead, readAhead } from './readahead.ts';
import {
  changedInTree,
  closeTree,
  healModule,
  healTree,
  openTree,
  partialNote,
  prepareTree,
  reindexTree,
  switchTree,
  type Tree,
  type TreeHost,
  treeStatus,
  updateTree,
} from './tree.ts';

/** What a session is opened with. */
export interface SessionOptions {
  folders: string[];
  /** folders of modules, whatever they look like */
  modules?: string[];
  settings: Settings;
  storage: string;
  scripts: string;
  log(message: string): void;
  /** tells the user what should not go unnoticed */
  warn(message: string): void;
  /** the status has changed */
  changed(): void;
  /** new answers are there */
  indexed(): void;
  /** what is said of how far an index is has changed */
  moved(): void;
}

/** The trees of a window. */
export interface Session {
  options: SessionOptions;
  indexer: IndexerClient;
  /** in which all trees are read: the setting's, or another that was chosen since */
  architecture: string;
  held: Held[];
  /** by the URI of an open document: the tree that it stands in */
  byUri: Map<string, Held>;
  /** why a tree that the setting names is not among them */
  problem: string | undefined;
  starting: NodeJS.Timeout | null;
}

/** A tree with its open documents. */
export interface Held {
  tree: Tree;
  documents: Documents;
  /** answers without an index, made when first needed */
  direct: DirectReader | null;
  /** what was read because someone asked for it, until the index has it */
  ahead: Readahead;
  /** indexes with the open documents' facts over them, by the one below; made anew when either changes */
  views: Map<IndexReader, IndexReader>;
}

/** Opens a session: finds the trees; nothing is read yet. A folder that is no tree is told, not thrown. */
export function openSession(options: SessionOptions): Session {
  const { settings, log } = options;
  const session: Session = {
    options,
    indexer: newIndexer(options.scripts, log),
    architecture: settings.architecture,
    held: [],
    byUri: new Map(),
    problem: undefined,
    starting: null,
  };
  const { trees, modules } = layoutOf(options.folders, settings.tree, log);
  for (const folder of trees) {
    try {
      const beside = folder === trees[0] ? [...modules, ...(options.modules ?? [])] : [];
      if (!session.held.some((h) => h.tree.folder === folder)) session.held.push(hold(session, folder, beside));
    } catch (error) {
      log((error as Error).message);
      if (settings.tree)
        session.problem = `The setting kerntrail.tree names ${folder}, which is no kernel tree: ${NEEDS}`;
    }
  }
  return session;
}

/** What a function with a body is to the index. */
const BODIES: ReadonlySet<NameKind> = new Set([NameKind.Function, NameKind.Label]);

/** The modules in folders beside a tree; what is wrong with one is told, and it is left out. */
function modulesBeside(tree: string, folders: readonly string[], log: (message: string) => void): Module[] {
  const root = realpathSync(tree);
  return modulesIn(
    root,
    folders.filter((folder) => {
      try {
        return modulesIn(root, [folder]);
      } catch (error) {
        log((error as Error).message);
        return false;
      }
    }),
  );
}

/** Opens a tree, and the modules in folders beside it. Throws a TreeError for a folder that is none. */
function hold(session: Session, folder: string, beside: readonly string[]): Held {
  const { log, warn, changed, settings, storage } = session.options;
  const refused = refusal(readTree(folder).architectures, session.architecture);
  if (refused) {
    log(`The setting kerntrail.architecture is not used: ${refused}`);
    session.architecture = DEFAULT_ARCHITECTURE;
  }
  const host: TreeHost = {
    indexer: session.indexer,
    storage,
    workers: settings.index.workers,
    exclude: settings.index.exclude,
    first: () => [...held.documents.byUri.values()].flatMap((d) => [d.path, `${dirname(d.path)}/`]),
    log,
    warn,
    changed,
    indexed: () => treeIndexed(session, held),
    moved: () => session.options.moved(),
  };
  const held: Held = {
    tree: openTree(folder, session.architecture, host, modulesBeside(folder, beside, log)),
    documents: newDocuments(
      (path, text) => typedFacts(held, path, text),
      () => {
        held.views.clear();
      },
      log,
    ),
    direct: null,
    ahead: newReadahead({
      root: realpathSync(folder),
      isWanted: () => !held.tree.closed && !held.tree.reader?.isWhole(),
      isDefined: (name) => held.tree.reader?.names(name).some((p) => BODIES.has(p.kind)) ?? false,
      isIndexed: (path) => held.tree.reader?.fileId(path) !== undefined,
      factsOf: (path, text) => directOf(held).factsOfText(path, text),
      read(paths) {
        held.views.clear();
        session.indexer.first(paths);
        session.options.indexed();
      },
      log,
    }),
    views: new Map(),
  };
  return held;
}

function treeIndexed({ options }: Session, held: Held): void {
  held.views.clear();
  dropRead(held.ahead);
  // while a build goes on, the file may still be the old one in the index
  if (held.tree.phase === 'ready') {
    dropIndexed(held.documents);
    // the headers it holds are not needed any more
    held.direct = null;
  }
  options.indexed();
}

async function typedFacts(held: Held, path: string, text: string): Promise<FileFacts> {
  const direct = directOf(held);
  const facts = await direct.factsOfText(path, text);
  if (partialNote(held.tree) === null) direct.forget();
  return facts;
}

/** What answers for a tree without an index. */
export function directOf(held: Held): DirectReader {
  held.direct ??= openDirect(held.tree.root, held.tree.architecture);
  return held.direct;
}

/** The tree that a file (absolute) stands in or beside, the innermost of several, and the file's path in answers. */
export function holderOf({ held }: Session, file: string | null): { h: Held; path: string } | null {
  if (file === null) return null;
  let best: { h: Held; path: string } | null = null;
  for (const h of held) {
    const path = pathOfPlace(h.tree.folder, file);
    if (path !== null && (!best || moduleOf(path) || h.tree.folder.length > best.h.tree.folder.length))
      best = { h, path };
  }
  return best;
}

/** A document was opened; `file` is its absolute path. */
export function documentOpened(session: Session, document: TextDocument, file: string): void {
  const holder = holderOf(session, file);
  if (!holder) return;
  session.byUri.set(document.uri, holder.h);
  openDocument(holder.h.documents, document, holder.path, holder.h.tree.root);
}

/** Someone typed in a document. */
export function documentChanged(session: Session, document: TextDocument): void {
  const h = session.byUri.get(document.uri);
  if (!h) return;
  changeDocument(h.documents, document);
  // an editor says so once when it opens the document, too
  if (document.version > 1 && !moduleOf(h.documents.byUri.get(document.uri)?.path ?? '')) prepareTree(h.tree);
}

/** What a document holds is on disk now. */
export function documentSaved(session: Session, document: TextDocument): void {
  const h = session.byUri.get(document.uri);
  if (h) saveDocument(h.documents, document);
}

/** What is on disk counts again. */
export function documentClosed(session: Session, uri: string): void {
  const h = session.byUri.get(uri);
  if (h) closeDocument(h.documents, uri);
  session.byUri.delete(uri);
}

/** What the status bar shows: of several trees, the one that is furthest from an answer. */
export function sessionStatus({ held, architecture, problem }: Session): StatusParams {
  const order = ['error', 'indexing', 'linking', 'scanning', 'waiting', 'idle', 'ready'];
  const [worst] = held.map((h) => treeStatus(h.tree)).sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
  if (worst) return worst;
  return { phase: 'noTree', architecture, architectures: [], done: 0, total: 0, message: problem ?? NO_TREE };
}

/** Begins to bring the indexes up to date. */
export function startSession(session: Session): void {
  const { log, changed } = session.options;
  // with no index yet, the first question is answered from the sources: it has the processors to itself for a moment
  const cold = session.held.some((h) => h.tree.reader === null);
  session.starting = setTimeout(
    () => {
      for (const { tree } of session.held)
        updateTree(tree).catch((error: Error) => log(`update: ${error.stack ?? error.message}`));
    },
    cold ? COLD_DELAY_MS : 0,
  );
  changed();
}

/** Forgets the indexes of all trees, and begins them anew. */
export async function reindex({ held }: Session): Promise<void> {
  await Promise.all(held.map((h) => reindexTree(h.tree)));
}

/** A reading has found an index damaged: it is built anew. */
export function heal({ held, options }: Session, damage: IndexDamage): void {
  for (const h of held) {
    if (storeFolder(options.storage, h.tree.root, h.tree.architecture) === damage.folder) healTree(h.tree, damage);
    else healModule(h.tree, damage.folder);
    h.views.clear();
  }
}

/** Reads all trees as another architecture (a folder's name in arch/); ask `refusedArchitecture` first. */
export async function setArchitecture(session: Session, architecture: string): Promise<void> {
  session.architecture = architecture;
  for (const h of session.held) {
    h.direct = null;
    h.views.clear();
    forgetRead(h.ahead);
  }
  session.options.changed();
  await Promise.all(session.held.map((h) => switchTree(h.tree, architecture)));
}

/** Why the trees can't be read as an architecture, a sentence for the user; null where they can. */
export const refusedArchitecture = ({ held }: Session, name: string): string | null =>
  held.map((h) => refusal(h.tree.info.architectures, name)).find(Boolean) ?? null;

/**
 * Has functions looked for in the text of the tree that a document is about, while its index is incomplete. Done when
 * they are found or not there, and after `patience` ms at the latest. `first` are folders to begin with.
 */
export async function lookFor(
  session: Session,
  uri: string,
  names: readonly string[],
  patience: number,
  { architecture = session.architecture, first = [] }: { architecture?: string; first?: readonly string[] } = {},
): Promise<void> {
  const h = session.byUri.get(uri) ?? holderOf(session, fileOf(uri))?.h ?? session.held[0];
  if (!h) return;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patience);
  });
  await Promise.race([readAhead(h.ahead, names, architecture, first), over]);
  clearTimeout(timer);
}

/** Files (absolute) that changed on disk: the index follows. */
export function filesChanged(session: Session, files: readonly string[]): void {
  const byTree = new Map<Held, string[]>();
  for (const file of files) {
    const holder = holderOf(session, file);
    if (!holder) continue;
    byTree.set(holder.h, [...(byTree.get(holder.h) ?? []), holder.path]);
  }
  for (const [h, paths] of byTree) {
    // it has learned the headers as they were
    if (paths.some((p) => p.endsWith('.h'))) h.direct = null;
    changedInTree(h.tree, paths);
  }
}

/** The index of each tree and module; another one where an index has been closed. */
export const readersOf = ({ held }: Session): (IndexReader | null)[] =>
  held.flatMap(({ tree }) => [tree.reader, ...tree.modules.list.map((m) => m.reader)]);

/** Stops all work, and closes the indexes. */
export async function closeSession({ starting, indexer, held }: Session): Promise<void> {
  if (starting) clearTimeout(starting);
  indexer.close();
  await Promise.all(held.map((h) => closeTree(h.tree)));
}

/** A part of a tree may do without its folder. */
const DEFAULT_ARCHITECTURE = 'x86';

function refusal(known: readonly string[], name: string): string | null {
  if (known.includes(name) || name === DEFAULT_ARCHITECTURE) return null;
  return `There is no folder arch/${name} in the tree.${known.length ? ` Choose one of ${known.join(', ')}.` : ''}`;
}

const COLD_DELAY_MS = 1000;
const NEEDS = 'it has no Makefile with a VERSION, or no include/linux.';
const NO_TREE = `This folder is no kernel tree: ${NEEDS} Open a tree's top folder, or name one in the setting kerntrail.tree.`;
