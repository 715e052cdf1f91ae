import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type * as code from 'vscode';
import { activate } from '../../../client/src/extension.ts';
import { ROOT } from '../../../scripts/lib/run.mjs';
import * as vscode from '../support/vscode.ts';

vi.mock('vscode-languageclient/node', () => ({
  TransportKind: { ipc: 1 },
  ProgressType: class {},
  LanguageClient: class {
    onNotification = () => ({ dispose() {} });
    start = async (): Promise<void> => {};
    isRunning = () => true;
    sendRequest = async () => null;
    sendNotification = async () => {};
    dispose = async () => {};
  },
}));

const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  contributes: { commands: { command: string }[]; menus: Record<string, { command?: string; submenu?: string }[]> };
};
const named = manifest.contributes.commands.map(({ command }) => command);

function activated() {
  const subscriptions: { dispose(): unknown }[] = [];
  activate({
    subscriptions,
    asAbsolutePath: (path: string) => path,
    extensionUri: '/extension',
    globalStorageUri: { fsPath: '/storage' },
    workspaceState: { get: (_: string, otherwise: unknown) => otherwise, update: async () => {} },
    globalState: { get: (_: string, otherwise: unknown) => otherwise, update: async () => {} },
  } as unknown as code.ExtensionContext);
  return subscriptions;
}

test('every command that the manifest names is there, once the extension is active', () => {
  const subscriptions = activated();
  expect(named.filter((command) => !vscode.registered.has(command))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
  for (const one of subscriptions) one.dispose();
});

test('menus hold commands that have a title', () => {
  const inMenus = Object.values(manifest.contributes.menus).flatMap((items) => items.flatMap((i) => i.command ?? []));
  expect(inMenus.filter((command) => !named.includes(command))).toEqual([]);
});
