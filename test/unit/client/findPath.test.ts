import { beforeEach, expect, test, vi } from 'vitest';
import { findPath } from '../../../client/src/findPath.ts';
import type { Server } from '../../../client/src/server.ts';
import { FIND_PATH, PATH_END, type PathResult, type PathStep } from '../../../server/src/lsp/protocol.ts';
import * as vscode from '../support/vscode.ts';

vi.mock('vscode-languageclient/node', () => ({ ProgressType: class {} }));

const sendRequest = vi.fn();
const onProgress = vi.fn((_type: unknown, _token: string, _told: (found: PathResult) => void) => ({ dispose() {} }));
const server = () => ({ client: { isRunning: () => true, sendRequest, onProgress } }) as unknown as Server;
const answers = (...texts: (string | undefined)[]): void => {
  for (const text of texts) vscode.window.showInputBox.mockResolvedValueOnce(text);
};

beforeEach(() => vi.clearAllMocks());

test('a question that is left ends it', async () => {
  answers('use', undefined);
  await findPath(server);
  expect(sendRequest).not.toHaveBeenCalled();
  await findPath(() => undefined);
  expect(vscode.window.showWarningMessage).toHaveBeenCalledTimes(1);
});

test('no chain: the reason is shown, and the first answers are offered again', async () => {
  answers('use', 'a_run', 'ext4');
  sendRequest.mockResolvedValueOnce({ chains: [], message: 'No path from use to a_run.' });
  await findPath(server);
  expect(sendRequest).toHaveBeenCalledWith(
    FIND_PATH,
    expect.objectContaining({ from: 'use', to: 'a_run', context: 'ext4' }),
    expect.anything(),
  );
  expect(vscode.window.showInformationMessage).toHaveBeenCalledWith(
    'No path from use to a_run.',
    'Go Through…',
    'Search Longer',
  );
  answers(undefined);
  await findPath(server);
  expect(vscode.window.showInputBox.mock.lastCall?.[0]).toMatchObject({ value: 'use' });
});

const at = { line: 3, character: 1 };
const step: PathStep = {
  name: 'a_run',
  how: 'in a_ops',
  evidence: 'name',
  place: 'fs/a.c:4',
  uri: 'file:///k/fs/a.c',
  range: { start: at, end: at },
};

test('what may help is offered: another search, through a function, or with more time', async () => {
  answers('use', 'a_run', '', 'helper, other');
  vscode.window.showInformationMessage.mockResolvedValueOnce('Go Through…').mockResolvedValueOnce('Search Longer');
  sendRequest.mockResolvedValue({ chains: [], message: 'No path.' });
  await findPath(server);
  expect(sendRequest.mock.calls.map(([, { through, seconds }]) => [through, seconds])).toEqual([
    [undefined, undefined],
    [['helper', 'other'], undefined],
    [['helper', 'other'], 60],
  ]);
  sendRequest.mockReset();
});

test('the first chain is shown before the search is over', async () => {
  answers('use', 'a_run', '');
  const pick = {
    items: [] as unknown[],
    busy: false,
    ...{ onDidChangeActive() {}, onDidAccept() {}, onDidHide() {}, show: vi.fn() },
  };
  vscode.window.createQuickPick.mockReturnValueOnce(pick);
  sendRequest.mockImplementationOnce(async (_method, { partialResultToken }) => {
    const [, token, told] = onProgress.mock.lastCall ?? [];
    expect(token).toBe(partialResultToken);
    told?.({ chains: [[step]], message: null });
    expect([pick.items.length, pick.busy]).toEqual([2, true]);
    return { chains: [[step], [step]], message: null };
  });
  await findPath(server);
  expect([pick.items.length, pick.busy, pick.show.mock.calls.length]).toEqual([4, false, 1]);
});

test('a chain is a list of steps; each shows its place', async () => {
  answers('use', 'a_run', '');
  sendRequest.mockResolvedValueOnce({ chains: [[step]], message: null });
  let active: (items: unknown[]) => void = () => {};
  const pick = {
    items: [] as { label: string; description?: string }[],
    onDidChangeActive: (listener: typeof active) => {
      active = listener;
    },
    onDidAccept() {},
    onDidHide() {},
    show: vi.fn(),
  };
  vscode.window.createQuickPick.mockReturnValueOnce(pick);
  await findPath(server);
  expect(pick.items.map((i) => [i.label, i.description])).toEqual([
    ['Path 1', undefined],
    ['a_run', 'in a_ops · by name  fs/a.c:4'],
  ]);
  active([pick.items[1]]);
  expect(vscode.window.showTextDocument).toHaveBeenCalledWith(
    'file:///k/fs/a.c',
    expect.objectContaining({ preview: true, preserveFocus: true }),
  );
});

test('a name is looked at as it is typed, and what stands at the cursor is offered where it is one', async () => {
  answers(undefined);
  await findPath(server);
  const [{ validateInput }] = vscode.window.showInputBox.mock.lastCall as unknown as [
    { validateInput(name: string): Promise<string | null> | null },
  ];
  sendRequest.mockResolvedValueOnce({ problem: 'There is no function nobody in this tree.' });
  expect(await validateInput('nobody')).toBe('There is no function nobody in this tree.');
  expect(sendRequest).toHaveBeenLastCalledWith(PATH_END, { name: 'nobody' });
  sendRequest.mockRejectedValueOnce(new Error('gone'));
  expect([await validateInput('use'), validateInput(' ')]).toEqual([null, null]);
});
