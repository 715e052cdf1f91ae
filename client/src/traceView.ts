import * as vscode from 'vscode';
import type { FrameItem, SharedRun } from '../../server/src/lsp/protocol.ts';
import type { RowRef, TraceModel } from './traceModel.ts';
import { emptyText, rowDescription, rowIcon, rowLabel, runTitle, stackDescription } from './traceRows.ts';

/** A row of the Backtrace view. */
export type TraceNode =
  | { kind: 'stack'; stack: number; parent: TraceNode | null }
  | { kind: 'run'; run: SharedRun; id: string; parent: TraceNode | null }
  | { kind: 'row'; ref: RowRef; row: FrameItem; parent: TraceNode | null; id: string };

export const VIEW = 'kerntrail.backtrace';
const MERGED = 'kerntrail.backtraceMerged';

/** The Backtrace view. */
export interface TraceView extends vscode.Disposable {
  /** shows stacks that share frames as one tree, or each for itself */
  setMerged(on: boolean): void;
  /** selects a row; the view is not opened for it */
  reveal(ref: RowRef): Promise<void>;
}

/** Makes the view. What it shows is asked for as it is opened. */
export function newTraceView(model: TraceModel, memory: vscode.Memento): TraceView {
  let merged = memory.get(MERGED, false);
  const changed = new vscode.EventEmitter<void>();
  /** nodes by place, so that one can be revealed */
  let nodes = new Map<string, TraceNode>();
  /** part of every id: a view keeps what was selected and folded by ids */
  let generation = 0;
  const keep = (key: string, node: TraceNode): TraceNode => {
    const known = nodes.get(key);
    if (known) return known;
    nodes.set(key, node);
    return node;
  };
  const stackNode = (stack: number, parent: TraceNode | null): TraceNode =>
    keep(`stack ${stack}`, { kind: 'stack', stack, parent });

  const rowNodes = async (
    stack: number,
    parent: TraceNode,
    wanted: ReadonlySet<number> | null,
  ): Promise<TraceNode[]> => {
    const rows = await model.rows(stack);
    return rows.flatMap((row, n) => {
      if (wanted && !wanted.has(row.frame)) return [];
      const id = `row ${stack} ${n}`;
      return [keep(id, { kind: 'row', ref: { stack, row: n }, row, parent, id })];
    });
  };
  /** Runs of one stack alone, at the top, are that stack as it is. */
  const runNode = (run: SharedRun, parent: TraceNode | null): TraceNode => {
    const [stack] = run.stacks;
    if (run.stacks.length === 1 && parent === null) return stackNode(stack, null);
    const id = `run ${run.stacks.join(' ')} ${run.frames[0]}`;
    return keep(id, { kind: 'run', run, id, parent });
  };
  const children = async (node: TraceNode | undefined): Promise<TraceNode[]> => {
    const list = model.stacks();
    if (!list) return [];
    if (!node) {
      if (merged) return list.merged.map((run) => runNode(run, null));
      return list.stacks.map((_, n) => stackNode(n, null));
    }
    if (node.kind === 'stack') return rowNodes(node.stack, node, null);
    if (node.kind === 'run')
      return [
        ...(await rowNodes(node.run.stacks[0], node, new Set(node.run.frames))),
        ...node.run.branches.map((b) => runNode(b, node)),
      ];
    return [];
  };

  const provider: vscode.TreeDataProvider<TraceNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: children,
    getParent: (node) => node.parent,
    getTreeItem: (node) => itemOf(model, node, generation),
  };
  const view = vscode.window.createTreeView(VIEW, { treeDataProvider: provider });
  const show = (): void => {
    const list = model.stacks();
    view.message = model.partial() ?? (list ? emptyText(list) : undefined);
    const uri = model.uri();
    view.description = uri ? (uri.path.split('/').pop() ?? '') : '';
    void vscode.commands.executeCommand('setContext', MERGED, merged);
  };
  let shown = model.stacks();
  let version = model.version();
  let partial = model.partial();
  const listener = model.onDidChange(() => {
    show();
    // a walk selects rows; the rows themselves stay
    const isSame = shown === model.stacks() && partial === model.partial() && version === model.version();
    if (isSame) return;
    if (shown !== model.stacks()) {
      nodes = new Map();
      generation++;
    }
    if (version !== model.version()) for (const [key, { kind }] of nodes) if (kind === 'row') nodes.delete(key);
    shown = model.stacks();
    version = model.version();
    partial = model.partial();
    changed.fire();
  });
  show();

  return {
    setMerged(on) {
      merged = on;
      void memory.update(MERGED, on);
      nodes = new Map();
      show();
      changed.fire();
    },
    async reveal({ stack, row }) {
      if (!view.visible) return;
      const node = await rowNode(await children(undefined), { stack, row }, children);
      if (node) await view.reveal(node, { select: true, focus: false });
    },
    dispose() {
      for (const d of [view, listener, changed]) d.dispose();
    },
  };
}

