/** Searches for chains: paths between two ends, and the entries that a function is reached from. What is found stays in the view. */
import * as vscode from 'vscode';
import { ProgressType } from 'vscode-languageclient/node';
import {
  FIND_PATH,
  FIND_ROOTS,
  type PathParams,
  type PathResult,
  type ReachedParams,
} from '../../../server/src/lsp/protocol.ts';
import type { Server } from '../server.ts';
import { askEnd, endsAmong, nameIn, type Offer, wordAtCursor } from './ends.ts';
import { addRoot, type ChainsModel, changeRoot, rootOf, rootsOf } from './model.ts';
import { nameOfNode, nodeOfRow, type Row, type SearchQuestion, type SearchRoot } from './rows.ts';

/** What searches work on. */
export interface SearchContext {
  model: ChainsModel;
  server: () => Server | undefined;
  log(message: string): void;
  /** shows the row of a search that has begun */
  begun(row: Row): Promise<void>;
  /** names that were searched for, the latest first, kept with the workspace */
  recent(): readonly string[];
  remember(...names: string[]): void;
}

/** How many chains more, or entries, are asked for each time. */
const MORE_CHAINS = 4;
const MORE_ENTRIES = 12;
/** How many seconds a search gets that came to nothing, or to too little, before. */
const LONG_SECONDS = 60;

let searches = 0;

/** Asks for what is missing of both ends, and searches. */
export async function findPath(context: SearchContext, ends: { from?: string; to?: string } = {}): Promise<void> {
  const offers = await offersOf(context);
  const from =
    ends.from ?? (await ask(context, ends.to ? `Path to ${ends.to}: from where?` : 'Find Path: from where?', offers));
  if (!from) return;
  context.remember(from);
  const others = offers.filter(({ text }) => text !== from);
  const to = ends.to ?? (await ask(context, `Path from ${from}: to where?`, others));
  if (!to) return;
  context.remember(to);
  await search(context, { from, to, through: [], context: '' });
}

const ask = ({ model }: SearchContext, title: string, offers: readonly Offer[]): Promise<string | undefined> =>
  askEnd(model.host, { title, placeholder: 'do_fault, mm/memory.c:do_fault, or vm_operations_struct.fault', offers });

/** What is offered before anything is typed: names at the cursor, in the clipboard, of the selected row, and recent ones. */
async function offersOf({ model, recent }: SearchContext): Promise<Offer[]> {
  const clipboard = nameIn(await vscode.env.clipboard.readText());
  const found = await endsAmong(model.host, [
    { text: wordAtCursor(), from: 'at the cursor' },
    { text: clipboard, from: 'in the clipboard' },
  ]);
  const known = new Set(found.map(({ text }) => text));
  return [...found, ...recent().flatMap((text) => (known.has(text) ? [] : [{ text, from: 'recent' }]))];
}

/** Searches for the entries that a function or slot is reached from. */
export const findReached = (context: SearchContext, to: string): Promise<void> => {
  context.remember(to);
  return search(context, { from: '', to, through: [], context: '' });
};

/** Asks which function; then as `findReached`. */
export async function askReached(context: SearchContext): Promise<void> {
  const to = await ask(context, 'How is it reached: which function?', await offersOf(context));
  if (to) await findReached(context, to);
}

/** Searches, and shows what is found in the view: the first chain as soon as there is one. */
async function search(context: SearchContext, question: SearchQuestion, of?: SearchRoot): Promise<void> {
  const { model } = context;
  const pinned = of?.pinned ?? false;
  const root: SearchRoot = {
    kind: 'search',
    id: '',
    question,
    chains: of?.chains ?? [],
    message: null,
    busy: true,
    pinned,
  };
  const row = of ? null : addRoot(model, root);
  const id = of?.id ?? row?.root.id ?? '';
  if (of) changeRoot(model, id, () => ({ ...root, id }), false);
  if (row) await context.begun(row);
  const found = await run(context, question, (early) => {
    // whoever has chains already keeps them until all is known
    if (!of?.chains.length) changeRoot(model, id, () => ({ ...root, ...early, id, busy: true }), true);
  });
  const now = rootsOf(model).find((r) => r.id === id);
  const before = now?.kind === 'search' ? now.chains : root.chains;
  const chains = found ? found.chains : before;
  changeRoot(
    model,
    id,
    (r) => ({ ...(r as SearchRoot), question, chains, message: found?.message ?? null, busy: false }),
    true,
  );
  if (found) await tell(context, { ...root, id, chains, message: found.message }, before.length);
}

