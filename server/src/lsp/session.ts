/** The trees and documents of one editor window, and the questions asked about them. */

import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { FileFacts } from '../facts/types.ts';
import type { Request } from '../features/request.ts';
import { type DirectReader, openDirect } from '../index/read/direct.ts';
import { layered, withDocuments } from '../index/read/overlay.ts';
import type { IndexReader } from '../index/read/reader.ts';
import type { IndexDamage } from '../index/store/checked.ts';
import { storeFolder } from '../index/store/store.ts';
import { exists, readTree } from '../index/tree.ts';
import { readView } from '../resolve/cursor/fileView.ts';
import { type Documents, newDocuments, type OpenDocument } from './documents.ts';
import { newIndexer } from './indexing/indexerClient.ts';
import { characterOf } from './lines.ts';
import { fileOf, pathWithin } from './paths.ts';
import type { Settings, StatusParams } from './protocol.ts';
import { openTree, type Tree } from './tree.ts';

export interface SessionOptions {
  folders: string[];
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
}

export interface Session {
  documents: {
    open(document: TextDocument, file: string): void;
    change(document: TextDocument): void;
    save(document: TextDocument): void;
    close(uri: string): void;
  };
  status(): StatusParams;
  /** begins to bring the indexes up to date */
  start(): void;
  reindex(): Promise<void>;
  /** a reading has found an index damaged: it is built anew */
  heal(damage: IndexDamage): void;
  setArchitecture(architecture: string): Promise<void>;
  /** why the trees can't be read as an architecture; null where they can */
  refusedArchitecture(architecture: string): string | null;
  /** files (absolute) that changed on disk */
  changedFiles(files: string[]): void;
  /** what a question about an open document is asked with; null where it belongs to no tree */
  requestOf(uri: string, besideOther: boolean): Promise<Request | null>;
  /** the same without a document, one for each tree */
  requests(besideOther: boolean): Omit<Request, 'file'>[];
  /** what a text that is no source is asked about: the tree around it, else the first; null without an index */
  treeRequest(uri: string): Omit<Request, 'file'> | null;
  /** of each tree; another one where an index has been closed */
  readers(): (IndexReader | null)[];
  close(): Promise<void>;
}

interface Held {
  tree: Tree;
  documents: Documents;
  direct: DirectReader | null;
  /** index with the open documents' facts over it; made anew when either changes */
  view: { base: IndexReader; index: IndexReader } | null;
}

