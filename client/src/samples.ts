/** The sample tree that comes with the extension: a small kernel to try things on. */
import * as vscode from 'vscode';

/** The files that are there when the extension is packaged, and in the repository. */
export const samplesOf = (extension: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(extension, 'samples');

/** Opens a copy of the sample tree in a window of its own: what is tried there leaves the extension as it is. */
export async function openSample(
  context: Pick<vscode.ExtensionContext, 'extensionUri' | 'globalStorageUri'>,
): Promise<void> {
  const copy = vscode.Uri.joinPath(context.globalStorageUri, 'sample', 'mini-kernel');
  try {
    await vscode.workspace.fs.copy(vscode.Uri.joinPath(samplesOf(context.extensionUri), 'mini-kernel'), copy, {
      overwrite: true,
    });
    await vscode.commands.executeCommand('vscode.openFolder', copy, { forceNewWindow: true });
  } catch (error) {
    void vscode.window.showErrorMessage(
      `Kerntrail could not copy its sample tree to ${copy.fsPath}: ${error instanceof Error ? error.message : error}`,
    );
  }
}
