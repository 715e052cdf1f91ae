import * as vscode from 'vscode';
import type { StatusParams } from '../../server/src/lsp/protocol.ts';
import { progressText, spoken, textOf } from './statusText.ts';

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
    // a screen reader would spell the icons out
    this.item.accessibilityInformation = { label: spoken(status) };
    void vscode.commands.executeCommand('setContext', 'kerntrail.noTree', status.phase === 'noTree');
    void vscode.commands.executeCommand('setContext', 'kerntrail.hasTree', status.tree !== undefined);
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
  const progress = progressText(status);
  if (progress) text.appendText(progress).appendMarkdown('\n\n');
  if (status.message) text.appendText(status.message);
  return text;
}
