/** The Chains view: its rows as VS Code draws them. All that they hold is in model.ts. */
import * as vscode from 'vscode';
import { CHAIN_WHY, type ChainWhyParams } from '../../../server/src/lsp/protocol.ts';
import { type ChainsModel, childrenOf, keptOf, rootOf } from './model.ts';
import { nodeOfRow, otherEnd, type Row, type StepRow } from './rows.ts';
import { escaped } from './text.ts';
import {
  evidenceText,
  groupWords,
  pathWords,
  rootIcon,
  rootWords,
  rowContext,
  stepDescription,
  stepIcon,
  stepLabel,
} from './words.ts';

export const VIEW = 'kerntrail.chains';
/** What a click on a row does. */
export const SHOW = 'kerntrail.chains.show';

/** The view, and how it is told of changes. */
export interface ChainsView extends vscode.Disposable {
  /** rows have changed */
  refresh(): void;
  /** selects a row, and opens it; the view gets the focus where that is told */
  reveal(row: Row, focus: boolean): Promise<void>;
  /** the row that menus and keys mean where they name none */
  selected(): Row | undefined;
  visible(): boolean;
}

/** Makes the view. What it shows is asked for as rows are opened. */
export function newChainsView(model: ChainsModel): ChainsView {
  const changed = new vscode.EventEmitter<void>();
  const provider: vscode.TreeDataProvider<Row> = {
    onDidChangeTreeData: changed.event,
    getChildren: (row) => childrenOf(model, row),
    getParent: (row) => row.parent,
    getTreeItem: (row) => itemOf(model, row),
    async resolveTreeItem(item, row, token) {
      if (row.kind === 'step') item.tooltip = await tooltipOf(model, row, token);
      return item;
    },
  };
  const view = vscode.window.createTreeView(VIEW, { treeDataProvider: provider, showCollapseAll: true });
  const listeners = [
    view.onDidExpandElement(({ element }) => model.open.add(element.id)),
    view.onDidCollapseElement(({ element }) => model.open.delete(element.id)),
  ];
  const describe = (): void => {
    view.description = model.filter ? `filter: ${model.filter.text}` : '';
  };
  return {
    refresh() {
      describe();
      changed.fire();
    },
    async reveal(row, focus) {
      await view.reveal(row, { select: true, focus, expand: 1 });
    },
    selected: () => view.selection[0],
    visible: () => view.visible,
    dispose() {
      for (const d of [...listeners, view, changed]) d.dispose();
    },
  };
}

const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;

function itemOf(model: ChainsModel, row: Row): vscode.TreeItem {
  const item = bareItem(model, row);
  item.id = row.id;
  item.contextValue = rowContext(row.kind === 'root' ? { ...row, root: rootOf(model, row) } : row);
  return item;
}

function bareItem(model: ChainsModel, row: Row): vscode.TreeItem {
  switch (row.kind) {
    case 'root':
      return rootItem(model, row);
    case 'step':
      return stepItem(row);
    case 'group': {
      const [title, description] = groupWords(row, keptOf(model, row));
      const icon = row.outside ? 'ellipsis' : 'folder';
      return plainItem(title, description, icon, Collapsed);
    }
    case 'path': {
      const [title, description] = pathWords(row);
      const item = plainItem(title, description, 'git-commit', row.number === 0 ? Expanded : Collapsed);
      item.tooltip = row.chain.steps.map(({ node }) => node.name).join(' → ');
      item.accessibilityInformation = { label: `${title}, ${description}` };
      return item;
    }
    default:
      return plainItem('', row.text, 'info', None);
  }
}

function plainItem(
  title: string,
  description: string,
  icon: string,
  state: vscode.TreeItemCollapsibleState,
): vscode.TreeItem {
  const item = new vscode.TreeItem(title, state);
  item.description = description;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.accessibilityInformation = { label: [title, description].filter(Boolean).join(', ') };
  return item;
}

function rootItem(model: ChainsModel, row: Row): vscode.TreeItem {
  const root = rootOf(model, row);
  const [title, description] = rootWords(root);
  const icon = root.pinned ? 'pinned' : root.kind === 'search' && root.busy ? 'loading~spin' : rootIcon(root);
  // one that is kept from another session costs nothing until somebody opens it
  const state = root.kind === 'explore' && root.stale ? Collapsed : Expanded;
  const item = plainItem(title, description, icon, state);
  const message = root.kind === 'search' ? root.message : null;
  const asked = root.kind === 'search' ? [root.question.from, ...root.question.through, root.question.to] : [title];
  const whole = asked.filter(Boolean).join(' → ');
  item.tooltip = [whole, description, nodeOfRow(row)?.file, message].filter(Boolean).join('\n');
  if (root.kind === 'explore') item.command = { command: SHOW, title: 'Show', arguments: [row.id] };
  return item;
}

function stepItem(row: StepRow): vscode.TreeItem {
  const { node, root } = row;
  const direction = root.kind === 'explore' ? root.direction : null;
  const opens = root.kind === 'explore' && !row.again && !(node.kind === 'pointer' && direction === 'callers');
  const item = new vscode.TreeItem(node.name, opens ? Collapsed : None);
  item.description = stepDescription(row);
  const icon = stepIcon(row, direction);
  const color = icon === 'question' ? 'problemsWarningIcon.foreground' : iconColors[node.kind];
  item.iconPath = new vscode.ThemeIcon(icon, color ? new vscode.ThemeColor(color) : undefined);
  item.accessibilityInformation = { label: stepLabel(row) };
  item.command = { command: SHOW, title: 'Show', arguments: [row.id] };
  return item;
}

const iconColors: Readonly<Record<string, string>> = { slot: 'symbolIcon.eventForeground' };

/** The name, how it is got to, and what the server knows of the step: the table, where it is installed, the line. */
async function tooltipOf(
  model: ChainsModel,
  row: StepRow,
  token: vscode.CancellationToken,
): Promise<vscode.MarkdownString> {
  const { node, link } = row;
  const text = new vscode.MarkdownString();
  // what comes from the tree goes in as plain text, it may hold anything; appendText() would keep it from being wrapped
  text.appendMarkdown(`**${escaped(node.name)}**`);
  const beside = [node.owner && `struct ${node.owner}`, node.file].filter(Boolean).join(' · ');
  if (beside) text.appendMarkdown(` · ${escaped(beside)}`);
  if (!link) return text;
  text.appendMarkdown(`\n\n${escaped([link.how, evidenceText(link.evidence)].filter(Boolean).join(' · '))}`);
  const other = otherEnd(row);
  const ends = other && (link.from === node.id ? { from: node, to: other } : { from: other, to: node });
  const lines = ends ? await model.host.ask<ChainWhyParams, string[]>(CHAIN_WHY, { ...ends, link }) : null;
  if (token.isCancellationRequested) return text;
  for (const line of lines ?? link.why) {
    if (line.startsWith('\t')) text.appendCodeblock(line.slice(1), 'c');
    else text.appendMarkdown(`\n\n${escaped(line)}`);
  }
  return text;
}
