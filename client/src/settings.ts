import * as vscode from 'vscode';
import type { Settings } from '../../server/src/lsp/protocol.ts';

/** The settings as the server takes them; defaults come from package.json. */
export function readSettings(): Settings {
  const section = vscode.workspace.getConfiguration('kerntrail');
  return {
    enable: section.get('enable', true),
    tree: section.get('tree', ''),
    architecture: section.get('architecture', 'x86'),
    besideOtherServers: section.get<Settings['besideOtherServers']>('besideOtherServers', 'auto'),
    codeLens: { tables: section.get('codeLens.tables', true), functions: section.get('codeLens.functions', true) },
    inlayHints: { dispatches: section.get('inlayHints.dispatches', false) },
    vmlinux: section.get('vmlinux', ''),
    index: { workers: section.get('index.workers', 0), exclude: section.get<string[]>('index.exclude', []) },
  };
}

/** Extensions that answer plain C navigation, and whether their own settings have them switched on. */
const OTHER_SERVERS: { id: string; isOn: () => boolean }[] = [
  {
    id: 'llvm-vs-code-extensions.vscode-clangd',
    isOn: () => vscode.workspace.getConfiguration('clangd').get('enable', true),
  },
  {
    id: 'ms-vscode.cpptools',
    isOn: () => vscode.workspace.getConfiguration('C_Cpp').get('intelliSenseEngine') !== 'disabled',
  },
];

/** Whether plain C navigation is to be left to another extension. */
export function isBesideOther(settings: Settings): boolean {
  if (settings.besideOtherServers !== 'auto') return settings.besideOtherServers === 'on';
  return OTHER_SERVERS.some(({ id, isOn }) => vscode.extensions.getExtension(id)?.isActive === true && isOn());
}