/** The node of a row, among some nodes or below them; null where the view has none. */
async function rowNode(
  level: readonly TraceNode[],
  wanted: RowRef,
  children: (node: TraceNode) => Promise<TraceNode[]>,
): Promise<TraceNode | null> {
  for (const node of level) {
    if (node.kind === 'row') {
      if (node.ref.stack === wanted.stack && node.ref.row === wanted.row) return node;
      continue;
    }
    const holdsStack = node.kind === 'stack' ? node.stack === wanted.stack : node.run.stacks.includes(wanted.stack);
    const found = holdsStack ? await rowNode(await children(node), wanted, children) : null;
    if (found) return found;
  }
  return null;
}

function itemOf(model: TraceModel, node: TraceNode, generation: number): vscode.TreeItem {
  if (node.kind === 'row') return rowItem(node, generation);
  return node.kind === 'run' ? runItem(node, generation) : stackItem(model, node, generation);
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

function rowItem(node: TraceNode & { kind: 'row' }, generation: number): vscode.TreeItem {
  const { row } = node;
  const item = new vscode.TreeItem(row.function, None);
  item.id = `${generation} ${node.id}`;
  item.description = rowDescription(row);
  item.iconPath = new vscode.ThemeIcon(rowIcon(row));
  item.tooltip = rowLabel(row);
  item.accessibilityInformation = { label: rowLabel(row) };
  item.contextValue = 'frame';
  item.command = { command: 'kerntrail.backtrace.show', title: 'Show', arguments: [node.ref] };
  return item;
}

function runItem(node: TraceNode & { kind: 'run' }, generation: number): vscode.TreeItem {
  const shared = node.run.stacks.length > 1;
  const item = new vscode.TreeItem(runTitle(node.run), Expanded);
  item.id = `${generation} ${node.id}`;
  item.description = `${node.run.frames.length} ${shared ? 'shared ' : ''}${node.run.frames.length === 1 ? 'frame' : 'frames'}`;
  item.iconPath = new vscode.ThemeIcon(shared ? 'git-merge' : 'git-branch');
  item.contextValue = 'stack';
  return item;
}

function stackItem(model: TraceModel, node: TraceNode & { kind: 'stack' }, generation: number): vscode.TreeItem {
  const stack = model.stacks()?.stacks[node.stack];
  const open = node.stack === 0 || (model.stacks()?.stacks.length ?? 0) < 4;
  const item = new vscode.TreeItem(stack?.title ?? '', open ? Expanded : Collapsed);
  item.id = `${generation} stack ${node.stack}`;
  item.description = stack ? stackDescription(stack) : '';
  item.tooltip = [stack?.title, item.description].filter(Boolean).join('\n');
  item.iconPath = new vscode.ThemeIcon('layers');
  item.contextValue = 'stack';
  return item;
}
