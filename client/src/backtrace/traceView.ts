import * as vscode from 'vscode';
import type { FrameItem } from '../../../server/src/lsp/protocol.ts';
import type { RowRef, TraceModel } from './traceModel.ts';
import { newTraceNodes, rowNode, type TraceNode } from './traceNodes.ts';
import {
  emptyText,
  type Hidden,
  rowDescription,
  rowIcon,
  rowLabel,
  rowName,
  rowRemarks,
  runTitle,
  stackDescription,
} from './traceRows.ts';

export const VIEW = 'kerntrail.backtrace';
const MERGED = 'kerntrail.backtraceMerged';
const HIDDEN = 'kerntrail.backtraceHidden';

/** The Backtrace view. */
export interface TraceView extends vscode.Disposable {
  /** shows stacks that share frames as one tree, or each for itself */
  setMerged(on: boolean): void;
  /** leaves rows of a kind out, or shows them again */
  setHidden(kind: keyof Hidden, on: boolean): void;
  hidden(): Hidden;
  /** selects a row; the view is not opened for it */
  reveal(ref: RowRef): Promise<void>;
}

/** Makes the view. What it shows is asked for as it is opened. */
export function newTraceView(model: TraceModel, memory: vscode.Memento): TraceView {
  let merged = memory.get(MERGED, false);
  let hidden = { unreliable: false, inferred: false, ...memory.get<Partial<Hidden>>(HIDDEN) };
  const changed = new vscode.EventEmitter<void>();
  /** part of every id: a view keeps what was selected and folded by ids */
  let generation = 0;
  const nodes = newTraceNodes(model, () => ({ merged, hidden }));

  const provider: vscode.TreeDataProvider<TraceNode> = {
    onDidChangeTreeData: changed.event,
    getChildren: nodes.children,
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
    void vscode.commands.executeCommand('setContext', `${HIDDEN}.unreliable`, hidden.unreliable);
    void vscode.commands.executeCommand('setContext', `${HIDDEN}.inferred`, hidden.inferred);
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
      nodes.forget('all');
      generation++;
    }
    if (version !== model.version()) nodes.forget('rows');
    shown = model.stacks();
    version = model.version();
    partial = model.partial();
    changed.fire();
  });
  show();
  const redraw = (): void => {
    nodes.forget('all');
    show();
    changed.fire();
  };

  return {
    setMerged(on) {
      merged = on;
      void memory.update(MERGED, on);
      redraw();
    },
    setHidden(kind, on) {
      hidden = { ...hidden, [kind]: on };
      void memory.update(HIDDEN, hidden);
      redraw();
    },
    hidden: () => hidden,
    async reveal({ stack, row }) {
      if (!view.visible) return;
      const node = await rowNode(await nodes.children(undefined), { stack, row }, nodes.children);
      if (node) await view.reveal(node, { select: true, focus: false });
    },
    dispose() {
      for (const d of [view, listener, changed]) d.dispose();
    },
  };
}

function itemOf(model: TraceModel, node: TraceNode, generation: number): vscode.TreeItem {
  if (node.kind === 'row') return rowItem(node, generation);
  if (node.kind === 'remark') return remarkItem(node, generation);
  return node.kind === 'run' ? runItem(node, generation) : stackItem(model, node, generation);
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

function rowItem(node: TraceNode & { kind: 'row' }, generation: number): vscode.TreeItem {
  const { row } = node;
  const item = new vscode.TreeItem(rowName(row), None);
  item.id = `${generation} ${node.id}`;
  item.description = rowDescription(row);
  item.iconPath = new vscode.ThemeIcon(rowIcon(row));
  item.tooltip = rowTooltip(row);
  item.accessibilityInformation = { label: rowLabel(row) };
  item.contextValue = 'frame';
  item.command = { command: 'kerntrail.backtrace.show', title: 'Show', arguments: [node.ref] };
  return item;
}

/** The line itself, and all that the row has no room for. What comes from the tree and the trace goes in as plain text. */
function rowTooltip(row: FrameItem): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.appendText([row.function, row.where].filter(Boolean).join(' · '));
  if (row.source) text.appendCodeblock(row.source, 'c');
  for (const remark of rowRemarks(row)) text.appendMarkdown('\n\n').appendText(remark);
  return text;
}

function remarkItem({ stack, text }: TraceNode & { kind: 'remark' }, generation: number): vscode.TreeItem {
  const item = new vscode.TreeItem(text, None);
  item.id = `${generation} remark ${stack}`;
  item.tooltip = text;
  item.iconPath = new vscode.ThemeIcon('info');
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
