import { beforeEach, expect, test, vi } from 'vitest';
import type * as code from 'vscode';
import { openSample } from '../../../client/src/samples.ts';
import * as vscode from '../support/vscode.ts';

const context = { extensionUri: { path: '/x' }, globalStorageUri: { path: '/g' } } as unknown as code.ExtensionContext;

beforeEach(() => vi.clearAllMocks());

test('the sample tree is copied, and the copy opened in a window of its own', async () => {
  await openSample(context);
  const [from, to] = vscode.workspace.fs.copy.mock.calls[0] as unknown as { path: string }[];
  expect([from.path, to.path]).toEqual(['/x/samples/mini-kernel', '/g/sample/mini-kernel']);
  expect(vscode.commands.executeCommand).toHaveBeenCalledWith('vscode.openFolder', to, { forceNewWindow: true });
});

test('a full disk is told', async () => {
  vscode.workspace.fs.copy.mockRejectedValueOnce(new Error('no space left'));
  await openSample(context);
  expect(vscode.window.showErrorMessage).toHaveBeenCalledWith(
    'Kerntrail could not copy its sample tree to /g/sample/mini-kernel: no space left',
  );
  expect(vscode.commands.executeCommand).not.toHaveBeenCalled();
});
