import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type * as code from 'vscode';
import { newTraceModel, type TraceModel } from '../../../../client/src/backtrace/traceModel.ts';
import type { Server } from '../../../../client/src/server.ts';
import { TRACE_FRAMES, TRACE_LANGUAGE, TRACE_STACKS } from '../../../../server/src/lsp/protocol.ts';
import * as vscode from '../../support/vscode.ts';

const sendRequest = vi.fn();
const log = vi.fn();
const changed = vi.fn();
const server = () => ({ client: { start: async () => {}, sendRequest } }) as unknown as Server;

const documentAt = (uri: string, languageId = TRACE_LANGUAGE) => ({ uri, languageId }) as unknown as code.TextDocument;
const ONE = documentAt('file:///one.txt');
const TWO = documentAt('file:///two.txt');
const stack = (title: string) => ({ title, detail: '', kind: 'oops', frames: 1, line: 0 });
const listOf = (...titles: string[]) => ({ stacks: titles.map(stack), merged: [], hunks: 0 });

let model: TraceModel;
const modelOf = (running: () => Server | undefined): TraceModel => {
  model = newTraceModel(running, log);
  model.onDidChange(changed);
  return model;
};
/** What VS Code would tell the model. */
const tell = (event: { mock: { calls: unknown[][] } }, what: object): void => {
  for (const [listener] of event.mock.calls.slice(-1)) (listener as (event: object) => unknown)(what);
};

beforeEach(() => {
  vi.useFakeTimers();
  vi.clearAllMocks();
  sendRequest.mockReset();
});
afterEach(() => {
  model.dispose();
  vi.useRealTimers();
});

test('a document that is opened is in view with its stacks, and is not asked for twice', async () => {
  const { open, stacks, uri } = modelOf(server);
  sendRequest.mockResolvedValueOnce(listOf('BUG: one'));
  await open(ONE);
  expect(sendRequest.mock.calls).toEqual([[TRACE_STACKS, { uri: 'file:///one.txt' }]]);
  expect([uri(), stacks()?.stacks.map((s) => s.title)]).toEqual(['file:///one.txt', ['BUG: one']]);
  expect(vscode.commands.executeCommand).toHaveBeenCalledWith('setContext', 'kerntrail.hasBacktrace', true);
  await open(ONE);
  expect([sendRequest.mock.calls.length, changed.mock.calls.length]).toEqual([1, 1]);
});

test('editors are followed: traces come into view, sources do not', async () => {
  modelOf(server);
  sendRequest.mockResolvedValueOnce(listOf('BUG: one'));
  tell(vscode.window.onDidChangeActiveTextEditor, { document: ONE });
  await vi.advanceTimersByTimeAsync(0);
  tell(vscode.window.onDidChangeActiveTextEditor, { document: documentAt('file:///a.c', 'c') });
  await vi.advanceTimersByTimeAsync(0);
  expect([model.uri(), model.stacks()?.stacks.length]).toEqual(['file:///one.txt', 1]);
});

test('rows are asked for once, and known from then on; what is partial is told', async () => {
  const { open, rows, knownRows, partial } = modelOf(server);
  sendRequest.mockResolvedValueOnce(listOf('BUG: one'));
  await open(ONE);
  const frames = [{ function: 'pipe_flush' }];
  sendRequest.mockResolvedValueOnce({ frames, partial: 'Still indexing.' });
  expect(knownRows(0)).toBeNull();
  expect(await Promise.all([rows(0), rows(0)])).toEqual([frames, frames]);
  expect(sendRequest.mock.calls.slice(1)).toEqual([[TRACE_FRAMES, { uri: 'file:///one.txt', stack: 0 }]]);
  expect([knownRows(0), partial()]).toEqual([frames, 'Still indexing.']);
  expect(changed).toHaveBeenCalledTimes(2);
});

test('an edit asks anew once it rests, and keeps the row that is walked at only while its stack is there', async () => {
  const { open, setActive, active } = modelOf(server);
  sendRequest.mockResolvedValueOnce(listOf('BUG: one', 'BUG: two'));
  await open(ONE);
  setActive({ stack: 1, row: 0 });
  sendRequest.mockResolvedValue(listOf('BUG: one'));
  const edit = (document: code.TextDocument): void =>
    tell(vscode.workspace.onDidChangeTextDocument, { document, contentChanges: [{}] });
  edit(TWO);
  await vi.runAllTimersAsync();
  expect([sendRequest.mock.calls.length, active()]).toEqual([1, { stack: 1, row: 0 }]);
  edit(ONE);
  await vi.advanceTimersByTimeAsync(100);
  edit(ONE);
  await vi.runAllTimersAsync();
  expect([sendRequest.mock.calls.length, active()]).toEqual([2, null]);
});

test('what is answered for a document that is no longer in view is dropped, and a closed one is forgotten', async () => {
  const { open, stacks, uri } = modelOf(server);
  let late: (answer: object) => void = () => {};
  sendRequest.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
  const first = open(ONE);
  await vi.advanceTimersByTimeAsync(0);
  sendRequest.mockResolvedValueOnce(listOf('BUG: two'));
  await open(TWO);
  late(listOf('BUG: one'));
  await first;
  expect(stacks()?.stacks[0].title).toBe('BUG: two');
  tell(vscode.workspace.onDidCloseTextDocument, ONE);
  expect(uri()).toBe('file:///two.txt');
  tell(vscode.workspace.onDidCloseTextDocument, TWO);
  await vi.advanceTimersByTimeAsync(0);
  expect([uri(), stacks()]).toEqual([null, null]);
  expect(vscode.commands.executeCommand).toHaveBeenLastCalledWith('setContext', 'kerntrail.hasBacktrace', false);
});

test('without a server there is nothing to show; one that fails is logged', async () => {
  await modelOf(() => undefined).open(ONE);
  expect([model.stacks(), await model.rows(0)]).toEqual([null, []]);
  expect(log).not.toHaveBeenCalled();
  sendRequest.mockRejectedValueOnce(new Error('gone'));
  await modelOf(server).open(ONE);
  expect(model.stacks()).toBeNull();
  expect(log).toHaveBeenCalledWith(`${TRACE_STACKS}: gone`);
});

test('a document that is on its way is waited for, whatever was in view before', async () => {
  const { open, stacks } = modelOf(server);
  sendRequest.mockResolvedValueOnce(listOf('BUG: one'));
  await open(ONE);
  let answer = (_: object): void => {};
  sendRequest.mockReturnValueOnce(new Promise<object>((resolve) => (answer = resolve)));
  void open(TWO);
  const again = open(TWO).then(() => stacks()?.stacks[0].title);
  await vi.advanceTimersByTimeAsync(0);
  answer(listOf('BUG: two'));
  expect([await again, sendRequest.mock.calls.length]).toEqual(['BUG: two', 2]);
});

test('an answer that comes late does not replace a newer one', async () => {
  const { open, refresh, stacks } = modelOf(server);
  let late = (_: object): void => {};
  sendRequest.mockReturnValueOnce(new Promise<object>((resolve) => (late = resolve)));
  sendRequest.mockResolvedValueOnce(listOf('BUG: newer'));
  const first = open(ONE);
  await refresh();
  late(listOf('BUG: older'));
  await first;
  expect(stacks()?.stacks.map((s) => s.title)).toEqual(['BUG: newer']);
});
