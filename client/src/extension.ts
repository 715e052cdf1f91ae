import * as vscode from 'vscode';
import { registerTraces } from './backtrace/trace.ts';
import { registerCommands } from './commands.ts';
import { openSample, samplesOf } from './samples.ts';
import { type Server, startServer } from './server.ts';
import { readSettings } from './settings.ts';
import { StatusItem } from './status.ts';

/** Starts Kerntrail. Returns at once: nothing here waits for the server. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Kerntrail', { log: true });
  const status = new StatusItem();
  let server: Server | undefined;
  let traces: ReturnType<typeof registerTraces> | undefined;

  const follow = (): void => {
    const settings = readSettings();
    if (!settings.enable) {
      server?.dispose();
      server = undefined;
      status.hide();
    } else if (server) server.sendSettings(settings);
    else {
      status.starting();
      server = startServer(context, output, status, () => traces?.refresh());
    }
  };
  follow();
  traces = registerTraces({
    server: () => server,
    output,
    memory: context.workspaceState,
    samples: samplesOf(context.extensionUri),
  });

  context.subscriptions.push(
    output,
    status,
    { dispose: () => server?.dispose() },
    ...registerCommands({ server: () => server, status, output }),
    ...traces.disposables,
    vscode.commands.registerCommand('kerntrail.openSample', () => openSample(context)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('kerntrail')) follow();
    }),
  );
}
