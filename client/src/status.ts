import * as vscode from 'vscode';
import type { StatusParams } from '../../server/src/lsp/protocol.ts';

const BUSY: Partial<Record<StatusParams['phase'], string>> = {
  scanning: 'Scanning the tree',
  indexing: 'Indexing',
  linking: 'Linking',
};

/** The status bar item: what the server last said, in few words. */
export class StatusItem implements vscode.Disposable {
  /** What the server last said. */
  last: StatusParams | undefined;
  private readonly item: vscode.StatusBarItem;

  constructor() {
    this.item = vscode.window.createStatusBarItem('kerntrail.status', vscode.StatusBarAlignment.Left, 10);
    this.item.name = 'Kerntrail';
    this.item.command = 'kerntrail.showMenu';
  }

  /** Shows that the server is on its way. */
  starting(): void {
    this.item.text = '$(loading~spin) Kerntrail';
    this.item.tooltip = 'Kerntrail is starting';
    this.item.show();
  }

  /** Kerntrail is switched off. */
  hide(): void {
    this.last = undefined;
    this.item.hide();
  }

  /** Shows a report of the server. */
  update(status: StatusParams): void {
    this.last = status;
    this.item.text = textOf(status);
    this.item.tooltip = tooltipOf(status);
    this.warn(status.phase === 'error');
  }

  /** Shows that the server itself is gone; the output has the reason. */
  failed(reason: string): void {
    this.last = undefined;
    this.item.text = '$(error) Kerntrail';
    this.item.tooltip = `Kerntrail's language server is not running: ${reason}`;
    this.warn(true);
  }

  dispose(): void {
    this.item.dispose();
  }

  private warn(on: boolean): void {
    this.item.backgroundColor = on ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
  }
}

/** What the status bar says: `$(check) linux-6.1 · x86`. */
export function textOf(status: StatusParams): string {
  const { phase, architecture, done, total } = status;
  if (phase === 'error') return '$(warning) Kerntrail';
  if (phase === 'noTree') return '$(circle-slash) Kerntrail: no tree';
  const name = `${treeName(status)} · ${architecture}`;
  if (!BUSY[phase]) return `$(type-hierarchy) ${name}`;
  const percent = total > 0 ? ` ${Math.floor((100 * done) / total)}%` : '';
  return `$(loading~spin) ${name}${percent}`;
}

/** `linux-6.1.192`, or the folder's name where the version is not known. */
export function treeName({ tree, release }: StatusParams): string {
  if (release) return `linux-${release}`;
  return (
    tree
      ?.replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .pop() || 'Kerntrail'
  );
}

function tooltipOf(status: StatusParams): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.appendMarkdown('**Kerntrail**\n\n');
  // What comes from the tree goes in as plain text: a folder may be called anything.
  const row = (label: string, value: string | undefined): void => {
    if (value) text.appendMarkdown(`${label}: `).appendText(value).appendMarkdown('\n\n');
  };
  row('Tree', status.tree);
  row('Version', status.release);
  row('Architecture', status.architecture);
  const busy = BUSY[status.phase];
  if (busy && status.total > 0) {
    row(
      busy,
      `${status.done.toLocaleString('en')} of ${status.total.toLocaleString('en')} files. Answers may be partial.`,
    );
  } else if (busy) row(busy, 'answers may be partial');
  else if (status.phase === 'ready' && status.total > 0) row('Indexed', `${status.total.toLocaleString('en')} files`);
  if (status.message) text.appendText(status.message);
  return text;
}
