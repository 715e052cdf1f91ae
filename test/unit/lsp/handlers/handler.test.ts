import { expect, test, vi } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { anywhere, pastedOf, sourceOf } from '../../../../server/src/lsp/handlers/handler.ts';
import { TRACE_LANGUAGE } from '../../../../server/src/lsp/protocol.ts';
import { fakeServer } from '../../support/fakeConnection.ts';

const at = (uri: string) => ({ textDocument: { uri }, position: { line: 1, character: 2 } });
const NEVER = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose() {} }) };

function server() {
  const fake = fakeServer();
  const documents = new Map(
    [
      TextDocument.create('file:///k/a.c', 'c', 1, 'int a;\n'),
      TextDocument.create('file:///k/log', TRACE_LANGUAGE, 1, 'x\n'),
    ].map((document) => [document.uri, document]),
  );
  fake.server.documents.get = (uri) => documents.get(uri);
  return fake.server;
}

test('a text is told from a source by its language', () => {
  expect(pastedOf(server(), 'file:///k/log')?.uri).toBe('file:///k/log');
  expect(pastedOf(server(), 'file:///k/a.c')).toBeNull();
  expect(pastedOf(server(), 'file:///k/closed')).toBeNull();
});

test('where there is no tree, no feature is asked, and nothing is answered', async () => {
  const [source, pasted] = [vi.fn(() => 'source'), vi.fn(() => 'pasted')];
  const answer = anywhere<string>(server(), 'hover', source, pasted, 'nothing');
  expect(await answer(at('file:///k/a.c'), NEVER)).toBe('nothing');
  expect(await answer(at('file:///k/log'), NEVER)).toBe('nothing');
  expect(source).not.toHaveBeenCalled();
  expect(pasted).not.toHaveBeenCalled();
  expect(await sourceOf(server(), 'file:///k/a.c')).toBeNull();
});
