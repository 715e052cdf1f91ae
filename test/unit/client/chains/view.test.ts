import { beforeEach, expect, test, vi } from 'vitest';
import type * as code from 'vscode';
import { addRoot, changeRoot, newChainsModel, setFilter } from '../../../../client/src/chains/model.ts';
import type { Row } from '../../../../client/src/chains/rows.ts';
import { newChainsView, SHOW, VIEW } from '../../../../client/src/chains/view.ts';
import { CHAIN_NEXT, CHAIN_WHY, type ChainNextParams } from '../../../../server/src/lsp/protocol.ts';
import { chainNode, exploreRoot, foundChain, searchRoot, stepTo } from '../../support/chainRows.ts';
import * as vscode from '../../support/vscode.ts';

beforeEach(() => vi.clearAllMocks());

const top = chainNode('top', 'mm/m.c', 3);
const slot = chainNode('->run');

function made() {
  const ask = vi.fn(async (method: string, params: unknown): Promise<unknown> => {
    if (method === CHAIN_WHY) return ['a_ops · fs/a.c:4', '\t.run = <b>a_run</b>,'];
    const { node } = params as ChainNextParams;
    const steps = [stepTo(node, slot, { kind: 'dispatch', evidence: 'typed', how: '2 functions' })];
    return method === CHAIN_NEXT ? { steps: node === top ? steps : [], folds: [], message: null } : null;
  });
  const model = newChainsModel({ ask: ask as never, changed() {} });
  const view = newChainsView(model);
  const { mock } = vscode.window.createTreeView;
  const [id, options] = mock.calls[mock.calls.length - 1];
  const provider = options.treeDataProvider as Required<code.TreeDataProvider<Row>>;
  const shown = mock.results[mock.results.length - 1].value;
  const children = async (row?: Row): Promise<Row[]> => (await provider.getChildren(row)) ?? [];
  const itemOf = (row: Row): code.TreeItem => provider.getTreeItem(row) as code.TreeItem;
  return { ask, model, view, id, provider, shown, children, itemOf };
}
const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

test('a root is open, its steps are closed; each has an id, words for a screen reader, and shows its place', async () => {
  const { model, id, children, itemOf, provider } = made();
  addRoot(model, exploreRoot(top));
  const [root] = await children();
  expect([id, itemOf(root)]).toMatchObject([VIEW, { label: 'top', collapsibleState: Expanded, contextValue: /^root/ }]);
  const [step] = await children(root);
  const item = itemOf(step);
  expect(item).toMatchObject({
    ...{ label: '->run', description: '2 functions · ops · m.c:7', collapsibleState: Collapsed, id: step.id },
    accessibilityInformation: { label: expect.stringContaining('slot, of struct ops') },
    command: { command: SHOW, arguments: [step.id] },
  });
  expect(provider.getParent(step)).toBe(root);
});

test('a tooltip tells what the server knows, which is asked for when it is looked at', async () => {
  const { model, ask, children, itemOf, provider } = made();
  addRoot(model, exploreRoot(top));
  const [step] = await children((await children())[0]);
  const item = itemOf(step);
  expect(ask.mock.calls.map(([method]) => method)).toEqual([CHAIN_NEXT]);
  const token = { isCancellationRequested: false } as code.CancellationToken;
  const { tooltip } = (await provider.resolveTreeItem(item, step, token)) as { tooltip: code.MarkdownString };
  expect(ask).toHaveBeenLastCalledWith(CHAIN_WHY, expect.objectContaining({ from: top, to: slot }));
  expect(tooltip.value).toContain('```c\n.run = <b>a_run</b>,\n```');
});

test('a pinned root, and one of another session', async () => {
  const { model, children, itemOf } = made();
  const row = addRoot(model, exploreRoot(top, { stale: true }));
  changeRoot(model, row.root.id, (root) => ({ ...root, pinned: true }), false);
  const [root] = await children();
  expect(itemOf(root)).toMatchObject({
    ...{ collapsibleState: Collapsed, iconPath: { id: 'pinned' }, contextValue: expect.stringContaining('pinned') },
  });
});

test('a search shows its chains, the first open, whose steps open into nothing', async () => {
  const { model, children, itemOf } = made();
  addRoot(model, searchRoot([foundChain(top, slot), foundChain(top)]));
  const [root] = await children();
  const [first, second] = await children(root);
  expect([first, second].map((r) => itemOf(r).collapsibleState)).toEqual([Expanded, Collapsed]);
  expect(itemOf((await children(first))[1]).collapsibleState).toBe(None);
});

test('the filter is told beside the title; a row is revealed with what is below it', async () => {
  const { model, view, shown, children } = made();
  const row = addRoot(model, exploreRoot(top));
  setFilter(model, { text: 'x', words: ['x'], folders: [], evidence: [], without: [] });
  view.refresh();
  expect(shown.description).toBe('filter: x');
  await view.reveal(row, true);
  expect(shown.reveal).toHaveBeenCalledWith(row, { select: true, focus: true, expand: 1 });
  expect((await children(row)).map((r) => r.kind)).toEqual(['note']);
});
