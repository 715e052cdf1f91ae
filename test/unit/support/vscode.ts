/** Stands in for VS Code's module: as much of it as the client's tests need. What a user is shown is kept. */
import { vi } from 'vitest';

export class Position {
  line: number;
  character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  start: Position;
  end: Position;
  constructor(...at: [Position, Position] | [number, number, number, number]) {
    const [a, b, c, d] = at;
    this.start = typeof a === 'number' ? new Position(a, b as number) : a;
    this.end = typeof a === 'number' ? new Position(c as number, d as number) : (b as Position);
  }
}

export class Location {
  uri: unknown;
  range: Range;
  constructor(uri: unknown, range: Range) {
    this.uri = uri;
    this.range = range;
  }
}

export class ThemeColor {
  id: string;
  constructor(id: string) {
    this.id = id;
  }
}

export class MarkdownString {
  value: string;
  constructor(value = '') {
    this.value = value;
  }
  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
  appendCodeblock(text: string, language = ''): this {
    this.value += `\n\`\`\`${language}\n${text}\n\`\`\`\n`;
    return this;
  }
  appendText(text: string): this {
    this.value += text.replace(/[\\`*_{}[\]()#+\-.!]/g, '\\$&');
    return this;
  }
}

export class ThemeIcon extends ThemeColor {}

export class CodeLens {
  range: Range;
  command: unknown;
  constructor(range: Range, command: unknown) {
    this.range = range;
    this.command = command;
  }
}

export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };

export class TreeItem {
  label: string;
  collapsibleState: number;
  constructor(label: string, collapsibleState: number) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}

export class EventEmitter<T> {
  #listeners = new Set<(event: T) => void>();
  event = (listener: (event: T) => void) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };
  fire(event: T): void {
    for (const listener of this.#listeners) listener(event);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export const Uri = {
  parse: (text: string) => text,
  joinPath: ({ path }: { path: string }, ...parts: string[]) => {
    const joined = [path, ...parts].join('/');
    return { path: joined, fsPath: joined };
  },
  from: ({ scheme, path }: { scheme: string; path: string }) => ({ scheme, path, toString: () => `${scheme}:${path}` }),
};

export const Disposable = {
  from: (...all: { dispose(): unknown }[]) => ({ dispose: () => all.forEach((d) => void d.dispose()) }),
};
export const OverviewRulerLane = { Center: 2 };
export const StatusBarAlignment = { Left: 1, Right: 2 };
export const ProgressLocation = { Notification: 15 };
export const QuickPickItemKind = { Separator: -1 };
export const ConfigurationTarget = { Global: 1, Workspace: 2 };

/** Takes a listener; tests call it as they find it in the mock. */
const listener = (_: (event: never) => unknown) => ({ dispose() {} });

/** Settings by section: `kerntrail` -> `{ tree: '/k' }`. */
export const configuration: Record<string, Record<string, unknown>> = {};

export const window = {
  visibleTextEditors: [] as unknown[],
  createOutputChannel: vi.fn(() => ({ info() {}, warn() {}, error() {}, show() {}, dispose() {} })),
  createTextEditorDecorationType: vi.fn(() => ({ dispose() {} })),
  registerTerminalLinkProvider: vi.fn(listener),
  registerWebviewPanelSerializer: vi.fn((_type: string, _serializer: unknown) => ({ dispose() {} })),
  onDidChangeVisibleTextEditors: vi.fn(listener),
  createStatusBarItem: vi.fn(() => ({ show: vi.fn(), hide: vi.fn(), dispose: vi.fn() })),
  showWarningMessage: vi.fn(),
  showErrorMessage: vi.fn(),
  showInformationMessage: vi.fn(),
  showQuickPick: vi.fn(),
  showOpenDialog: vi.fn(),
  showInputBox: vi.fn(),
  showTextDocument: vi.fn(),
  createQuickPick: vi.fn(),
  createTreeView: vi.fn((_id: string, _options: { treeDataProvider: unknown; showCollapseAll?: boolean }) => ({
    message: undefined as string | undefined,
    description: undefined as string | undefined,
    visible: true,
    selection: [] as unknown[],
    onDidExpandElement: vi.fn(listener),
    onDidCollapseElement: vi.fn(listener),
    reveal: vi.fn(async () => {}),
    dispose() {},
  })),
  withProgress: vi.fn((_: unknown, task: (progress: unknown, token: object) => unknown) =>
    task(null, { isCancellationRequested: false }),
  ),
  onDidChangeActiveTextEditor: vi.fn(listener),
  activeTextEditor: undefined as unknown,
  setStatusBarMessage: vi.fn(),
};

export const workspace = {
  textDocuments: [] as unknown[],
  isTrusted: false,
  fs: { copy: vi.fn(async () => {}), readFile: vi.fn(async () => new Uint8Array()) },
  workspaceFolders: undefined,
  createFileSystemWatcher: vi.fn(listener),
  registerTextDocumentContentProvider: vi.fn((_scheme: string, _provider: unknown) => ({ dispose() {} })),
  /** a document of lines without text, whatever is asked for */
  openTextDocument: vi.fn(async (uri: unknown) => ({
    uri,
    languageId: 'plaintext',
    lineCount: 1000,
    lineAt: () => ({ text: '' }),
  })),
  onDidOpenTextDocument: vi.fn(listener),
  onDidChangeTextDocument: vi.fn(listener),
  onDidCloseTextDocument: vi.fn(listener),
  onDidGrantWorkspaceTrust: vi.fn(listener),
  onDidChangeConfiguration: vi.fn(listener),
  getConfiguration: (section: string) => ({
    get: (name: string, otherwise?: unknown) => configuration[section]?.[name] ?? otherwise,
    update: vi.fn(async () => {}),
  }),
};

export const languages = {
  setTextDocumentLanguage: vi.fn(async (document: object, languageId: string) => ({ ...document, languageId })),
};

export const extensions = { getExtension: vi.fn(), onDidChange: vi.fn(listener) };

/** Commands by name, as they were registered. */
export const registered = new Map<string, (...args: unknown[]) => unknown>();

export const commands = {
  registerCommand: (name: string, run: (...args: unknown[]) => unknown) => {
    registered.set(name, run);
    return { dispose() {} };
  },
  executeCommand: vi.fn(),
  getCommands: vi.fn(async () => [...registered.keys()]),
};

/** The clipboard, as a test may fill it. */
export const env = {
  clipboard: {
    text: '',
    readText: async () => env.clipboard.text,
    writeText: vi.fn(async (text: string) => void Object.assign(env.clipboard, { text })),
  },
};
