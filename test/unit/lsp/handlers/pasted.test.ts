import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { PASTED } from '../../../../server/src/lsp/handlers/pasted.ts';
import {
  TRACE_DETECT,
  TRACE_FRAMES,
  TRACE_LANGUAGE,
  TRACE_LINE,
  TRACE_STACKS,
  TRACE_TEXT,
  type TraceFramesAnswer,
} from '../../../../server/src/lsp/protocol.ts';
import { fakeServer } from '../../support/fakeConnection.ts';

const URI = 'file:///k/oops.txt';
const TRACE = 'Call Trace:\n do_work+0x10/0x40\n main_loop+0x1/0x2\n';

function opened(language = TRACE_LANGUAGE) {
  const fake = fakeServer();
  for (const { register } of PASTED) register(fake.server);
  const document = TextDocument.create(URI, language, 1, TRACE);
  fake.server.documents.get = (uri) => (uri === URI ? document : undefined);
  return fake;
}

test('a text is read without any index: its stacks, its frames, and why they lead nowhere', async () => {
  const { ask } = opened();
  expect((await ask<unknown[]>(TRACE_STACKS, { uri: URI })) ?? []).not.toEqual([]);
  const { frames, partial } = await ask<TraceFramesAnswer>(TRACE_FRAMES, { uri: URI, stack: 0 });
  expect(frames.map((f) => f.function)).toEqual(['do_work', 'main_loop']);
  expect(partial).toContain('There is no index yet');
  expect(await ask(TRACE_FRAMES, { uri: URI, stack: 7 })).toEqual({ frames: [], remark: null, partial: null });
});

test('what needs a tree has its empty answer', async () => {
  const { ask } = opened();
  expect(await ask(TRACE_TEXT, { uri: URI, markdown: false })).toBe('');
  expect(await ask(TRACE_LINE, { text: ' do_work+0x10/0x40' })).toBeNull();
  expect(await ask('onDocumentLinks', { textDocument: { uri: URI } })).toBeNull();
  const link = { data: { uri: URI } };
  expect(await ask('onDocumentLinkResolve', link)).toBe(link);
});

test('folding is for traces; Markdown has its own. Other documents have none of this', async () => {
  const folding = { textDocument: { uri: URI } };
  expect(await opened().ask('onFoldingRanges', folding)).not.toBeNull();
  expect(await opened('markdown').ask('onFoldingRanges', folding)).toBeNull();
  expect(await opened('c').ask(TRACE_STACKS, { uri: URI })).toBeNull();
});

test('a text that is no document is told apart', async () => {
  expect(await opened().ask(TRACE_DETECT, { text: `${TRACE} start+0x1/0x9\n` })).toEqual({ trace: true });
  expect(await opened().ask(TRACE_DETECT, { text: 'int a;\n' })).toEqual({ trace: false });
});
