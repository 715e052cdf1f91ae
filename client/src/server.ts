import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type Middleware,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';
import {
  BESIDE_OTHER,
  type BesideOtherParams,
  type ConfigurationParams,
  INDEXED,
  type InitializationOptions,
  PASTED_SCHEME,
  type Settings,
  STATUS,
  type StatusParams,
  TRACE_LANGUAGE,
  TRUST,
} from '../../server/src/lsp/protocol.ts';
import { isBesideOther, readSettings } from './settings.ts';
import type { StatusItem } from './status.ts';

/** The running language server, and what keeps it informed. */
export interface Server extends vscode.Disposable {
  readonly client: LanguageClient;
  /** Tells the server about changed settings. */
  sendSettings(settings: Settings): void;
}

/**
 * Starts the language server; gives the handle at once, the start itself goes on behind it. `indexed`: answers are new;
 * `middleware` adds to them what only this editor has.
 */
export function startServer(
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
  status: StatusItem,
  indexed: () => void,
  middleware: Middleware = {},
): Server {
  const settings = readSettings();
  let besideOther = isBesideOther(settings);
  const watcher = vscode.workspace.createFileSystemWatcher('**/*.{c,h,S}');
  const client = new LanguageClient('kerntrail', 'Kerntrail', serverOptions(context), {
    ...clientOptions(watcher, output, {
      storage: context.globalStorageUri.fsPath,
      settings,
      besideOther,
      trusted: vscode.workspace.isTrusted,
    }),
    middleware,
  });
  let phase = '';
  client.onNotification(STATUS, (params: StatusParams) => {
    status.update(params);
    const now = `${params.phase} ${params.architecture}`;
    if (params.phase === 'ready' && now !== phase) indexed();
    phase = now;
  });
  client.onNotification(INDEXED, indexed);
  // a vmlinux of the tree counts from now on
  const tellTrust = (): void => {
    client.sendNotification(TRUST).then(indexed, (error: unknown) => output.warn(`${TRUST}: ${error}`));
  };
  client.start().catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    output.error(`The language server did not start: ${reason}`);
    status.failed(reason);
  });

  const sendBesideOther = (): void => {
    const now = isBesideOther(readSettings());
    if (now === besideOther || !client.isRunning()) return;
    besideOther = now;
    const params: BesideOtherParams = { on: now };
    client.sendRequest(BESIDE_OTHER, params).catch((error: unknown) => output.warn(`${BESIDE_OTHER}: ${error}`));
  };
  // VS Code tells of no extension that it gets activated, so we look when one may just have been.
  const timers = [2_000, 10_000, 30_000].map((delay) => setTimeout(sendBesideOther, delay));
  const listeners = [
    watcher,
    vscode.window.onDidChangeActiveTextEditor(sendBesideOther),
    vscode.extensions.onDidChange(sendBesideOther),
    vscode.workspace.onDidGrantWorkspaceTrust(tellTrust),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('clangd') || change.affectsConfiguration('C_Cpp')) sendBesideOther();
    }),
  ];

  return {
    client,
    sendSettings(now) {
      if (!client.isRunning()) return;
      const params: ConfigurationParams = { kerntrail: now };
      client
        .sendNotification('workspace/didChangeConfiguration', { settings: params })
        .catch((error: unknown) => output.warn(`settings were not sent: ${error}`));
      sendBesideOther();
    },
    dispose() {
      for (const timer of timers) clearTimeout(timer);
      for (const listener of listeners) listener.dispose();
      // Also right when it is still starting or has failed: then there is nothing to stop.
      client.dispose().catch(() => undefined);
    },
  };
}

/** Left to itself, V8 lets a server's heap grow by what the machine has; the live part is a tenth of this. */
const SERVER_HEAP = ['--max-old-space-size=1024', '--max-semi-space-size=8'];

/**
 * glibc keeps what is freed once a large block has been: 400 of 700 MB after an hour. So large blocks stay mappings of
 * their own, which go back at once, and its arenas stay few. Other C libraries don't look at these.
 */
const SERVER_MALLOC = {
  MALLOC_MMAP_THRESHOLD_: '262144',
  MALLOC_TRIM_THRESHOLD_: '1048576',
  MALLOC_ARENA_MAX: '2',
};

function serverOptions(context: vscode.ExtensionContext): ServerOptions {
  const module = context.asAbsolutePath('dist/server.cjs');
  return {
    run: { module, transport: TransportKind.ipc, options: { execArgv: SERVER_HEAP, env: SERVER_MALLOC } },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
  };
}

/** Texts that may name what a tree holds: traces, patches, mails, notes, the tree's own documentation. */
const PROSE = [TRACE_LANGUAGE, 'diff', 'markdown', 'plaintext', 'log', 'mail', 'email', 'restructuredtext'];

function clientOptions(
  watcher: vscode.FileSystemWatcher,
  output: vscode.LogOutputChannel,
  initializationOptions: InitializationOptions,
): LanguageClientOptions {
  return {
    documentSelector: [
      ...['c', 'cpp', 'asm', ...PROSE].map((language) => ({ scheme: 'file', language })),
      ...PROSE.map((language) => ({ scheme: 'untitled', language })),
      { scheme: PASTED_SCHEME, language: TRACE_LANGUAGE },
    ],
    initializationOptions,
    outputChannel: output,
    synchronize: { fileEvents: watcher },
    // Hovers hold links to places in files; no commands, no HTML.
    markdown: { isTrusted: false, supportHtml: false },
  };
}
