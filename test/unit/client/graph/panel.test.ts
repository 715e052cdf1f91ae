import { beforeEach, expect, test, vi } from 'vitest';
import * as vscode from 'vscode';
import type { FromPage, ToPage } from '../../../../client/src/graph/messages.ts';
import { newGraphs } from '../../../../client/src/graph/panel.ts';
import { CHAIN_NEXT, CHAIN_PICTURE } from '../../../../server/src/lsp/protocol.ts';
import { chainNodeNamed, chartOf, linkNamed } from '../../support/chart.ts';

interface FakePanel {
  active: boolean;
  viewColumn: number;
  webview: { html: string; sent: ToPage[]; receive(message: unknown): void };
}

let panels: FakePanel[];
const sendRequest = vi.fn();
const warn = vi.fn();

function newPanel(): FakePanel & Record<string, unknown> {
  const sent: ToPage[] = [];
  let listener: (message: unknown) => void = () => {};
  const webview = {
    ...{ html: '', options: {}, sent, cspSource: 'vscode:' },
    asWebviewUri: (uri: string) => `webview:${uri}`,
    postMessage: (message: ToPage) => sent.push(message),
    onDidReceiveMessage: (to: typeof listener) => {
      listener = to;
    },
    receive: (message: unknown) => listener(message),
  };
  const panel = { active: true, viewColumn: 1, webview, onDidDispose: vi.fn(), dispose: vi.fn() };
  panels.push(panel);
  return panel;
}

let restored: (panel: unknown) => Promise<void>;

beforeEach(() => {
  panels = [];
  sendRequest.mockReset();
  Object.assign(vscode.window, {
    createWebviewPanel: vi.fn(newPanel),
    registerWebviewPanelSerializer: vi.fn((_: string, { deserializeWebviewPanel }) => {
      restored = deserializeWebviewPanel;
      return { dispose() {} };
    }),
    tabGroups: { all: [{ viewColumn: 1 }, { viewColumn: 2 }] },
  });
  Object.assign(vscode, { ViewColumn: { Active: -1, Beside: -2 } });
  Object.assign(vscode.Uri, { joinPath: (base: string, ...parts: string[]) => [base, ...parts].join('/') });
});

const graphs = () =>
  newGraphs({
    server: () => ({ client: { start: async () => {}, sendRequest } }) as never,
    output: { warn } as never,
    extensionUri: '/ext' as never,
  });

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
const tell = async ({ webview }: FakePanel, message: FromPage): Promise<void> => {
  webview.receive(message);
  await settle();
};

test('a page gets its chart once it is ready; one that has kept its own gets none', async () => {
  const all = graphs();
  const chart = chartOf(['a b']);
  all.draw(chart);
  expect(panels[0].webview.html).toContain('src="webview:/ext/dist/graph.js"');
  await tell(panels[0], { kind: 'ready', has: false });
  expect(panels[0].webview.sent).toEqual([{ kind: 'chart', chart }]);
  await restored(newPanel());
  await tell(panels[1], { kind: 'ready', has: true });
  expect(panels[1].webview.sent).toEqual([]);
});

test('what a page asks is asked of the server, and answered by its number', async () => {
  graphs().draw(chartOf(['a b']));
  const [panel] = panels;
  const picture = { boxes: [], lines: [] };
  sendRequest.mockResolvedValueOnce({ boxes: [] });
  await tell(panel, { kind: 'lay', id: 7, picture });
  expect(sendRequest).toHaveBeenCalledWith(CHAIN_PICTURE, picture);
  expect(panel.webview.sent).toEqual([{ kind: 'picture', id: 7, result: { boxes: [] } }]);
  const step = { node: chainNodeNamed('c'), link: linkNamed('c', 'a') };
  sendRequest.mockResolvedValueOnce({ steps: [step], folds: [{ within: 'fs/', count: 3 }], message: null });
  await tell(panel, { kind: 'expand', id: 8, node: chainNodeNamed('a'), side: 'callers' });
  expect(sendRequest).toHaveBeenLastCalledWith(CHAIN_NEXT, { node: chainNodeNamed('a'), direction: 'callers' });
  expect(panel.webview.sent[1]).toEqual({
    kind: 'steps',
    id: 8,
    nodes: [step.node],
    links: [step.link],
    folds: [{ within: 'fs/', count: 3 }],
    message: null,
  });
});

test('parts of a long list are asked for one after the other, as far as anybody reads', async () => {
  graphs().draw(chartOf(['a b']));
  const steps = Array.from({ length: 40 }, (_, n) => ({
    node: chainNodeNamed(`f${n}`),
    link: linkNamed('a', `f${n}`),
  }));
  sendRequest.mockResolvedValue({ steps, folds: [], message: null });
  const folds = ['drivers/', 'fs/', 'net/'].map((within) => ({ within, count: 40 }));
  await tell(panels[0], { kind: 'expand', id: 9, node: chainNodeNamed('a'), side: 'targets', folds });
  expect(sendRequest.mock.calls.map(([, params]) => params.within)).toEqual(['drivers/', 'fs/']);
  expect(panels[0].webview.sent).toMatchObject([{ id: 9, folds: [{ within: 'net/', count: 40 }] }]);
});

test('what fails is told where somebody waits for it', async () => {
  graphs().draw(chartOf(['a b']));
  sendRequest.mockRejectedValueOnce(new Error('no such method'));
  await tell(panels[0], { kind: 'expand', id: 1, node: chainNodeNamed('a'), side: 'targets' });
  expect(panels[0].webview.sent).toMatchObject([{ id: 1, nodes: [], message: 'no such method' }]);
  expect(warn).toHaveBeenCalledWith('graph: no such method');
});

test('a place opens beside the graph; what is no message of ours is left alone', async () => {
  graphs().draw(chartOf(['a b']));
  const { location } = chainNodeNamed('a');
  await tell(panels[0], { kind: 'open', location, beside: false });
  expect(vscode.window.showTextDocument).toHaveBeenCalledWith(location.uri, expect.objectContaining({ viewColumn: 2 }));
  panels[0].webview.receive({ kind: 'eval', text: 'x' });
  panels[0].webview.receive('nothing');
  await settle();
  expect(panels[0].webview.sent).toEqual([]);
});

test('a command of the palette goes to the tab in front', () => {
  const all = graphs();
  expect(all.command('fit')).toBe(false);
  all.draw(chartOf(['a b']));
  expect(all.command('fit')).toBe(true);
  expect(panels[0].webview.sent).toEqual([{ kind: 'do', what: 'fit' }]);
});
