import { beforeEach, expect, test, vi } from 'vitest';
import { askEnd, endsAmong, nameIn, wordAtCursor } from '../../../../client/src/chains/ends.ts';
import { PATH_END, PATH_NAMES, type PathNamesParams } from '../../../../server/src/lsp/protocol.ts';
import * as vscode from '../../support/vscode.ts';

beforeEach(() => vi.clearAllMocks());

const NAMES = [
  { text: 'do_fault', place: 'mm/memory.c:1', kind: 'function' },
  { text: 'do_fault_around', place: 'mm/memory.c:9', kind: 'function' },
];
const ask = vi.fn(async (method: string, params: unknown): Promise<unknown> => {
  const { query = '' } = params as Partial<PathNamesParams>;
  if (method === PATH_NAMES) return NAMES.filter(({ text }) => text.startsWith(query));
  const { name } = params as { name: string };
  return { problem: name.includes('do_fault') ? null : `There is no function ${name} in this tree.` };
});
const host = { ask: ask as never, changed() {} };

/** A quick pick that a test types into. */
function picking() {
  const on: Record<string, (value?: unknown) => unknown> = {};
  const keep = (name: string) => (listener: (value?: unknown) => unknown) =>
    void Object.assign(on, { [name]: listener });
  const pick = {
    ...{ items: [] as { label: string; description?: string; text?: string }[], activeItems: [] as unknown[] },
    ...{ value: '', busy: false, show: vi.fn(), dispose: vi.fn() },
    ...{ onDidChangeValue: keep('value'), onDidAccept: keep('accept'), onDidHide: keep('hide') },
    hide: () => on.hide(),
    async type(value: string) {
      pick.value = value;
      await on.value(value);
      await new Promise((resolve) => setTimeout(resolve));
      pick.activeItems = pick.items.slice(0, 1);
    },
    accept: () => on.accept(),
    labels: () => pick.items.map((i) => i.label),
  };
  vscode.window.createQuickPick.mockReturnValueOnce(pick);
  return pick;
}
const QUESTION = { title: 't', placeholder: 'p', offers: [{ text: 'do_fault', from: 'at the cursor' }] };

test('offers stand there before anything is typed; names are completed; one is taken', async () => {
  const pick = picking();
  const asked = askEnd(host, QUESTION);
  expect(pick.items).toMatchObject([{ label: 'do_fault', description: 'at the cursor' }]);
  await pick.type('do_f');
  expect(pick.labels()).toEqual(['do_fault', 'do_fault_around', 'As typed']);
  await pick.type('do_fault');
  expect(pick.labels()).toEqual(['do_fault', 'do_fault_around']);
  await pick.type(' ');
  expect(pick.labels()).toEqual(['do_fault']);
  await pick.type('do_fault');
  await pick.accept();
  expect(await asked).toBe('do_fault');
});

test('what is no function is told, and asked for again; whoever leaves gives none', async () => {
  const pick = picking();
  const asked = askEnd(host, QUESTION);
  await pick.type('nobody');
  expect(pick.items).toMatchObject([{ description: 'There is no function nobody in this tree.' }]);
  await pick.accept();
  expect(pick.items).toMatchObject([{ description: 'There is no function nobody in this tree.' }]);
  pick.hide();
  expect(await asked).toBeUndefined();
});

test('one word, FILE:NAME or struct.member is a name', () => {
  const names = ['do_fault', ' do_fault() ', 'mm/memory.c:do_fault', '[myfs]/a.c:run', 'vm_ops.fault', 'vm_ops->fault'];
  expect(names.map(nameIn)).toEqual(names.map((n) => n.trim()));
  expect(['two words', '0x10', 'a.b.c', 'Call Trace:\n a', ''].map(nameIn)).toEqual(['', '', '', '', '']);
});

test('of what is offered those that are ends, each once', async () => {
  const offers = ['do_fault', '', 'if', 'do_fault'].map((text) => ({ text, from: '' }));
  expect(await endsAmong(host, offers)).toEqual([{ text: 'do_fault', from: '' }]);
  expect(ask).toHaveBeenCalledWith(PATH_END, { name: 'if' });
});

test('the word at the cursor', () => {
  expect(wordAtCursor()).toBe('');
  const document = { getWordRangeAtPosition: () => 'range', getText: () => 'do_fault' };
  vscode.window.activeTextEditor = { document, selection: { active: null } };
  expect(wordAtCursor()).toBe('do_fault');
  vscode.window.activeTextEditor = undefined;
});
