/** Texts from the clipboard and from terminals: documents that can be read and searched, and ask nothing when they are closed. */
import * as vscode from 'vscode';
import { PASTED_SCHEME, TRACE_LANGUAGE } from '../../../server/src/lsp/protocol.ts';

/** Where the texts are kept, so that a window that is loaded anew has them again. */
const KEPT = 'kerntrail.pastedTexts';
/** As many as anybody goes back to. */
const MOST = 8;
/** What is longer is there as long as the window is: VS Code keeps such a state in memory. */
const LONGEST = 1_000_000;

interface Kept {
  /** as in its URI: `/Backtrace 3.bt` */
  path: string;
  text: string;
}

const texts = new Map<string, string>();
let last = 0;

/** Shows the texts that were opened, also those of the window before it was loaded anew. */
export function pastedTexts(memory: vscode.Memento): vscode.Disposable {
  for (const { path, text } of memory.get<Kept[]>(KEPT, [])) {
    texts.set(path, text);
    last = Math.max(last, Number(/\d+/.exec(path)?.[0] ?? 0));
  }
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(PASTED_SCHEME, {
      provideTextDocumentContent: ({ path }) => texts.get(path) ?? 'This text is no longer there: paste it again.\n',
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      // a tab that is opened again still finds the last ones
      const held = [...texts.keys()];
      if (uri.scheme === PASTED_SCHEME && held.length > MOST) texts.delete(held[0]);
    }),
  );
}

/** A document of a text. Its name ends like a backtrace's, which gives it the language. */
export async function openPastedText(memory: vscode.Memento, text: string): Promise<vscode.TextDocument> {
  const path = `/Backtrace ${++last}.bt`;
  texts.set(path, text);
  const kept = [...texts].map(([path, text]): Kept => ({ path, text })).filter((k) => k.text.length <= LONGEST);
  void memory.update(KEPT, kept.slice(-MOST));
  const document = await vscode.workspace.openTextDocument(vscode.Uri.from({ scheme: PASTED_SCHEME, path }));
  // files.associations may say otherwise of such names
  if (document.languageId === TRACE_LANGUAGE) return document;
  return vscode.languages.setTextDocumentLanguage(document, TRACE_LANGUAGE);
}
