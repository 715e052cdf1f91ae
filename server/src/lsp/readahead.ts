/**
 * Reads ahead of the index, while that is being built: the functions that someone asks for (by a place in a source, or by
 * a trace) are found in the text of the tree, and the facts of their files are there at once.
 */
import type { FileFacts } from '../facts/types.ts';
import { definitionsInText } from '../index/read/definitionScan.ts';
import { readTreeText } from '../index/treeFiles.ts';

/** What reading ahead needs of a tree. */
export interface ReadaheadHost {
  root: string;
  /** is it still of use: is the index incomplete, and the tree open? */
  isWanted(): boolean;
  /** is a definition of the function known already? */
  isDefined(name: string): boolean;
  /** is the file in the index? */
  isIndexed(path: string): boolean;
  factsOf(path: string, text: string): Promise<FileFacts>;
  /** files were read: answers are new */
  read(paths: readonly string[]): void;
  log(message: string): void;
}

/** What was read ahead of one tree's index. */
export interface Readahead {
  host: ReadaheadHost;
  /** facts of files that the index doesn't have yet, by path */
  facts: Map<string, FileFacts>;
  /** names that were looked for, each done when it is found or not there */
  looked: Map<string, Promise<void>>;
}

/** Nothing is read ahead yet. */
export const newReadahead = (host: ReadaheadHost): Readahead => ({ host, facts: new Map(), looked: new Map() });

/** Others may ask something after so long, in ms. */
const SLICE_MS = 15;
/** Files whose facts are held at once: they take up to some MB each. */
const MAX_FILES = 100;
/** Names of one trace that are looked for. */
const MAX_NAMES = 400;

/**
 * Looks for the definitions of functions, unless they are known or were looked for before; done when all are found, or
 * the tree has been gone through. `first` are folders to begin with, `architecture` tells whose to prefer.
 */
export async function readAhead(
  ahead: Readahead,
  names: readonly string[],
  architecture: string,
  first: readonly string[] = [],
): Promise<void> {
  const { host, looked } = ahead;
  if (!host.isWanted()) return;
  const asked = [...new Set(names)].filter((name) => name && !host.isDefined(name)).slice(0, MAX_NAMES);
  const open = asked.filter((name) => !looked.has(name));
  if (open.length > 0) {
    const search = scan(ahead, open, architecture, first).catch((error: Error) =>
      host.log(`reading ahead: ${error.stack ?? error.message}`),
    );
    for (const name of open) looked.set(name, search);
  }
  await Promise.all(asked.map((name) => looked.get(name)));
}

async function scan(
  { host, facts, looked }: Readahead,
  names: readonly string[],
  architecture: string,
  first: readonly string[],
): Promise<void> {
  let end = performance.now() + SLICE_MS;
  for (const found of definitionsInText(host.root, architecture, names, first)) {
    if (found && !host.isIndexed(found.path) && facts.size < MAX_FILES) {
      const text = facts.has(found.path) ? null : readTreeText(host.root, found.path, 'utf8');
      if (text !== null) facts.set(found.path, await host.factsOf(found.path, text));
      host.read([found.path]);
    }
    for (const name of found?.names ?? []) looked.set(name, Promise.resolve());
    if (performance.now() < end) continue;
    await new Promise((resolve) => setImmediate(resolve));
    if (!host.isWanted()) return;
    end = performance.now() + SLICE_MS;
  }
}

/** Forgets what the index has by now. */
export function dropRead(ahead: Readahead): void {
  const { host, facts } = ahead;
  for (const path of facts.keys()) if (host.isIndexed(path)) facts.delete(path);
  if (!host.isWanted()) forgetRead(ahead);
}

/** Forgets all: it was read as another architecture, or is in the index. */
export function forgetRead({ facts, looked }: Readahead): void {
  facts.clear();
  looked.clear();
}
