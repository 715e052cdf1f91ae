/** "Explore" in hovers and lenses: links that begin an exploration. Only an editor that has the commands shows them. */
import * as vscode from 'vscode';
import type { Middleware } from 'vscode-languageclient/node';
import { CHAIN_BEGINS, type ChainPlaceParams, type ChainRootsParams } from '../../../server/src/lsp/protocol.ts';

const CALLERS = 'kerntrail.chains.callers';
const TARGETS = 'kerntrail.chains.targets';
const SOURCES = /^(?:c|cpp|asm)$/;

/** Asks the server; null where there is none, or where it fails. */
type Ask = <P, R>(method: string, params: P, token?: vscode.CancellationToken) => Promise<R | null>;

/** A command with a place, as a link of Markdown. */
function link(title: string, command: string, place: ChainPlaceParams): string {
  return `[${title}](command:${command}?${encodeURIComponent(JSON.stringify([place]))})`;
}

/** The links below a hover; null where there is nothing to explore. */
async function hoverLinks(ask: Ask, place: ChainPlaceParams, token: vscode.CancellationToken) {
  if (!(await ask<ChainPlaceParams, boolean>(CHAIN_BEGINS, place, token))) return null;
  const text = new vscode.MarkdownString(
    `${link('Explore Callers', CALLERS, place)} · ${link('Explore Targets', TARGETS, place)}`,
  );
  // what the server says of the tree stays untrusted: these two commands are all that a link may run, and only here
  text.isTrusted = { enabledCommands: [CALLERS, TARGETS] };
  return text;
}

/** What the server's lenses carry. */
interface LensData {
  kind: string;
  path: string;
  name: string;
}

/** A lens beside each of the server's, over a function to its callers, over a table to its functions. */
function exploreLenses(uri: vscode.Uri, lenses: readonly vscode.CodeLens[]): vscode.CodeLens[] {
  return lenses.map((lens) => {
    const { kind, path, name } = (lens as { data?: Partial<LensData> }).data ?? {};
    const { start, end } = lens.range;
    const isNamed = start.character !== end.character || !name;
    // nobody wrote the name of what a macro makes
    const place: ChainRootsParams = isNamed
      ? { uri: uri.toString(), position: { line: start.line, character: start.character } }
      : { name: `${path}:${name}` };
    const command =
      kind === 'table'
        ? { title: 'explore functions', command: TARGETS, arguments: [place] }
        : { title: 'explore callers', command: CALLERS, arguments: [place] };
    return new vscode.CodeLens(lens.range, command);
  });
}

/** Adds the links to what the server answers about sources. */
export const exploreLinks = (ask: Ask): Pick<Middleware, 'provideHover' | 'provideCodeLenses'> => ({
  async provideHover(document, position, token, next) {
    const { line, character } = position;
    const place = { uri: document.uri.toString(), position: { line, character } };
    const links = SOURCES.test(document.languageId) ? hoverLinks(ask, place, token) : null;
    const [hover, more] = await Promise.all([next(document, position, token), links]);
    if (hover && more) hover.contents.push(more);
    return hover;
  },
  async provideCodeLenses(document, token, next) {
    const lenses = await next(document, token);
    return lenses && SOURCES.test(document.languageId) ? [...lenses, ...exploreLenses(document.uri, lenses)] : lenses;
  },
});
