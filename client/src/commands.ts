import * as vscode from 'vscode';
import {
  type ArchitectureParams,
  OPEN_PLACE,
  type PeekArguments,
  type PlaceArguments,
  REINDEX,
  SET_ARCHITECTURE,
  SHOW_IMPLEMENTATIONS,
  SHOW_REFERENCES,
} from '../../server/src/lsp/protocol.ts';
import type { Server } from './server.ts';
import type { StatusItem } from './status.ts';
import { treeName } from './statusText.ts';

/** What the commands work on. `server` is a function: settings may stop and start it. */
export interface CommandContext {
  server: () => Server | undefined;
  status: StatusItem;
  output: vscode.LogOutputChannel;
}

/** Registers every command of the extension. */
export function registerCommands(context: CommandContext): vscode.Disposable[] {
  const { output } = context;
  return [
    vscode.commands.registerCommand('kerntrail.reindex', () => reindex(context)),
    vscode.commands.registerCommand('kerntrail.selectArchitecture', () => selectArchitecture(context)),
    vscode.commands.registerCommand('kerntrail.showOutput', () => context.output.show()),
    vscode.commands.registerCommand('kerntrail.showMenu', () => showMenu(context)),
    vscode.commands.registerCommand(OPEN_PLACE, (...[uri, line]: PlaceArguments) =>
      clicked(output, () =>
        vscode.window.showTextDocument(vscode.Uri.parse(uri, true), { selection: new vscode.Range(line, 0, line, 0) }),
      ),
    ),
    vscode.commands.registerCommand(SHOW_REFERENCES, (...args: PeekArguments) =>
      clicked(output, () => vscode.commands.executeCommand('editor.action.showReferences', ...convert(args))),
    ),
    vscode.commands.registerCommand(SHOW_IMPLEMENTATIONS, (...args: PeekArguments) =>
      // Goes straight there when there is but one, as Go to Implementations does.
      clicked(output, () =>
        vscode.commands.executeCommand(
          'editor.action.goToLocations',
          ...convert(args),
          'peek',
          'No implementation found',
        ),
      ),
    ),
  ];
}

/** Does what a click on a lens asks for; what goes wrong (a file may be gone by now) is told in words. */
async function clicked(output: vscode.LogOutputChannel, act: () => Thenable<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    output.warn(`a lens was clicked: ${reason}`);
    void vscode.window.showInformationMessage(`Kerntrail could not open that: ${reason}`);
  }
}

/** From the protocol's plain data to VS Code's own classes, which its commands insist on. */
function convert([uri, position, locations]: PeekArguments): [vscode.Uri, vscode.Position, vscode.Location[]] {
  const toPosition = (at: PeekArguments[1]): vscode.Position => new vscode.Position(at.line, at.character);
  return [
    vscode.Uri.parse(uri, true),
    toPosition(position),
    locations.map(
      ({ uri, range }) =>
        new vscode.Location(
          vscode.Uri.parse(uri, true),
          new vscode.Range(toPosition(range.start), toPosition(range.end)),
        ),
    ),
  ];
}

async function reindex({ server, output }: CommandContext): Promise<void> {
  const client = server()?.client;
  if (!client?.isRunning()) return notRunning();
  try {
    await client.sendRequest(REINDEX);
  } catch (error) {
    output.error(`${REINDEX}: ${error}`);
    void vscode.window.showErrorMessage(
      `Kerntrail could not re-index: ${error instanceof Error ? error.message : error}`,
    );
  }
}

async function selectArchitecture({ server, status, output }: CommandContext): Promise<void> {
  const client = server()?.client;
  if (!client?.isRunning()) return notRunning();
  const { architectures = [], architecture: current } = status.last ?? {};
  if (architectures.length === 0) {
    void vscode.window.showInformationMessage('Kerntrail has found no arch/ folder to choose from.');
    return;
  }
  const picked = await vscode.window.showQuickPick(
    architectures.map((label) => ({ label, description: label === current ? 'current' : '' })),
    { title: 'Read the tree as', placeHolder: 'Architecture: a folder under arch/' },
  );
  if (!picked || picked.label === current) return;
  const scope = vscode.workspace.workspaceFolders
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  try {
    await vscode.workspace.getConfiguration('kerntrail').update('architecture', picked.label, scope);
  } catch (error) {
    // A tree may be read-only, as those under /usr/src are. Then the choice holds for this session.
    output.info(`The choice of ${picked.label} was not saved: ${error}`);
    const params: ArchitectureParams = { architecture: picked.label };
    try {
      await client.sendRequest(SET_ARCHITECTURE, params);
    } catch (refused) {
      output.error(`${SET_ARCHITECTURE}: ${refused}`);
      void vscode.window.showErrorMessage(`Kerntrail: ${refused instanceof Error ? refused.message : refused}`);
    }
  }
}

async function showMenu({ status }: CommandContext): Promise<void> {
  const { last } = status;
  const items: (vscode.QuickPickItem & { command: string; args?: string[] })[] = [
    {
      label: '$(circuit-board) Choose Architecture…',
      description: last?.architecture,
      command: 'kerntrail.selectArchitecture',
    },
    { label: '$(git-compare) Find Path…', description: 'between two functions', command: 'kerntrail.findPath' },
    { label: '$(refresh) Re-index the Tree', description: last && treeName(last), command: 'kerntrail.reindex' },
    { label: '$(output) Show Output', command: 'kerntrail.showOutput' },
    { label: '$(gear) Settings', command: 'workbench.action.openSettings', args: ['@ext:kerntrail.kerntrail'] },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: 'Kerntrail', placeHolder: last?.message });
  if (picked) await vscode.commands.executeCommand(picked.command, ...(picked.args ?? []));
}

function notRunning(): void {
  void vscode.window.showWarningMessage(
    "Kerntrail's language server is not running. See the output channel Kerntrail, and the setting kerntrail.enable.",
  );
}
