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

test('the menu runs what is picked', async () => {
  context(true, { architecture: 'x86', message: 'all is well' });
  vscode.window.showQuickPick.mockImplementationOnce(async (items: { command: string }[]) => items.at(-1));
  await run('kerntrail.showMenu');
  expect(vscode.commands.executeCommand).toHaveBeenCalledWith(
    'workbench.action.openSettings',
    '@ext:kerntrail.kerntrail',
  );
});
