import * as vscode from 'vscode';
import { askServer } from './ask.ts';
import { registerTraces } from './backtrace/trace.ts';
import { registerChains } from './chains/chains.ts';
import { exploreLinks } from './chains/links.ts';
import { registerCommands } from './commands.ts';
import { registerGraphs } from './graph/commands.ts';
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
  let chains: ReturnType<typeof registerChains> | undefined;

  const links = exploreLinks((method, params, token) =>
    askServer(server, method, params, (message) => output.warn(message), token),
  );
  const follow = (): void => {
    const settings = readSettings();
    if (!settings.enable) {
      server?.dispose();
      server = undefined;
      status.hide();
    } else if (server) server.sendSettings(settings);
    else {
      status.starting();
      const indexed = (): void => {
        traces?.refresh();
        chains?.refresh();
      };
      server = startServer(context, output, status, indexed, links);
    }
  };
  follow();
  chains = registerChains({ server: () => server, output, memory: context.workspaceState });
  traces = registerTraces({
    server: () => server,
    output,
    memory: context.workspaceState,
    samples: samplesOf(context.extensionUri),
    walks: chains.unwalk,
  });

  context.subscriptions.push(
    output,
    status,
    { dispose: () => server?.dispose() },
    ...registerCommands({ server: () => server, status, output }),
    ...traces.disposables,
    ...chains.disposables,
    ...registerGraphs({ server: () => server, output, extensionUri: context.extensionUri }),
    vscode.commands.registerCommand('kerntrail.openSample', () => openSample(context)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('kerntrail')) follow();
    }),
  );
}
