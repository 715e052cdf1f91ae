import { expect, test, vi } from 'vitest';
import type * as code from 'vscode';
import { exploreLinks } from '../../../../client/src/chains/links.ts';
import { CHAIN_BEGINS } from '../../../../server/src/lsp/protocol.ts';
import * as vscode from '../../support/vscode.ts';

const document = (languageId: string) => ({ languageId, uri: 'file:///k/a.c' }) as unknown as code.TextDocument;
const AT = { line: 3, character: 5 } as code.Position;
const TOKEN = {} as code.CancellationToken;

async function hovered(languageId: string, begins: boolean) {
  const ask = vi.fn(async () => begins);
  const { provideHover } = exploreLinks(ask as never);
  const hover = { contents: ['said'] } as unknown as code.Hover;
  await provideHover?.(document(languageId), AT, TOKEN, async () => hover);
  return { ask, contents: hover.contents as unknown as (string | code.MarkdownString)[] };
}

test('a hover on what can be explored has two links, and these commands alone may be run', async () => {
  const { ask, contents } = await hovered('c', true);
  expect(ask).toHaveBeenCalledWith(CHAIN_BEGINS, { uri: 'file:///k/a.c', position: AT }, TOKEN);
  const [, links] = contents as [string, code.MarkdownString];
  const argument = encodeURIComponent(JSON.stringify([{ uri: 'file:///k/a.c', position: AT }]));
  expect(links.value).toBe(
    `[Explore Callers](command:kerntrail.chains.callers?${argument}) · [Explore Targets](command:kerntrail.chains.targets?${argument})`,
  );
  expect(links.isTrusted).toEqual({ enabledCommands: ['kerntrail.chains.callers', 'kerntrail.chains.targets'] });
});

test('other hovers stay as they are', async () => {
  expect((await hovered('c', false)).contents).toEqual(['said']);
  const trace = await hovered('kernel-trace', true);
  expect([trace.contents, trace.ask.mock.calls.length]).toEqual([['said'], 0]);
});

test('a lens beside each: over a table its functions, over a function its callers', async () => {
  const { provideCodeLenses } = exploreLinks((async () => null) as never);
  const lens = (kind: string, line: number, length = 1) => ({
    range: new vscode.Range(line, 1, line, 1 + length),
    data: { kind, path: 'fs/a.c', name: '__do_sys_read' },
  });
  const lenses = [lens('table', 1), lens('function', 2), lens('function', 3, 0)] as unknown as code.CodeLens[];
  const found = await provideCodeLenses?.(document('c'), TOKEN, async () => lenses);
  expect(found?.slice(3).map((l) => [l.command?.title, l.command?.arguments?.[0]])).toEqual([
    ['explore functions', { uri: 'file:///k/a.c', position: { line: 1, character: 1 } }],
    ['explore callers', { uri: 'file:///k/a.c', position: { line: 2, character: 1 } }],
    // nobody wrote the name of what a macro makes
    ['explore callers', { name: 'fs/a.c:__do_sys_read' }],
  ]);
  expect(await provideCodeLenses?.(document('kernel-trace'), TOKEN, async () => lenses)).toBe(lenses);
});
