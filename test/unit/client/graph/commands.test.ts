import { beforeEach, expect, test, vi } from 'vitest';
import * as vscode from 'vscode';
import { registerGraphs } from '../../../../client/src/graph/commands.ts';
import { CHAIN_MAP, CHAIN_TRACE } from '../../../../server/src/lsp/protocol.ts';
import { chartOf } from '../../support/chart.ts';
import { registered } from '../../support/vscode.ts';

const sendRequest = vi.fn();
const createWebviewPanel = vi.fn((..._: unknown[]) => ({
  webview: { onDidReceiveMessage: vi.fn(), asWebviewUri: String },
  onDidDispose: vi.fn(),
}));

beforeEach(() => {
  vi.clearAllMocks();
  Object.assign(vscode.window, {
    createWebviewPanel,
    registerWebviewPanelSerializer: () => ({ dispose() {} }),
  });
  Object.assign(vscode, { ViewColumn: { Active: -1 } });
  Object.assign(vscode.Uri, { joinPath: (base: string, ...parts: string[]) => [base, ...parts].join('/') });
  registerGraphs({
    server: () => ({ client: { start: async () => {}, sendRequest } }) as never,
    output: { warn: vi.fn() } as never,
    extensionUri: '/ext' as never,
  });
});

const run = (name: string, ...args: unknown[]) => registered.get(name)?.(...args);

test('a map is asked for and drawn', async () => {
  sendRequest.mockResolvedValue({ ...chartOf(['a b'], { title: 'Page Fault Path' }), message: null });
  await run('kerntrail.map.fault');
  expect(sendRequest.mock.calls[0].slice(0, 2)).toEqual([CHAIN_MAP, { map: 'fault' }]);
  expect(createWebviewPanel.mock.calls[0][1]).toBe('Page Fault Path');
});

test('any map by its name; without a choice, none', async () => {
  vi.mocked(vscode.window.showQuickPick).mockResolvedValueOnce({ id: 'read' } as never);
  await run('kerntrail.map');
  expect(sendRequest.mock.calls[0].slice(0, 2)).toEqual([CHAIN_MAP, { map: 'read' }]);
  vi.mocked(vscode.window.showQuickPick).mockResolvedValueOnce(undefined);
  await run('kerntrail.map');
  expect(sendRequest).toHaveBeenCalledTimes(1);
});

test('where there is nothing to draw, it is said why', async () => {
  sendRequest.mockResolvedValue({ ...chartOf([]), message: 'There is no handle_mm_fault in this tree.' });
  await run('kerntrail.map.fault');
  expect(vscode.window.showInformationMessage).toHaveBeenCalledWith('There is no handle_mm_fault in this tree.');
  expect(createWebviewPanel).not.toHaveBeenCalled();
});

test('the stacks of a trace, or some of them', async () => {
  sendRequest.mockResolvedValue({ ...chartOf(['a b']), message: null });
  await run('kerntrail.graph.drawTrace', 'untitled:1', [2]);
  expect(sendRequest.mock.calls[0].slice(0, 2)).toEqual([CHAIN_TRACE, { uri: 'untitled:1', stacks: [2] }]);
  await run('kerntrail.graph.drawTrace', undefined);
  expect(vscode.window.showInformationMessage).toHaveBeenCalledWith('There is no backtrace in view.');
});

test('what fails is told', async () => {
  sendRequest.mockRejectedValue(new Error('gone'));
  await run('kerntrail.map.fault');
  expect(vscode.window.showErrorMessage).toHaveBeenCalledWith('Kerntrail: gone');
});
