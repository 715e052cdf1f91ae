import { beforeEach, expect, test, vi } from 'vitest';
import type * as code from 'vscode';
import { startServer } from '../../../client/src/server.ts';
import type { StatusItem } from '../../../client/src/status.ts';
import { BESIDE_OTHER, STATUS } from '../../../server/src/lsp/protocol.ts';
import * as vscode from '../support/vscode.ts';

const made = vi.hoisted(() => ({
  clients: [] as {
    options: { initializationOptions: object };
    handlers: Map<string, (p: object) => void>;
    sent: unknown[][];
  }[],
  fails: false,
}));

vi.mock('vscode-languageclient/node', () => ({
  TransportKind: { ipc: 1 },
  LanguageClient: class {
    options: { initializationOptions: object };
    handlers = new Map<string, (p: object) => void>();
    sent: unknown[][] = [];
    constructor(_id: string, _name: string, _server: object, options: { initializationOptions: object }) {
      this.options = options;
      made.clients.push(this);
    }
    onNotification(name: string, handler: (p: object) => void): void {
      this.handlers.set(name, handler);
    }
    start = async (): Promise<void> => {
      if (made.fails) throw new Error('no dist/server.cjs');
    };
    isRunning = (): boolean => true;
    sendNotification = async (...args: unknown[]): Promise<void> => void this.sent.push(args);
    sendRequest = async (...args: unknown[]): Promise<void> => void this.sent.push(args);
    dispose = async (): Promise<void> => {};
  },
}));

const status = { update: vi.fn(), failed: vi.fn() };
const output = { error: vi.fn(), warn: vi.fn() };
const indexed = vi.fn();

function started() {
  const server = startServer(
    { asAbsolutePath: (path: string) => path, globalStorageUri: { fsPath: '/s' } } as unknown as code.ExtensionContext,
    output as unknown as code.LogOutputChannel,
    status as unknown as StatusItem,
    indexed,
  );
  return { server, client: made.clients[made.clients.length - 1] };
}

beforeEach(() => {
  vi.clearAllMocks();
  made.fails = false;
});

test('a server is told where its index goes, its settings, and whether the folders are trusted', () => {
  const { server, client } = started();
  expect(client.options.initializationOptions).toMatchObject({ storage: '/s', besideOther: false, trusted: false });
  server.dispose();
});

test('a new index is told once, when it is ready', () => {
  const { server, client } = started();
  const say = (phase: string): void => client.handlers.get(STATUS)?.({ phase, architecture: 'x86' });
  for (const phase of ['indexing', 'ready', 'ready', 'scanning', 'ready']) say(phase);
  expect(status.update).toHaveBeenCalledTimes(5);
  expect(indexed).toHaveBeenCalledTimes(2);
  server.dispose();
});

test('another server that is there by now is told with the settings', () => {
  const { server, client } = started();
  vscode.configuration.kerntrail = { besideOtherServers: 'on' };
  server.sendSettings({} as Parameters<typeof server.sendSettings>[0]);
  delete vscode.configuration.kerntrail;
  expect(client.sent).toEqual([
    ['workspace/didChangeConfiguration', { settings: { kerntrail: {} } }],
    [BESIDE_OTHER, { on: true }],
  ]);
  server.dispose();
});

test('one that does not start is told in the status bar', async () => {
  made.fails = true;
  const { server } = started();
  await vi.waitFor(() => expect(status.failed).toHaveBeenCalledWith('no dist/server.cjs'));
  server.dispose();
});
