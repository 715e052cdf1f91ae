import * as vscode from 'vscode';
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
  const params: PathParams = { from, to, context };
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Kerntrail: from ${from} to ${to}`, cancellable: true },
    async (_, token) => {
      try {
        return await client.sendRequest<PathResult>(FIND_PATH, params, token);
      } catch (error) {
        if (!token.isCancellationRequested)
          void vscode.window.showErrorMessage(`Find Path: ${error instanceof Error ? error.message : error}`);
        return null;
      }
    },
  );
  if (!result) return;
  if (result.chains.length === 0) {
    void vscode.window.showInformationMessage(result.message ?? `No path from ${from} to ${to}.`);
    return;
  }
  await showChains(result.chains, `From ${from} to ${to}${result.message ? ` · ${result.message}` : ''}`);
}

type StepItem = vscode.QuickPickItem & { step?: PathStep };

async function showChains(chains: readonly PathStep[][], title: string): Promise<void> {
  const items = chains.flatMap((chain, i): StepItem[] => [
    { label: `Path ${i + 1}`, kind: vscode.QuickPickItemKind.Separator },
    ...chain.map((step, n) => ({
      label: `${'\u2003'.repeat(Math.min(n, 1))}${step.name}`,
      description: [step.how, step.evidence === 'typed' ? '' : `by ${step.evidence}`].filter(Boolean).join(' · '),
      detail: undefined,
      step,
    })),
  ]);
  for (const item of items) if (item.step) item.description = `${item.description ?? ''}  ${item.step.place}`;
  const pick = vscode.window.createQuickPick<StepItem>();
  pick.title = title;
  pick.placeholder = 'Move through the steps to see each place; Enter stays there.';
  pick.items = items;
  pick.matchOnDescription = true;
  pick.onDidChangeActive(([item]) => item?.step && void show(item.step, true));
  pick.onDidAccept(() => {
    const [item] = pick.activeItems;
    if (item?.step) void show(item.step, false);
    pick.hide();
  });
  pick.onDidHide(() => pick.dispose());
  pick.show();
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
