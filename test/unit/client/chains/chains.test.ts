import { beforeEach, expect, test, vi } from 'vitest';
import type * as code from 'vscode';
import { registerChains } from '../../../../client/src/chains/chains.ts';
import type { Row } from '../../../../client/src/chains/rows.ts';
import type { Server } from '../../../../client/src/server.ts';
import { CHAIN_NEXT, CHAIN_ROOTS, type ChainNextParams, FIND_PATH } from '../../../../server/src/lsp/protocol.ts';
import { chainNode, foundChain, stepTo } from '../../support/chainRows.ts';
import * as vscode from '../../support/vscode.ts';

vi.mock('vscode-languageclient/node', () => ({ ProgressType: class {} }));

const [top, one, two] = ['top', 'one', 'two'].map((name, n) => chainNode(name, 'fs/one/a.c', n + 1));
const memory = new Map<string, unknown>();
let roots: unknown = { roots: [{ node: top, how: '' }], of: null, message: null };
let found: unknown;
const sendRequest = vi.fn(async (method: string, params: unknown): Promise<unknown> => {
  if (method === CHAIN_ROOTS) return roots;
  if (method === FIND_PATH) return found;
  if (method !== CHAIN_NEXT) return null;
  const { node } = params as ChainNextParams;
  return { steps: [one, two].map((to) => stepTo(node, to)), folds: [], message: null };
});

function started() {
  const chains = registerChains({
    server: () =>
      ({ client: { start: async () => {}, sendRequest, onProgress: () => ({ dispose() {} }) } }) as unknown as Server,
    output: { warn: vi.fn() } as unknown as code.LogOutputChannel,
    memory: {
      get: (key: string, otherwise: unknown) => memory.get(key) ?? otherwise,
      update: async (key: string, value: unknown) => void memory.set(key, value),
    } as unknown as code.Memento,
  });
  const { mock } = vscode.window.createTreeView;
  const provider = mock.calls[mock.calls.length - 1][1].treeDataProvider as Required<code.TreeDataProvider<Row>>;
  const view = mock.results[mock.results.length - 1].value;
  const children = async (row?: Row): Promise<Row[]> => (await provider.getChildren(row)) ?? [];
  return { chains, children, view, itemOf: (row: Row) => provider.getTreeItem(row) as code.TreeItem };
}
const run = (name: string, ...args: unknown[]) => vscode.registered.get(`kerntrail.${name}`)?.(...args);
const AT = { uri: 'file:///k/a.c', position: { line: 1, character: 2 } };
const contextOf = (key: string): unknown =>
  vscode.commands.executeCommand.mock.calls.findLast(([name, k]) => name === 'setContext' && k === key)?.[2];

beforeEach(() => {
  vi.clearAllMocks();
  memory.clear();
  vscode.env.clipboard.text = '';
});

test('an exploration begins at the place of a link, or at the cursor, and gets the focus', async () => {
  const { children, view, itemOf } = started();
  await run('chains.targets', AT);
  expect(sendRequest).toHaveBeenCalledWith(CHAIN_ROOTS, AT);
  const [root] = await children();
  expect(view.reveal).toHaveBeenCalledWith(root, { select: true, focus: true, expand: 1 });
  expect([itemOf(root).label, contextOf('kerntrail.hasChains'), contextOf('kerntrail.chainsBack')]).toEqual([
    'top',
    true,
    true,
  ]);
  await run('chains.callers');
  expect(vscode.window.showInformationMessage).toHaveBeenLastCalledWith(expect.stringContaining('Put the cursor on'));
  const document = { uri: 'file:///k/b.c' };
  vscode.window.activeTextEditor = { document, selection: { active: { line: 4, character: 1 } } };
  await run('chains.callers');
  vscode.window.activeTextEditor = undefined;
  expect(sendRequest).toHaveBeenLastCalledWith(CHAIN_ROOTS, {
    uri: 'file:///k/b.c',
    position: { line: 4, character: 1 },
  });
  expect(await children()).toHaveLength(2);
});

test('a frame of a backtrace is explored by its name, that of its file where it has a place', async () => {
  started();
  const frame = (row: object) => ({
    kind: 'row',
    ref: { stack: 0, row: 0 },
    parent: null,
    row: { function: 'top', ...row },
  });
  await run('chains.callers', frame({ location: {}, where: 'mm/memory.c:12' }));
  expect(sendRequest).toHaveBeenCalledWith(CHAIN_ROOTS, { name: 'mm/memory.c:top' });
  await run('chains.targets', frame({ location: null, where: '' }));
  expect(sendRequest).toHaveBeenCalledWith(CHAIN_ROOTS, { name: 'top' });
});

test('where there is nothing, that is told', async () => {
  const { children } = started();
  const before = roots;
  roots = { roots: [], of: null, message: 'count is no function.' };
  await run('chains.targets', AT);
  roots = before;
  expect(vscode.window.showInformationMessage).toHaveBeenLastCalledWith('Kerntrail: count is no function.');
  expect(await children()).toEqual([]);
});

