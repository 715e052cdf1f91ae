/** Asks for an end of a path: with names as they are typed, what stands at the cursor or in the clipboard, and recent ones. */
import * as vscode from 'vscode';
import {
  PATH_END,
  PATH_NAMES,
  type PathEndParams,
  type PathEndResult,
  type PathName,
  type PathNamesParams,
} from '../../../server/src/lsp/protocol.ts';
import type { ChainsHost } from './model.ts';

/** What is asked, and with what. */
export interface EndQuestion {
  title: string;
  placeholder: string;
  /** what is offered first, with a word for where it comes from */
  offers: readonly Offer[];
}

/** A name that is offered before anything is typed. */
export interface Offer {
  text: string;
  from: string;
}

type EndItem = vscode.QuickPickItem & { text?: string };

const ICONS: Readonly<Record<PathName['kind'], string>> = {
  ...{ function: 'symbol-method', macro: 'symbol-constant' },
  ...{ slot: 'symbol-event', pointer: 'symbol-event' },
};

/** One word, or `FILE:NAME`, or `struct.member`: what may name an end; '' for any other text. */
export function nameIn(text: string): string {
  const name = text.trim();
  return /^(?:[\w./+[\]-]+\.[chS]:)?[A-Za-z_]\w*(?:(?:\.|->)[A-Za-z_]\w*)?(?:\(\))?$/.test(name) && name.length < 200
    ? name
    : '';
}

/** The word at the cursor; '' for none. */
export function wordAtCursor(): string {
  const editor = vscode.window.activeTextEditor;
  const range = editor?.document.getWordRangeAtPosition(editor.selection.active);
  return editor && range ? nameIn(editor.document.getText(range)) : '';
}

/** Why a name is no end of a path; null where it is one, and where nobody can tell. */
const problemOf = async ({ ask }: ChainsHost, name: string): Promise<string | null> =>
  (await ask<PathEndParams, PathEndResult>(PATH_END, { name }))?.problem ?? null;

/** Those of some names that are ends, each once, in their order. */
export async function endsAmong(host: ChainsHost, offers: readonly Offer[]): Promise<Offer[]> {
  const once = offers.filter((o, n) => o.text !== '' && offers.findIndex((p) => p.text === o.text) === n);
  const problems = await Promise.all(once.map(({ text }) => problemOf(host, text)));
  return once.filter((_, n) => problems[n] === null);
}

const item = ({ text, from }: Offer): EndItem => ({ label: text, description: from, text, alwaysShow: true });

const problemItem = (problem: string): EndItem => ({ label: '$(warning)', description: problem, alwaysShow: true });

/** Asks for a function or slot; undefined where whoever is asked leaves. A name that is none is told, and asked for again. */
export function askEnd(host: ChainsHost, question: EndQuestion): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<EndItem>();
  Object.assign(pick, { title: question.title, placeholder: question.placeholder, ignoreFocusOut: true });
  pick.matchOnDescription = false;
  const offered = question.offers.map(item);
  pick.items = offered;
  let asked = 0;
  const look = async (query: string): Promise<void> => {
    const mine = ++asked;
    const typed = query.trim();
    if (typed === '') {
      pick.items = offered;
      return;
    }
    pick.busy = true;
    const names = await host.ask<PathNamesParams, PathName[]>(PATH_NAMES, { query: typed });
    const problem = names?.length === 0 ? await problemOf(host, typed) : null;
    if (mine !== asked) return;
    pick.busy = false;
    if (problem !== null) {
      pick.items = [problemItem(problem)];
      return;
    }
    const found = (names ?? []).map(
      ({ text, place, kind }): EndItem => ({
        // VS Code ranks by where the label matches: a file in front of the name would be in the way
        ...{ label: text.replace(/^.*:/, ''), description: place, text, alwaysShow: true },
        iconPath: new vscode.ThemeIcon(ICONS[kind]),
      }),
    );
    const isThere = found.some((one) => one.text === typed || one.label === typed);
    // FILE:NAME, and what isn't indexed yet, can be taken as they are typed
    const own: EndItem[] =
      isThere || !nameIn(typed) ? [] : [{ label: 'As typed', description: typed, text: typed, alwaysShow: true }];
    pick.items = [...found, ...own];
  };
  return new Promise((resolve) => {
    let chosen: string | undefined;
    pick.onDidChangeValue((value) => void look(value));
    pick.onDidAccept(async () => {
      const text = pick.activeItems[0]?.text ?? pick.value.trim();
      if (text === '') return;
      pick.busy = true;
      const problem = await problemOf(host, text);
      pick.busy = false;
      if (problem !== null) {
        pick.items = [problemItem(problem)];
        return;
      }
      chosen = text;
      pick.hide();
    });
    pick.onDidHide(() => {
      asked++;
      pick.dispose();
      resolve(chosen);
    });
    pick.show();
  });
}
