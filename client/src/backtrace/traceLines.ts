import * as vscode from 'vscode';
import type { TraceModel } from './traceModel.ts';
import { lineRemark } from './traceRows.ts';

/** Marks the lines of the active stack in the sources that are open; the row walked at stands out. */
export function markTraceLines(model: TraceModel): vscode.Disposable {
  const type = (focused: boolean): vscode.TextEditorDecorationType =>
    vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor(
        focused ? 'editor.focusedStackFrameHighlightBackground' : 'editor.rangeHighlightBackground',
      ),
      // the bar is there in high contrast, where backgrounds are not
      borderStyle: 'solid',
      borderWidth: focused ? '0 0 0 4px' : '0 0 0 2px',
      borderColor: new vscode.ThemeColor(focused ? 'charts.green' : 'charts.yellow'),
      overviewRulerColor: new vscode.ThemeColor(focused ? 'charts.green' : 'charts.yellow'),
      overviewRulerLane: vscode.OverviewRulerLane.Center,
    });
  const plain = type(false);
  const focused = type(true);

  const mark = (): void => {
    const active = model.active();
    const rows = active ? (model.knownRows(active.stack) ?? []) : [];
    for (const editor of vscode.window.visibleTextEditors) {
      const uri = editor.document.uri.toString();
      const found = rows.flatMap((row, n) => {
        if (!row.location || vscode.Uri.parse(row.location.uri).toString() !== uri) return [];
        const line = Math.min(row.location.range.start.line, editor.document.lineCount - 1);
        const range = editor.document.lineAt(line).range;
        const contentText = `  ${lineRemark(row)}`;
        const color = new vscode.ThemeColor('editorCodeLens.foreground');
        return [{ n, options: { range, renderOptions: { after: { contentText, color } } } }];
      });
      editor.setDecorations(
        focused,
        found.filter((f) => f.n === active?.row).map((f) => f.options),
      );
      editor.setDecorations(
        plain,
        found.filter((f) => f.n !== active?.row).map((f) => f.options),
      );
    }
  };
  const listeners = [plain, focused, model.onDidChange(mark), vscode.window.onDidChangeVisibleTextEditors(mark)];
  return vscode.Disposable.from(...listeners);
}
