/** The places that rows stand for, and how they are opened. */
import * as vscode from 'vscode';
import type { PlainLocation } from '../../../server/src/lsp/protocol.ts';
import { nodeOfRow, otherEnd, type Row } from './rows.ts';

/** The column of a word in its line: of long lists the server knows the line alone, and a line may have moved since. */
function columnIn(document: vscode.TextDocument, { start }: PlainLocation['range'], word: string): number {
  if (word === '' || start.line >= document.lineCount) return start.character;
  const { text } = document.lineAt(start.line);
  const isWord = (at: number): boolean => text.startsWith(word, at) && !/\w/.test(text[at + word.length] ?? '');
  if (isWord(start.character)) return start.character;
  const found = new RegExp(`\\b${word.replace(/\W/g, '\\$&')}\\b`).exec(text);
  return found ? found.index : start.character;
}

/** Opens a place, at a word in its line; the focus stays where it is unless that is told. */
export async function openPlace({ uri, range }: PlainLocation, preserveFocus: boolean, word = ''): Promise<void> {
  try {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri, true));
    const at = new vscode.Position(range.start.line, columnIn(document, range, word));
    await vscode.window.showTextDocument(document, {
      selection: new vscode.Range(at, at),
      preview: true,
      preserveFocus,
    });
  } catch (error) {
    void vscode.window.showErrorMessage(`That can't be opened: ${error instanceof Error ? error.message : error}`);
  }
}

/** What stands at the place that a row's link leads to: the name of what is called. */
export function wordOfRow(row: Row): string {
  if (row.kind !== 'step') return '';
  const { link, node } = row;
  const callee = !link || link.to === node.id ? node : otherEnd(row);
  return callee ? callee.name.replace(/^->/, '') : '';
}

/** The line that a row stands for: the call, of what is walked to in a slot its definition. */
export function placeOfRow(row: Row): PlainLocation | null {
  if (row.kind === 'root' && row.root.kind === 'explore')
    return row.root.of?.location ?? nodeOfRow(row)?.location ?? null;
  if (row.kind !== 'step') return null;
  const { link, node, root } = row;
  const isDown = root.kind === 'search' || root.direction === 'targets';
  return (link?.kind === 'member' && isDown ? undefined : link?.places[0]) ?? node.location;
}

/** All places of a step in a peek view: what calls several times, a function in several tables. */
export async function peekPlaces(row: Row): Promise<void> {
  const places = row.kind === 'step' ? (row.link?.places ?? []) : [];
  if (places.length === 0) return;
  const locations = places.map(({ uri, range }) => {
    const { start, end } = range;
    return new vscode.Location(
      vscode.Uri.parse(uri, true),
      new vscode.Range(start.line, start.character, end.line, end.character),
    );
  });
  await openPlace(places[0], false);
  const [{ uri, range }] = locations;
  await vscode.commands.executeCommand('editor.action.showReferences', uri, range.start, locations);
}
