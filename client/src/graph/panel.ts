/** The graph tab: a webview that draws, and what it asks the server through the extension. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import {
  CHAIN_NEXT,
  CHAIN_PICTURE,
  type ChainNext,
  type ChainNextParams,
  type PictureResult,
  type PlainLocation,
} from '../../../server/src/lsp/protocol.ts';
import type { Server } from '../server.ts';
import type { Chart } from './chart.ts';
import { pageHtml } from './html.ts';
import { type Format, type FromPage, fromPage, type PageCommand, type ToPage } from './messages.ts';

/** Type of the webview, by which a reload of the window finds its tabs again. */
const GRAPH = 'kerntrail.graph';

/** What tabs work on. */
export interface GraphContext {
  server: () => Server | undefined;
  output: vscode.LogOutputChannel;
  extensionUri: vscode.Uri;
}

/** All graph tabs of a window. */
export interface Graphs extends vscode.Disposable {
  /** Draws a chart in a new tab, beside the source that is open. */
  draw(chart: Chart): void;
  /** Has the tab that is in front do something; false where none is. */
  command(what: PageCommand): boolean;
}

const ENDINGS: Readonly<Record<Format, string>> = { svg: 'svg', png: 'png', mermaid: 'mmd', dot: 'dot' };

/** Opens tabs, and those of the last time as the window is loaded again. */
export function newGraphs(context: GraphContext): Graphs {
  const panels = new Set<vscode.WebviewPanel>();
  const attach = (panel: vscode.WebviewPanel, chart: Chart | null): void => {
    panels.add(panel);
    const icon = (theme: string): vscode.Uri =>
      vscode.Uri.joinPath(context.extensionUri, 'media', `graph-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    panel.onDidDispose(() => panels.delete(panel));
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: rootsOf(context) };
    webview.onDidReceiveMessage((message: unknown) => {
      const found = fromPage(message);
      if (found?.kind === 'ready') {
        if (!found.has && chart) void webview.postMessage({ kind: 'chart', chart } satisfies ToPage);
      } else if (found) void answer(context, panel, found);
    });
    webview.html = pageHtml({
      source: webview.cspSource,
      style: String(webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, 'media', 'graph.css'))),
      script: String(webview.asWebviewUri(vscode.Uri.joinPath(context.extensionUri, 'dist', 'graph.js'))),
      nonce: randomBytes(16).toString('base64'),
    });
  };
  const serializer = vscode.window.registerWebviewPanelSerializer(GRAPH, {
    deserializeWebviewPanel(panel) {
      // the page has kept what it showed
      attach(panel, null);
      return Promise.resolve();
    },
  });
  return {
    draw(chart) {
      const panel = vscode.window.createWebviewPanel(
        GRAPH,
        chart.title,
        { viewColumn: vscode.ViewColumn.Active },
        { enableScripts: true, localResourceRoots: rootsOf(context) },
      );
      attach(panel, chart);
    },
    command(what) {
      const panel = [...panels].find(({ active }) => active);
      if (!panel) return false;
      void panel.webview.postMessage({ kind: 'do', what } satisfies ToPage);
      return true;
    },
    dispose() {
      serializer.dispose();
      for (const panel of panels) panel.dispose();
    },
  };
}

const rootsOf = ({ extensionUri }: GraphContext): vscode.Uri[] =>
  ['media', 'dist'].map((folder) => vscode.Uri.joinPath(extensionUri, folder));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Does what a page asks for; what goes wrong is told in words, in the page where it waits for an answer. */
async function answer(context: GraphContext, panel: vscode.WebviewPanel, message: FromPage): Promise<void> {
  const post = (to: ToPage): void => void panel.webview.postMessage(to);
  try {
    switch (message.kind) {
      case 'lay':
        post({
          kind: 'picture',
          id: message.id,
          result: await ask<PictureResult>(context, CHAIN_PICTURE, message.picture),
        });
        break;
      case 'expand':
        post({ kind: 'steps', id: message.id, ...(await stepsOn(context, message)) });
        break;
      case 'open':
        await open(message.location, panel, message.beside);
        break;
      case 'save':
        await save(message.format, message.title, message.text);
        break;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        vscode.window.setStatusBarMessage(`Copied ${message.text}`, 3000);
        break;
      case 'explore':
        await vscode.commands.executeCommand('kerntrail.chains.callers', {
          uri: message.node.location.uri,
          position: message.node.location.range.start,
        });
        break;
      case 'fault':
        throw new Error(message.message);
    }
  } catch (error) {
    context.output.warn(`graph: ${messageOf(error)}`);
    if (message.kind === 'lay')
      post({
        kind: 'picture',
        id: message.id,
        result: { width: 0, height: 0, boxes: [], rooms: [], lines: [], message: messageOf(error) },
      });
    else if (message.kind === 'expand') post({ kind: 'steps', id: message.id, ...NO_STEPS, message: messageOf(error) });
    else void vscode.window.showErrorMessage(`Kerntrail: ${messageOf(error)}`);
  }
}

type Steps = Omit<Extract<ToPage, { kind: 'steps' }>, 'kind' | 'id'>;

const NO_STEPS: Steps = { nodes: [], links: [], folds: [], message: null };
/** Steps that are asked for at once: what a fold of the page opens into. */
const ENOUGH = 60;

/** The steps on from a node; of a long list its beginning, or the parts that are named, as far as anybody reads at once. */
async function stepsOn(
  context: GraphContext,
  { node, side, folds }: Extract<FromPage, { kind: 'expand' }>,
): Promise<Steps> {
  const found: Steps = { ...NO_STEPS, nodes: [], links: [], folds: folds?.slice() ?? [] };
  do {
    const part = found.folds.shift();
    const params: ChainNextParams = {
      ...{ node, direction: side },
      ...(part ? { within: part.within, ...(part.outside ? { outside: true } : {}) } : {}),
    };
    const { steps, folds: inner, message } = await ask<ChainNext>(context, CHAIN_NEXT, params);
    found.nodes.push(...steps.map((step) => step.node));
    found.links.push(...steps.map((step) => step.link));
    found.folds.unshift(...(inner ?? []));
    found.message ??= message;
  } while (folds && found.folds.length > 0 && found.nodes.length < ENOUGH);
  return found;
}

async function ask<R>({ server }: GraphContext, method: string, params: unknown): Promise<R> {
  const client = server()?.client;
  if (!client) throw new Error("Kerntrail's language server is not running.");
  // after a reload of the window a tab may be there before the server is
  await client.start();
  return client.sendRequest<R>(method, params);
}

/** Opens a place beside the graph: in another column that is there, or in a new one. */
async function open({ uri, range }: PlainLocation, panel: vscode.WebviewPanel, beside: boolean): Promise<void> {
  const { line, character } = range.start;
  const at = new vscode.Position(line, character);
  const other = vscode.window.tabGroups.all.find((group) => group.viewColumn !== panel.viewColumn);
  await vscode.window.showTextDocument(vscode.Uri.parse(uri, true), {
    selection: new vscode.Range(at, at),
    viewColumn: other?.viewColumn ?? vscode.ViewColumn.Beside,
    preview: !beside,
    preserveFocus: beside,
  });
}

/** A file's name of a title: letters and digits of any language, and what stands between them. */
const fileName = (title: string): string =>
  title.replace(/[^\p{L}\p{N}._-]+/gu, '-').replace(/^-+|-+$/g, '') || 'graph';

async function save(format: Format, title: string, text: string): Promise<void> {
  const name = `${fileName(title)}.${ENDINGS[format]}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const uri = await vscode.window.showSaveDialog({
    defaultUri: folder ? vscode.Uri.joinPath(folder, name) : vscode.Uri.file(name),
    filters: { [format.toUpperCase()]: [ENDINGS[format]] },
  });
  if (!uri) return;
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text, format === 'png' ? 'base64' : 'utf8'));
  vscode.window.setStatusBarMessage(`Saved ${uri.path.split('/').pop()}`, 4000);
}
