import { beforeEach, expect, test, vi } from 'vitest';
import type * as code from 'vscode';
import type { TraceModel } from '../../../../client/src/backtrace/traceModel.ts';
import type { TraceNode } from '../../../../client/src/backtrace/traceNodes.ts';
import { newTraceView, VIEW } from '../../../../client/src/backtrace/traceView.ts';
import { bareItems, stackList } from '../../../../server/src/features/pasted/traceTree.ts';
import { newPastedText } from '../../../../server/src/trace/pastedText.ts';
import * as vscode from '../../support/vscode.ts';

const stack = (...names: string[]): string => `Call Trace:\n${names.map((n) => ` ${n}+0x1/0x10\n`).join('')}\n`;
/** Two stacks that part above what they share, and one of its own. */
const TEXT = stack('wait', 'lock', 'reader') + stack('wait', 'lock', 'writer') + stack('idle');

const update = vi.fn();

/** A view of a text, as VS Code asks it. */
function viewOf(text: string, merged = false) {
  const pasted = newPastedText(text);
  const changed = new vscode.EventEmitter<void>();
  const state = { list: stackList(pasted), partial: null as string | null, remark: null as string | null };
  const model = {
    onDidChange: changed.event,
    uri: () => ({ path: '/tmp/mail.txt' }),
    stacks: () => state.list,
    rows: async (n: number) => bareItems(pasted, n),
    remark: () => state.remark,
    partial: () => state.partial,
    version: () => 0,
  } as unknown as TraceModel;
  const view = newTraceView(model, {
    get: (key: string, other?: unknown) => (key === 'kerntrail.backtraceMerged' ? merged : other),
    update,
  } as unknown as code.Memento);
  const { mock } = vscode.window.createTreeView;
  const shown = mock.results[mock.results.length - 1].value;
  const [id, options] = mock.calls[mock.calls.length - 1];
  const provider = options.treeDataProvider as Required<code.TreeDataProvider<TraceNode>>;
  const fired = vi.fn();
  provider.onDidChangeTreeData(fired);
  const children = async (node?: TraceNode): Promise<TraceNode[]> => (await provider.getChildren(node)) ?? [];
  const itemOf = (node: TraceNode): code.TreeItem => provider.getTreeItem(node) as code.TreeItem;
  /** labels, with those below */
  const labels = async (node?: TraceNode): Promise<unknown[]> => {
    const all: unknown[] = [];
    for (const child of await children(node)) {
      const below = await labels(child);
      all.push(itemOf(child).label, ...(below.length ? [below] : []));
    }
    return all;
  };
  const tell = (): void => changed.fire();
  return { view, shown, id, provider, fired, children, itemOf, labels, state, tell };
}

beforeEach(() => vi.clearAllMocks());

test('stacks stand each for itself with their rows, or as one tree that parts where they do', async () => {
  const { id, shown, view, labels, fired } = viewOf(TEXT);
  expect([id, shown.description]).toEqual([VIEW, 'mail.txt']);
  expect(await labels()).toEqual([
    ...['wait … reader', ['#0 wait', '#1 lock', '#2 reader'], 'wait … writer', ['#0 wait', '#1 lock', '#2 writer']],
    ...['idle', ['#0 idle']],
  ]);
  view.setMerged(true);
  expect(fired).toHaveBeenCalledTimes(1);
  expect(update).toHaveBeenCalledWith('kerntrail.backtraceMerged', true);
  expect(await labels()).toEqual([
    ...['2 stacks: wait … lock', ['#0 wait', '#1 lock', 'from reader', ['#2 reader'], 'from writer', ['#2 writer']]],
    ...['idle', ['#0 idle']],
  ]);
});

test('a row shows its place when it is chosen, and knows what it stands below', async () => {
  const { children, itemOf, provider } = viewOf(TEXT);
  const [, second] = await children();
  const [, lock] = await children(second);
  expect(itemOf(lock).command).toMatchObject({
    command: 'kerntrail.backtrace.show',
    arguments: [{ stack: 1, row: 1 }],
  });
  expect(provider.getParent(lock)).toBe(second);
  expect((await children(second))[1]).toBe(lock);
});

test('the first of many stacks is open, and all of a few are', async () => {
  const open = async (text: string): Promise<unknown[]> => {
    const { children, itemOf } = viewOf(text);
    return (await children()).map((node) => itemOf(node).collapsibleState);
  };
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  expect(await open(stack('a') + stack('b') + stack('c'))).toEqual([Expanded, Expanded, Expanded]);
  expect(await open(stack('a') + stack('b') + stack('c') + stack('d'))).toEqual([
    Expanded,
    ...[Collapsed, Collapsed, Collapsed],
  ]);
});

test('a walk leaves the rows as they are; new stacks are new rows, and what is partial is said above them', async () => {
  const { children, itemOf, fired, state, tell, shown } = viewOf(TEXT);
  const [first] = await children();
  const { id } = itemOf(first);
  tell();
  expect(fired).not.toHaveBeenCalled();
  state.partial = 'Still indexing.';
  tell();
  expect([fired.mock.calls.length, shown.message]).toEqual([1, 'Still indexing.']);
  expect((await children())[0]).toBe(first);
  state.list = stackList(newPastedText(TEXT));
  tell();
  const [again] = await children();
  expect(again).not.toBe(first);
  expect(itemOf(again).id).not.toBe(id);
});

test('a row is selected where it stands in the tree, and only in a view that is open', async () => {
  const { view, shown, children } = viewOf(TEXT, true);
  shown.visible = false;
  await view.reveal({ stack: 1, row: 2 });
  expect(shown.reveal).not.toHaveBeenCalled();
  shown.visible = true;
  await view.reveal({ stack: 1, row: 2 });
  const [shared] = await children();
  const [writer] = await children((await children(shared))[3]);
  expect(shown.reveal).toHaveBeenCalledWith(writer, { select: true, focus: false });
});

test('a text without frames says so', () => {
  expect(viewOf('nothing here\n').shown.message).toBe('This text holds no frames.');
  expect(viewOf(TEXT).shown.message).toBeUndefined();
});

test('rows of a kind are left out when the reader says so, and that is kept', async () => {
  const { view, labels, fired } = viewOf('Call Trace:\n a+0x1/0x10\n ? b+0x1/0x10\n c+0x1/0x10\n');
  view.setHidden('unreliable', true);
  expect(fired).toHaveBeenCalledTimes(1);
  expect(await labels()).toEqual([expect.any(String), ['#0 a', '#2 c']]);
  expect(update).toHaveBeenCalledWith('kerntrail.backtraceHidden', { unreliable: true, inferred: false });
  expect(vscode.commands.executeCommand).toHaveBeenCalledWith(
    'setContext',
    'kerntrail.backtraceHidden.unreliable',
    true,
  );
  expect(view.hidden()).toEqual({ unreliable: true, inferred: false });
});

test('what holds for most rows of a stack is said once, above them', async () => {
  const { labels, state } = viewOf(stack('a', 'b'));
  state.remark = 'The trace is of another version.';
  expect(await labels()).toEqual(['a … b', ['The trace is of another version.', '#0 a', '#1 b']]);
});
