import { beforeEach, expect, test, vi } from 'vitest';
import { type CommandContext, registerCommands } from '../../../client/src/commands.ts';
import { OPEN_PLACE, REINDEX, SET_ARCHITECTURE, SHOW_IMPLEMENTATIONS } from '../../../server/src/lsp/protocol.ts';
import * as vscode from '../support/vscode.ts';

vi.mock('vscode-languageclient/node', () => ({ ProgressType: class {} }));

const sendRequest = vi.fn(async (..._: unknown[]) => null as unknown);
const output = { show: vi.fn(), error: vi.fn(), info: vi.fn() };

function context(running: boolean, last?: object): void {
  registerCommands({
    server: () => ({ client: { isRunning: () => running, sendRequest } }),
    status: { last },
    output,
  } as unknown as CommandContext);
}

const run = (name: string, ...args: unknown[]) => vscode.registered.get(name)?.(...args);

beforeEach(() => {
  vi.clearAllMocks();
  vscode.registered.clear();
});

test('without a server, a command says so', async () => {
  context(false);
  await run('kerntrail.reindex');
  await run('kerntrail.selectArchitecture');
  expect(vscode.window.showWarningMessage).toHaveBeenCalledTimes(2);
  expect(sendRequest).not.toHaveBeenCalled();
});

test('re-indexing is asked for; what goes wrong is told', async () => {
  context(true);
  await run('kerntrail.reindex');
  expect(sendRequest).toHaveBeenCalledWith(REINDEX);
  sendRequest.mockRejectedValueOnce(new Error('no room'));
  await run('kerntrail.reindex');
  expect(vscode.window.showErrorMessage).toHaveBeenCalledWith('Kerntrail could not re-index: no room');
});

test('an architecture that can not be saved holds for this session', async () => {
  context(true, { architectures: ['arm64', 'x86'], architecture: 'x86' });
  vscode.window.showQuickPick.mockResolvedValueOnce({ label: 'arm64' });
  const { getConfiguration } = vscode.workspace;
  vscode.workspace.getConfiguration = () => ({
    get: vi.fn(),
    update: vi.fn().mockRejectedValue(new Error('read-only')),
  });
  await run('kerntrail.selectArchitecture');
  vscode.workspace.getConfiguration = getConfiguration;
  expect(sendRequest).toHaveBeenCalledWith(SET_ARCHITECTURE, { architecture: 'arm64' });
  vscode.window.showQuickPick.mockResolvedValueOnce({ label: 'x86' });
  await run('kerntrail.selectArchitecture');
  expect(sendRequest).toHaveBeenCalledTimes(1);
});

test("the server's places become VS Code's own", async () => {
  context(true);
  await run(OPEN_PLACE, 'file:///k/a.c', 4);
  expect(vscode.window.showTextDocument).toHaveBeenCalledWith('file:///k/a.c', {
    selection: new vscode.Range(4, 0, 4, 0),
  });
  const start = { line: 1, character: 2 };
  await run(SHOW_IMPLEMENTATIONS, 'file:///k/a.c', start, [{ uri: 'file:///k/b.c', range: { start, end: start } }]);
  const [command, uri, at, [location]] = vscode.commands.executeCommand.mock.calls[0];
  expect([command, uri]).toEqual(['editor.action.goToLocations', 'file:///k/a.c']);
  expect(at).toBeInstanceOf(vscode.Position);
  expect(location).toBeInstanceOf(vscode.Location);
});

test('the architectures begin with the current one and those that most people read', async () => {
  context(true, { architectures: ['alpha', 'arm64', 'csky', 'riscv', 'um', 'x86'], architecture: 'csky' });
  await run('kerntrail.selectArchitecture');
  const labels = vscode.window.showQuickPick.mock.calls[0][0].map((item: { label: string }) => item.label);
  expect(labels[0]).toBe('csky');
  expect([...labels.slice(1, 4)].sort()).toEqual(['arm64', 'riscv', 'x86']);
  expect(labels.slice(4)).toEqual(['others', 'alpha', 'um']);
});

test('a tree is opened where nothing is, and else read for what is opened if the user says so', async () => {
  const update = vi.fn(async () => {});
  const { getConfiguration } = vscode.workspace;
  vscode.workspace.getConfiguration = () => ({ get: vi.fn(), update });
  context(true);
  const folder = { fsPath: '/k/linux' };
  vscode.window.showOpenDialog.mockResolvedValue([folder]);
  await run('kerntrail.chooseTree');
  expect(vscode.commands.executeCommand).toHaveBeenCalledWith('vscode.openFolder', folder);
  vscode.workspace.workspaceFolders = [{}] as never;
  vscode.window.showInformationMessage.mockResolvedValueOnce('Read It in This Window');
  await run('kerntrail.chooseTree');
  expect(update).toHaveBeenCalledWith('tree', '/k/linux', vscode.ConfigurationTarget.Workspace);
  // the question is left unanswered
  vscode.window.showInformationMessage.mockResolvedValueOnce(undefined);
  await run('kerntrail.chooseTree');
  expect([update.mock.calls.length, vscode.commands.executeCommand.mock.calls.length]).toEqual([1, 1]);
  update.mockRejectedValueOnce(new Error('read-only'));
  vscode.window.showInformationMessage.mockResolvedValueOnce('Read It in This Window');
  await run('kerntrail.chooseTree');
  expect(vscode.window.showErrorMessage).toHaveBeenCalledWith('Kerntrail could not take /k/linux: read-only');
  vscode.workspace.workspaceFolders = undefined;
  vscode.workspace.getConfiguration = getConfiguration;
});

test('the menu has what is of use in its state', async () => {
  const shown = async (last?: object): Promise<string[]> => {
    vscode.window.showQuickPick.mockClear();
    context(true, last);
    await run('kerntrail.showMenu');
    return vscode.window.showQuickPick.mock.calls[0][0].map((item: { command: string }) => item.command);
  };
  expect((await shown({ phase: 'noTree', message: 'no tree' }))[0]).toBe('kerntrail.chooseTree');
  expect(await shown({ phase: 'noTree' })).not.toContain('kerntrail.findPath');
  expect(await shown({ phase: 'ready', architecture: 'x86' })).toContain('kerntrail.findPath');
  expect(await shown()).toEqual(['kerntrail.showOutput', 'workbench.action.openSettings']);
});

test('the menu runs what is picked', async () => {
  context(true, { architecture: 'x86', message: 'all is well' });
  vscode.window.showQuickPick.mockImplementationOnce(async (items: { command: string }[]) => items.at(-1));
  await run('kerntrail.showMenu');
  expect(vscode.commands.executeCommand).toHaveBeenCalledWith(
    'workbench.action.openSettings',
    '@ext:kerntrail.kerntrail',
  );
});
