import * as vscode from 'vscode';
import { ProgressType } from 'vscode-languageclient/node';
import {
  FIND_PATH,
  PATH_END,
  type PathEndParams,
  type PathEndResult,
  type PathParams,
  type PathResult,
  type PathStep,
} from '../../server/src/lsp/protocol.ts';
import type { Server } from './server.ts';

/** The word under the cursor, for a first guess. */
function wordAtCursor(): string {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.document.getWordRangeAtPosition(editor.selection.active);
  return editor && range ? editor.document.getText(range) : '';
}

/** Why a name is no end of a path; null where it is one, and where nobody can tell. */
async function problemOf(server: () => Server | undefined, name: string): Promise<string | null> {
  const client = server()?.client;
  if (!client?.isRunning()) return null;
  try {
    const params: PathEndParams = { name };
    return (await client.sendRequest<PathEndResult>(PATH_END, params))?.problem ?? null;
  } catch {
    // the search itself will say what is wrong
    return null;
  }
}

/** Asks for a function; what is none is told below the box, and doesn't begin a search. */
const askEnd = (
  server: () => Server | undefined,
  [title, prompt, value, placeHolder]: [title: string, prompt: string, value: string, placeHolder: string],
): Thenable<string | undefined> =>
  vscode.window.showInputBox({
    title,
    prompt,
    value,
    placeHolder,
    ignoreFocusOut: true,
    validateInput: (name) => (name.trim() === '' ? null : problemOf(server, name)),
  });

let last = { from: '', context: '' };

/** Asks for two functions and shows the chains of calls between them; moving through the list shows each place. */
export async function findPath(server: () => Server | undefined): Promise<void> {
  const client = server()?.client;
  if (!client?.isRunning()) {
    void vscode.window.showWarningMessage(
      "Kerntrail's language server is not running. See the output channel Kerntrail.",
    );
    return;
  }
  const at = wordAtCursor();
  // what stands at the cursor may be any word
  const word = at && (await problemOf(server, at)) === null ? at : '';
  const from = await askEnd(server, [
    'Find Path (1 of 3)',
    'From which function?',
    last.from || word,
    'handle_mm_fault, or mm/memory.c:do_fault',
  ]);
  if (!from) return;
  const to = await askEnd(server, [
    'Find Path (2 of 3)',
    `From ${from} to which function?`,
    word === from ? '' : word,
    'ext4_readahead',
  ]);
  if (!to) return;
  const context = await vscode.window.showInputBox({
    title: 'Find Path (3 of 3)',
    prompt: 'Prefer the tables of one subsystem? Empty for none.',
    value: last.context,
    placeHolder: 'ext4',
    ignoreFocusOut: true,
  });
  if (context === undefined) return;
  last = { from, context };
  await search(client, { from, to, context });
}

const GO_THROUGH = 'Go Through…';
const SEARCH_LONGER = 'Search Longer';
/** How many seconds a search gets that came to nothing before. */
const LONG_SECONDS = 60;

let searches = 0;

/** Searches, and shows what is found: the first chain as soon as there is one. Where there is none, it offers what may help. */
async function search(client: Server['client'], params: PathParams): Promise<void> {
  const { from, to } = params;
  const title = `From ${from} to ${to}`;
  const partialResultToken = `${FIND_PATH} ${searches++}`;
  let list: ChainList | null = null;
  const early = client.onProgress(new ProgressType<PathResult>(), partialResultToken, ({ chains }) => {
    list ??= newList();
    list.show(chains, `${title} · looking for others`, true);
  });
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Kerntrail: from ${from} to ${to}`, cancellable: true },
    async (_, token) => {
      try {
        return await client.sendRequest<PathResult>(FIND_PATH, { ...params, partialResultToken }, token);
      } catch (error) {
        if (!token.isCancellationRequested)
          void vscode.window.showErrorMessage(`Find Path: ${error instanceof Error ? error.message : error}`);
        return null;
      } finally {
        early.dispose();
      }
    },
  );
  const shown: ChainList | null = list;
  if (!result) (shown as ChainList | null)?.done(title);
  else if (result.chains.length > 0)
    ((shown as ChainList | null) ?? newList()).show(
      result.chains,
      `${title}${result.message ? ` · ${result.message}` : ''}`,
      false,
    );
  else await offerMore(client, params, result.message ?? `No path from ${from} to ${to}.`);
}

/** Tells that there is no chain, and searches once more where someone knows a function on the way, or has time. */
async function offerMore(client: Server['client'], params: PathParams, message: string): Promise<void> {
  const chosen = await vscode.window.showInformationMessage(message, GO_THROUGH, SEARCH_LONGER);
  if (chosen === SEARCH_LONGER) await search(client, { ...params, seconds: LONG_SECONDS });
  if (chosen !== GO_THROUGH) return;
  const through = await vscode.window.showInputBox({
    title: 'Find Path',
    prompt: `Through which function, between ${params.from} and ${params.to}?`,
    placeHolder: 'submit_bio, or several in their order: filemap_read submit_bio',
    ignoreFocusOut: true,
  });
  const names = through?.split(/[\s,]+/).filter(Boolean) ?? [];
  if (names.length > 0) await search(client, { ...params, through: names });
}

type StepItem = vscode.QuickPickItem & { step?: PathStep };

function itemsOf(chains: readonly PathStep[][]): StepItem[] {
  return chains.flatMap((chain, i): StepItem[] => [
    { label: `Path ${i + 1}`, kind: vscode.QuickPickItemKind.Separator },
    ...chain.map((step, n) => ({
      label: `${'\u2003'.repeat(Math.min(n, 1))}${step.name}`,
      description: `${[step.how, step.evidence === 'typed' ? '' : `by ${step.evidence}`].filter(Boolean).join(' · ')}  ${step.place}`,
      step,
    })),
  ]);
}

/** A list of chains, which may be shown before all of them are known. */
interface ChainList {
  show(chains: readonly PathStep[][], title: string, busy: boolean): void;
  done(title: string): void;
}

function newList(): ChainList {
  const pick = vscode.window.createQuickPick<StepItem>();
  let isShown = false;
  pick.placeholder = 'Move through the steps to see each place; Enter stays there.';
  pick.matchOnDescription = true;
  pick.onDidChangeActive(([item]) => item?.step && void show(item.step, true));
  pick.onDidAccept(() => {
    const [item] = pick.activeItems;
    if (item?.step) void show(item.step, false);
    pick.hide();
  });
  pick.onDidHide(() => pick.dispose());
  const done = (title: string): void => {
    pick.title = title;
    pick.busy = false;
  };
  return {
    done,
    show(chains, title, busy) {
      done(title);
      pick.busy = busy;
      pick.items = itemsOf(chains);
      // one that was closed meanwhile stays closed
      if (!isShown) pick.show();
      isShown = true;
    },
  };
}

async function show({ uri, range, place }: PathStep, preview: boolean): Promise<void> {
  const at = new vscode.Position(range.start.line, range.start.character);
  try {
    await vscode.window.showTextDocument(vscode.Uri.parse(uri, true), {
      selection: new vscode.Range(at, at),
      preview: true,
      preserveFocus: preview,
    });
  } catch (error) {
    void vscode.window.showErrorMessage(`${place} can't be opened: ${error instanceof Error ? error.message : error}`);
  }
}
