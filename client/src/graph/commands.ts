/** Commands that draw graphs: chains that a view hands over, ready-made maps, the stacks of a trace. */
import * as vscode from 'vscode';
import {
  CHAIN_MAP,
  CHAIN_TRACE,
  type ChainChart,
  type ChainMapParams,
  type ChainTraceParams,
  MAPS,
} from '../../../server/src/lsp/protocol.ts';
import type { Chart } from './chart.ts';
import { type GraphContext, newGraphs } from './panel.ts';

/** Registers the graph tab and its commands. */
export function registerGraphs(context: GraphContext): vscode.Disposable[] {
  const graphs = newGraphs(context);
  const command = vscode.commands.registerCommand;
  const draw = (chart: ChainChart | null): void => {
    if (!chart) return;
    if (chart.message !== null) void vscode.window.showInformationMessage(chart.message);
    if (chart.nodes.length > 0) graphs.draw(chart);
  };
  const map = async (id: string): Promise<void> => {
    const params: ChainMapParams = { map: id };
    draw(await ask(context, CHAIN_MAP, params, `drawing the map of ${titleOf(id)}`));
  };
  return [
    graphs,
    command('kerntrail.chains.draw', (chart: Chart) => graphs.draw(chart)),
    command('kerntrail.map.fault', () => map('fault')),
    command('kerntrail.map', async () => {
      const picked = await vscode.window.showQuickPick(
        MAPS.map(({ id, title, goals }) => ({ id, label: title, description: `to ${goals[0].what}` })),
        { title: 'Draw a Map', placeHolder: 'Which way through the kernel?', matchOnDescription: true },
      );
      if (picked) await map(picked.id);
    }),
    command('kerntrail.graph.drawTrace', async (uri: string | undefined, stacks?: number[]) => {
      if (!uri) {
        void vscode.window.showInformationMessage('There is no backtrace in view.');
        return;
      }
      const params: ChainTraceParams = { uri, ...(stacks ? { stacks } : {}) };
      draw(await ask(context, CHAIN_TRACE, params, 'drawing the stacks'));
    }),
    command('kerntrail.graph.search', () => graphs.command('search')),
    command('kerntrail.graph.fit', () => graphs.command('fit')),
    command('kerntrail.graph.tidy', () => graphs.command('tidy')),
    command('kerntrail.graph.save', () => graphs.command('export')),
  ];
}

const titleOf = (id: string): string => MAPS.find((plan) => plan.id === id)?.title ?? id;

/** Asks the server for a chart, with its progress; null where it was cancelled or failed, which is told. */
async function ask(
  { server, output }: GraphContext,
  method: string,
  params: ChainMapParams | ChainTraceParams,
  title: string,
): Promise<ChainChart | null> {
  const client = server()?.client;
  if (!client) {
    void vscode.window.showWarningMessage(
      "Kerntrail's language server is not running. See the output channel Kerntrail, and the setting kerntrail.enable.",
    );
    return null;
  }
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Kerntrail: ${title}`, cancellable: true },
    async (_, token) => {
      try {
        await client.start();
        return await client.sendRequest<ChainChart>(method, params, token);
      } catch (error) {
        if (token.isCancellationRequested) return null;
        const reason = error instanceof Error ? error.message : String(error);
        output.warn(`${method}: ${reason}`);
        void vscode.window.showErrorMessage(`Kerntrail: ${reason}`);
        return null;
      }
    },
  );
}
