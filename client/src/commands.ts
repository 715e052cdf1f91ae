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
  type StatusParams,
} from '../../server/src/lsp/protocol.ts';
import type { Server } from './server.ts';
import type { StatusItem } from './status.ts';
import { progressText, treeName } from './statusText.ts';

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
    vscode.commands.registerCommand('kerntrail.chooseTree', () => chooseTree(output)),
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
  const picked = await vscode.window.showQuickPick(architectureItems(architectures, current), {
    title: 'Read the tree as',
    placeHolder: 'Architecture: a folder under arch/',
  });
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

/** The current architecture, those that most people read, then all others. */
function architectureItems(all: readonly string[], current: string | undefined): vscode.QuickPickItem[] {
  const own = { x64: 'x86', ia32: 'x86', ppc64: 'powerpc', s390x: 's390' }[process.arch as string] ?? process.arch;
  const likely = [...new Set([current, own, 'x86', 'arm64', 'riscv', 'arm'])].filter((a) => a && all.includes(a));
  const rest = all.filter((a) => !likely.includes(a));
  const separator = { label: 'others', kind: vscode.QuickPickItemKind.Separator };
  const item = (label = ''): vscode.QuickPickItem => ({ label, description: label === current ? 'current' : '' });
  return [...likely.map(item), ...(rest.length > 0 ? [separator, ...rest.map(item)] : [])];
}

const OPEN_FOLDER = 'Open Folder';
const READ_HERE = 'Read It in This Window';

/** Asks for a kernel tree; the folder is opened, or the tree is read for what is opened here: an out-of-tree module, say. */
async function chooseTree(output: vscode.LogOutputChannel): Promise<void> {
  const [folder] =
    (await vscode.window.showOpenDialog({
      title: 'Choose a kernel tree',
      openLabel: 'Choose Tree',
      canSelectFiles: false,
      canSelectFolders: true,
    })) ?? [];
  if (!folder) return;
  const isOpened = (vscode.workspace.workspaceFolders ?? []).length > 0;
  const how = isOpened
    ? await vscode.window.showInformationMessage(
        `${folder.fsPath}: open it in place of what is opened here, or read it for that?`,
        OPEN_FOLDER,
        READ_HERE,
      )
    : OPEN_FOLDER;
  try {
    if (how === OPEN_FOLDER) await vscode.commands.executeCommand('vscode.openFolder', folder);
    else if (how === READ_HERE)
      await vscode.workspace
        .getConfiguration('kerntrail')
        .update('tree', folder.fsPath, vscode.ConfigurationTarget.Workspace);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    output.error(`The tree ${folder.fsPath} was not taken: ${reason}`);
    void vscode.window.showErrorMessage(`Kerntrail could not take ${folder.fsPath}: ${reason}`);
  }
}

type MenuItem = vscode.QuickPickItem & { command: string; args?: string[] };

/** What is of use in the state that the server is in. */
function menuItems(last: StatusParams | undefined): MenuItem[] {
  const choose = { label: '$(folder-opened) Choose Kernel Tree…', command: 'kerntrail.chooseTree' };
  const rest: MenuItem[] = [
    { label: '$(output) Show Output', command: 'kerntrail.showOutput' },
    { label: '$(gear) Settings', command: 'workbench.action.openSettings', args: ['@ext:kerntrail.kerntrail'] },
  ];
  if (!last) return rest;
  if (last.phase === 'noTree') return [choose, ...rest];
  return [
    { label: '$(clippy) Open Backtrace from Clipboard', command: 'kerntrail.openBacktrace' },
    { label: '$(git-compare) Find Path…', description: 'between two functions', command: 'kerntrail.findPath' },
    {
      label: '$(type-hierarchy) Draw a Map…',
      description: 'page faults, read(), interrupts',
      command: 'kerntrail.map',
    },
    {
      label: '$(circuit-board) Choose Architecture…',
      description: last.architecture,
      command: 'kerntrail.selectArchitecture',
    },
    { ...choose, description: treeName(last) },
    { label: '$(refresh) Re-index the Tree', command: 'kerntrail.reindex' },
    ...rest,
  ];
}

async function showMenu({ status }: CommandContext): Promise<void> {
  const { last } = status;
  const placeHolder = last && (last.message || progressText(last));
  const picked = await vscode.window.showQuickPick(menuItems(last), { title: 'Kerntrail', placeHolder });
  if (picked) await vscode.commands.executeCommand(picked.command, ...(picked.args ?? []));
}

function notRunning(): void {
  void vscode.window.showWarningMessage(
    "Kerntrail's language server is not running. See the output channel Kerntrail, and the setting kerntrail.enable.",
  );
}
