import { beforeEach, expect, test, vi } from 'vitest';
import type * as code from 'vscode';
import { openPastedText, pastedTexts } from '../../../../client/src/backtrace/pastedText.ts';
import { PASTED_SCHEME, TRACE_LANGUAGE } from '../../../../server/src/lsp/protocol.ts';
import * as vscode from '../../support/vscode.ts';

type Kept = { path: string; text: string }[];

function memoryOf(kept: Kept = []) {
  const update = vi.fn(async (_key: string, _value: Kept) => {});
  return { get: () => kept, update } as unknown as code.Memento & { update: typeof update };
}

/** What VS Code gets of a document. */
function contentOf(uri: unknown): unknown {
  const [, provider] = vscode.workspace.registerTextDocumentContentProvider.mock.lastCall ?? [];
  return (provider as code.TextDocumentContentProvider).provideTextDocumentContent(uri as code.Uri, {} as never);
}

beforeEach(() => vi.clearAllMocks());

test('a text is a document of its own that nobody is asked to save, in the language of traces', async () => {
  const memory = memoryOf();
  pastedTexts(memory);
  const first = await openPastedText(memory, 'Call Trace:\n a+0x1/0x2\n');
  const second = await openPastedText(memory, 'Call Trace:\n b+0x1/0x2\n');
  expect(first.uri.scheme).toBe(PASTED_SCHEME);
  expect(first.uri.path).toMatch(/^\/Backtrace \d+\.bt$/);
  expect(second.uri.path).not.toBe(first.uri.path);
  expect(first.languageId).toBe(TRACE_LANGUAGE);
  expect([contentOf(first.uri), contentOf(second.uri)]).toEqual([
    'Call Trace:\n a+0x1/0x2\n',
    'Call Trace:\n b+0x1/0x2\n',
  ]);
});

test('a window that is loaded anew has the last ones, but for huge ones, and goes on counting', async () => {
  const before = memoryOf();
  await openPastedText(before, 'x'.repeat(2_000_000));
  const path = '/Backtrace 40.bt';
  const memory = memoryOf([{ path, text: 'kept' }]);
  pastedTexts(memory);
  expect(contentOf({ path })).toBe('kept');
  expect(contentOf({ path: '/Backtrace 1000.bt' })).toContain('paste it again');
  const { uri } = await openPastedText(memory, 'new');
  expect(uri.path).toBe('/Backtrace 41.bt');
  const [, stored] = memory.update.mock.lastCall ?? [];
  expect(stored?.map((k) => k.text)).toEqual(expect.arrayContaining(['kept', 'new']));
  expect(stored?.every((k) => k.text.length < 1_000_001)).toBe(true);
});