test('a row shows the call, and leaves the focus; its definition and all else by menu', async () => {
  const { children } = started();
  await run('chains.targets', AT);
  const [root] = await children();
  const [step] = await children(root);
  await run('chains.show', step.id);
  const [{ uri }, options] = vscode.window.showTextDocument.mock.lastCall ?? [{}];
  expect([uri, options.preserveFocus, options.selection.start.line]).toEqual(['file:///k/fs/one/a.c', true, 6]);
  await run('chains.definition', step);
  expect(vscode.window.showTextDocument.mock.lastCall?.[1].selection.start.line).toBe(1);
  await run('chains.callers', step);
  expect((await children()).map((r) => r.root.kind === 'explore' && r.root.direction)).toEqual(['callers', 'targets']);
});

test('pins are kept with the workspace, and are there again', async () => {
  const first = started();
  await run('chains.targets', AT);
  const [root] = await first.children();
  await run('chains.pin', root);
  await run('chains.clear');
  expect(memory.get('kerntrail.chains.pinned')).toMatchObject([{ kind: 'explore', pinned: true }]);
  const second = started();
  const [kept] = await second.children();
  expect(kept.root).toMatchObject({ pinned: true, stale: true });
  expect(contextOf('kerntrail.chainsBack')).toBe(false);
  await run('chains.unpin', kept);
  await run('chains.remove', (await second.children())[0]);
  expect([await second.children(), memory.get('kerntrail.chains.pinned')]).toEqual([[], []]);
});

test('a context is pinned from a row, and by its name', async () => {
  const { children } = started();
  await run('chains.targets', AT);
  const [step] = await children((await children())[0]);
  await run('chains.contextHere', step);
  expect((await children())[0].root).toMatchObject({ context: 'fs/one' });
  vscode.window.showInputBox.mockResolvedValueOnce(' ext4 ');
  await run('chains.context', step);
  expect((await children())[0].root).toMatchObject({ context: 'ext4' });
  await run('chains.clearContext', step);
  expect((await children())[0].root).toMatchObject({ context: '' });
});

test('the filter, and the way back', async () => {
  const { children } = started();
  await run('chains.targets', AT);
  vscode.window.showInputBox.mockResolvedValueOnce('two');
  await run('chains.filter');
  expect(contextOf('kerntrail.chainsFiltered')).toBe(true);
  const [root] = await children();
  expect((await children(root)).map((r) => r.kind)).toEqual(['step', 'note']);
  await run('chains.clearFilter');
  expect((await children(root)).map((r) => r.kind)).toEqual(['step', 'step']);
  await run('chains.back');
  expect([await children(), contextOf('kerntrail.chainsForward')]).toEqual([[], true]);
  await run('chains.forward');
  expect(await children()).toHaveLength(1);
});

test('a path is found between an end in the source and one that is typed; the keys walk it', async () => {
  const { children } = started();
  found = { chains: [foundChain(top, one, two)], message: null };
  vscode.window.createQuickPick.mockImplementationOnce(() => {
    const on: Record<string, () => unknown> = {};
    return {
      ...{ items: [], activeItems: [{ text: 'two' }], onDidChangeValue() {}, dispose() {} },
      onDidAccept: (l: () => unknown) => void Object.assign(on, { accept: l }),
      onDidHide: (l: () => unknown) => void Object.assign(on, { hide: l }),
      show: () => void on.accept(),
      hide: () => on.hide(),
    };
  });
  await run('chains.pathFrom', AT);
  expect(sendRequest.mock.lastCall?.[1]).toMatchObject({ from: 'fs/one/a.c:top', to: 'two' });
  expect(contextOf('kerntrail.walksChain')).toBe(true);
  const [search] = await children();
  expect(search.root).toMatchObject({ kind: 'search', busy: false, chains: { length: 1 } });
  const lines = async (name: string): Promise<number> => {
    await run(name);
    return vscode.window.showTextDocument.mock.lastCall?.[1].selection.start.line;
  };
  expect([await lines('chains.next'), await lines('chains.next'), await lines('chains.previous')]).toEqual([0, 6, 0]);
  await run('chains.previous');
  expect(vscode.window.setStatusBarMessage).toHaveBeenLastCalledWith('This is the first step of the path.', 6000);
});

test('without a path the walking keys say so', async () => {
  started();
  await run('chains.next');
  expect(vscode.window.showInformationMessage).toHaveBeenLastCalledWith(
    'Kerntrail: There is no path in view: find one first.',
  );
});

test('copies, and what is drawn', async () => {
  const { children } = started();
  await run('chains.targets', AT);
  const [root] = await children();
  await children(root);
  const copied = async (name: string): Promise<string> => {
    await run(name, root);
    return vscode.env.clipboard.text;
  };
  expect(await copied('chains.copyText')).toMatch(/^top {2}targets.*\n {2}one .*\n {2}two /);
  expect(await copied('chains.copyMarkdown')).toContain('- `one`');
  expect(await copied('chains.copyMermaid')).toContain('flowchart TD');
  expect(await copied('chains.copyDot')).toContain('digraph kerntrail');
  await run('chains.drawRow', root);
  expect(vscode.commands.executeCommand).toHaveBeenLastCalledWith('kerntrail.chains.draw', {
    ...{ title: 'top', nodes: [top, one, two], links: expect.any(Array), chosen: [] },
  });
});