/** Opens a session: finds the trees; nothing is read yet. */
export function newSession(options: SessionOptions): Session {
  const { settings, log } = options;
  let architecture = settings.architecture;
  const indexer = newIndexer(options.scripts, log);
  const held: Held[] = [];
  const byUri = new Map<string, Held>();
  let problem: string | undefined;
  let starting: NodeJS.Timeout | null = null;

  const add = (folder: string): void => {
    const refused = refusedArchitecture(readTree(folder).architectures, architecture);
    if (refused) {
      log(`The setting kerntrail.architecture is not used: ${refused}`);
      architecture = DEFAULT_ARCHITECTURE;
    }
    const tree = openTree(folder, architecture, {
      indexer,
      storage: options.storage,
      workers: settings.index.workers,
      exclude: settings.index.exclude,
      first: (t) =>
        (held.find((h) => h.tree === t)?.documents.all() ?? []).flatMap((d) => [d.path, `${dirname(d.path)}/`]),
      log,
      warn: options.warn,
      changed: options.changed,
      indexed(t) {
        const h = held.find((x) => x.tree === t);
        if (!h) return;
        h.view = null;
        // while a build goes on, the file may still be the old one in the index
        if (t.status().phase === 'ready') {
          h.documents.indexed();
          // the headers it holds are not needed any more
          h.direct = null;
        }
        options.indexed();
      },
    });
    const h: Held = { tree, documents: undefined as unknown as Documents, direct: null, view: null };
    h.documents = newDocuments(
      async (path, text) => {
        const direct = directOf(h);
        const facts = await direct.factsOfText(path, text);
        if (h.tree.partial() === null) direct.forget();
        return facts;
      },
      () => {
        h.view = null;
      },
      log,
    );
    held.push(h);
  };
  for (const folder of treeFolders(options.folders, settings.tree)) {
    try {
      if (!held.some((h) => h.tree.folder === folder)) add(folder);
    } catch (error) {
      log((error as Error).message);
      if (settings.tree) problem = `The setting kerntrail.tree names ${folder}, which is no kernel tree: ${NEEDS}`;
    }
  }

  const directOf = (h: Held): DirectReader => {
    h.direct ??= openDirect(h.tree.root, h.tree.architecture);
    return h.direct;
  };
  const holderOf = (file: string | null): { h: Held; path: string } | null => {
    if (file === null) return null;
    let best: { h: Held; path: string } | null = null;
    for (const h of held) {
      const path = pathWithin(h.tree.folder, file);
      if (path !== null && (!best || h.tree.folder.length > best.h.tree.folder.length)) best = { h, path };
    }
    return best;
  };
  const characterIn = (h: Held) => {
    const open = new Map(h.documents.all().map((d) => [d.path, d.document]));
    return (path: string, line: number, column: number): number => {
      const document = open.get(path);
      const text = document
        ? document
            .getText({ start: { line: line - 1, character: 0 }, end: { line, character: 0 } })
            .replace(/\r?\n$/, '')
        : h.tree.lines.line(path, line);
      if (text !== null) return characterOf(text, column);
      return column === Number.MAX_SAFE_INTEGER ? 0 : column - 1;
    };
  };
  const base = (h: Held, index: IndexReader, besideOther: boolean): Omit<Request, 'file'> => ({
    index,
    root: h.tree.folder,
    architecture: h.tree.architecture,
    besideOther,
    partial: h.tree.partial(),
    character: characterIn(h),
    view(path) {
      const open = h.documents.all().find((d) => d.path === path);
      return open ? { path, text: open.text(), facts: index.facts(path) } : readView(index, path);
    },
  });
  const withOpen = (h: Held, reader: IndexReader): IndexReader => {
    if (h.view?.base !== reader) {
      // what is read without an index has taken in the document that it was asked for
      const known = (d: OpenDocument) => h.direct !== null && reader.facts(d.path) === d.facts;
      const facts = h.documents.all().flatMap((d) => (d.facts && !known(d) ? [d.facts] : []));
      h.view = { base: reader, index: withDocuments(reader, facts) };
    }
    return h.view.index;
  };

  return {
    documents: {
      open(document, file) {
        const holder = holderOf(file);
        if (!holder) return;
        byUri.set(document.uri, holder.h);
        holder.h.documents.open(document, holder.path, holder.h.tree.root);
      },
      change(document) {
        const h = byUri.get(document.uri);
        h?.documents.change(document);
        // an editor says so once when it opens the document, too
        if (document.version > 1) h?.tree.prepare();
      },
      save: (document) => byUri.get(document.uri)?.documents.save(document),
      close(uri) {
        byUri.get(uri)?.documents.close(uri);
        byUri.delete(uri);
      },
    },
    status() {
      const order = ['error', 'indexing', 'linking', 'scanning', 'waiting', 'idle', 'ready'];
      const [worst] = held.map((h) => h.tree.status()).sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase));
      if (worst) return worst;
      return { phase: 'noTree', architecture, architectures: [], done: 0, total: 0, message: problem ?? NO_TREE };
    },
    start() {
      // with no index yet, the first question is answered from the sources: it has the processors to itself for a moment
      const cold = held.some((h) => h.tree.reader() === null);
      starting = setTimeout(
        () => {
          for (const h of held) h.tree.update().catch((error: Error) => log(`update: ${error.stack ?? error.message}`));
        },
        cold ? COLD_DELAY_MS : 0,
      );
      options.changed();
    },
    async reindex() {
      await Promise.all(held.map((h) => h.tree.reindex()));
    },
    heal(damage) {
      for (const h of held) {
        if (storeFolder(options.storage, h.tree.root, h.tree.architecture) !== damage.folder) continue;
        h.tree.heal(damage);
        h.view = null;
      }
    },
    async setArchitecture(next) {
      architecture = next;
      for (const h of held) {
        h.direct = null;
        h.view = null;
      }
      options.changed();
      await Promise.all(held.map((h) => h.tree.setArchitecture(next)));
    },
    refusedArchitecture: (name) =>
      held.map((h) => refusedArchitecture(h.tree.info.architectures, name)).find(Boolean) ?? null,
    changedFiles(files) {
      const byTree = new Map<Held, string[]>();
      for (const file of files) {
        const holder = holderOf(file);
        if (!holder) continue;
        byTree.set(holder.h, [...(byTree.get(holder.h) ?? []), holder.path]);
      }
      for (const [h, paths] of byTree) {
        // it has learned the headers as they were
        if (paths.some((p) => p.endsWith('.h'))) h.direct = null;
        h.tree.changedFiles(paths);
      }
    },
    async requestOf(uri, besideOther) {
      const h = byUri.get(uri);
      const open = h?.documents.get(uri);
      if (!h || !open) return null;
      // a file that is in the index has its headers there too; for one that isn't yet, the sources have to do
      const known = (h.tree.reader()?.facts(open.path) ?? null) !== null;
      await h.documents.settled(uri, !known);
      const reader = h.tree.reader();
      const facts: FileFacts | null = open.facts ?? reader?.facts(open.path) ?? null;
      let index = reader;
      if (!known && h.tree.partial() !== null) {
        const direct = directOf(h).reader(open.path);
        index = reader ? layered(reader, direct) : direct;
      }
      if (!index) return null;
      const request = base(h, withOpen(h, index), besideOther);
      return {
        ...request,
        partial: request.partial ?? open.note(),
        file: { path: open.path, text: open.text(), facts },
      };
    },
    requests: (besideOther) =>
      held.flatMap((h) => {
        const reader = h.tree.reader();
        return reader ? [base(h, withOpen(h, reader), besideOther)] : [];
      }),
    treeRequest(uri) {
      const h = holderOf(fileOf(uri))?.h ?? held[0];
      const reader = h?.tree.reader();
      return h && reader ? base(h, withOpen(h, reader), false) : null;
    },
    readers: () => held.map((h) => h.tree.reader()),
    async close() {
      if (starting) clearTimeout(starting);
      indexer.close();
      await Promise.all(held.map((h) => h.tree.close()));
    },
  };
}

/** A part of a tree may do without its folder. */
const DEFAULT_ARCHITECTURE = 'x86';

function refusedArchitecture(known: readonly string[], name: string): string | null {
  if (known.includes(name) || name === DEFAULT_ARCHITECTURE) return null;
  return `There is no folder arch/${name} in the tree.${known.length ? ` Choose one of ${known.join(', ')}.` : ''}`;
}

const COLD_DELAY_MS = 1000;
const NEEDS = 'it has no Makefile with a VERSION, or no include/linux.';
const NO_TREE = `This folder is no kernel tree: ${NEEDS} Open a tree's top folder, or name one in the setting kerntrail.tree.`;

/** The trees to read: the one of the setting, else those around or in the workspace's folders. */
function treeFolders(folders: readonly string[], setting: string): string[] {
  if (setting) return [isAbsolute(setting) ? setting : resolve(folders[0] ?? '.', setting)];
  return folders.map((folder) => {
    for (let at = folder; ; at = dirname(at)) {
      if (exists(join(at, 'include/linux')) && exists(join(at, 'Makefile'))) return at;
      if (dirname(at) === at) return folder;
    }
  });
}