/** Asks the server, with progress that can be cancelled; null where it was, or where it fails. */
async function run(
  { server, log }: SearchContext,
  question: SearchQuestion,
  first: (found: PathResult) => void,
): Promise<PathResult | null> {
  const client = server()?.client;
  if (!client) return null;
  const { from, to, ...more } = question;
  const partialResultToken = `${FIND_PATH} ${searches++}`;
  const early = client.onProgress(new ProgressType<PathResult>(), partialResultToken, first);
  const title = from ? `from ${[from, ...question.through, to].join(' to ')}` : `how ${to} is reached`;
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Kerntrail: ${title}`, cancellable: true },
    async (_, token) => {
      try {
        await client.start();
        const path: PathParams = { ...more, from, to, partialResultToken };
        const reached: ReachedParams = { to, ...more };
        return await client.sendRequest<PathResult>(from ? FIND_PATH : FIND_ROOTS, from ? path : reached, token);
      } catch (error) {
        if (!token.isCancellationRequested) {
          const reason = error instanceof Error ? error.message : String(error);
          log(`${FIND_PATH}: ${reason}`);
          void vscode.window.showErrorMessage(`Kerntrail could not search: ${reason}`);
        }
        return null;
      } finally {
        early.dispose();
      }
    },
  );
}

const GO_THROUGH = 'Add a Waypoint…';
const SEARCH_LONGER = 'Search Longer';

/** Tells what came to nothing, and offers what may help. */
async function tell(context: SearchContext, root: SearchRoot, before: number): Promise<void> {
  const { question, chains, message } = root;
  if (chains.length > before) return;
  if (chains.length > 0) {
    if (before > 0) vscode.window.setStatusBarMessage(`There is no other: ${chains.length} found.`, 6000);
    return;
  }
  const may = question.from ? [GO_THROUGH, SEARCH_LONGER] : [SEARCH_LONGER];
  const chosen = await vscode.window.showInformationMessage(message ?? 'No path was found.', ...may);
  if (chosen === SEARCH_LONGER) await search(context, { ...question, seconds: LONG_SECONDS }, root);
  if (chosen === GO_THROUGH) await addWaypoint(context, root);
}

/** The search that a row belongs to; null for an exploration's. */
export function searchOf(model: ChainsModel, row: Row | undefined): SearchRoot | null {
  const root = row && rootOf(model, row);
  return root?.kind === 'search' ? root : null;
}

/** Asks for a function on the way, and searches again through it. */
export async function addWaypoint(context: SearchContext, root: SearchRoot): Promise<void> {
  const { question } = root;
  const { from, to, through } = question;
  const offers = (await offersOf(context)).filter(({ text }) => ![from, to, ...through].includes(text));
  const on = through.length > 0 ? `behind ${through[through.length - 1]} ` : '';
  const name = await ask(
    context,
    `Path from ${from} to ${to}: through which function ${on}?`.replace(' ?', '?'),
    offers,
  );
  if (!name) return;
  context.remember(name);
  await search(context, { ...question, through: [...through, name] });
}

/** Searches for more chains than there are. */
export const findMore = (context: SearchContext, root: SearchRoot): Promise<void> => {
  const { question, chains } = root;
  const more = question.from ? MORE_CHAINS : MORE_ENTRIES;
  return search(
    context,
    { ...question, max: Math.max(chains.length, question.max ?? 0) + more, seconds: LONG_SECONDS },
    root,
  );
};

/** The same search once more, with other tables preferred where a context is told. */
export const searchAgain = (context: SearchContext, root: SearchRoot, preferred?: string): Promise<void> =>
  search(
    context,
    { ...root.question, ...(preferred === undefined ? {} : { context: preferred }) },
    { ...root, chains: [] },
  );

/** The name by which a search takes the node of a row; null where it has none. */
export const nameOfRow = (row: Row | undefined): string | null => {
  const node = row && nodeOfRow(row);
  return node ? nameOfNode(node) : null;
};
