/** The language server: requests of an editor -> features, over whatever connection it is given. */
import {
  type CancellationToken,
  type CodeLens,
  type Connection,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  type Location,
  MessageType,
  type Position,
  ShowMessageNotification,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { type Ask, uriOf } from '../features/ask.ts';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from '../features/callHierarchy.ts';
import { callPaths } from '../features/callPaths.ts';
import { codeLenses, type LensData, resolveCodeLens } from '../features/codeLens.ts';
import { declaration, definition } from '../features/definition.ts';
import { documentSymbols } from '../features/documentSymbol.ts';
import { hover } from '../features/hover.ts';
import { implementation } from '../features/implementation.ts';
import type { PastedAsk } from '../features/pastedText.ts';
import { hunkLenses } from '../features/patchView.ts';
import { references } from '../features/references.ts';
import { traceDefinition } from '../features/traceDefinition.ts';
import { traceHover } from '../features/traceHover.ts';
import { traceSymbols } from '../features/traceOutline.ts';
import { workspaceSymbols } from '../features/workspaceSymbol.ts';
import { IndexDamage } from '../index/checked.ts';
import { isSourceFile } from '../index/tree.ts';
import { globProblems } from './globs.ts';
import { columnOf } from './lines.ts';
import { isPasted, newPastedTexts } from './pasted.ts';
import { pathWithin } from './paths.ts';
import {
  type ArchitectureParams,
  BESIDE_OTHER,
  type BesideOtherParams,
  type ConfigurationParams,
  FIND_PATH,
  OPEN_PLACE,
  type PathParams,
  type PathResult,
  type PlaceArguments,
  REINDEX,
  SET_ARCHITECTURE,
  type Settings,
  SHOW_IMPLEMENTATIONS,
  SHOW_REFERENCES,
  STATUS,
  TRUST,
} from './protocol.ts';
import { newSession, type Session } from './session.ts';
import { mergeSettings } from './settings.ts';
import { type Guarded, registerTraceRequests } from './traceRequests.ts';

/** Where the bundled scripts lie, and where indexes live when the editor doesn't say. */
export interface ServerOptions {
  scripts: string;
  storage: string;
  /** defaults, where the editor's settings say nothing */
  tree?: string;
  architecture?: string;
}

const COMMANDS = { references: SHOW_REFERENCES, implementations: SHOW_IMPLEMENTATIONS };
const STATUS_EVERY_MS = 150;

/** Serves a connection until it ends. */
export function startServer(connection: Connection, options: ServerOptions): void {
  const documents = new TextDocuments(TextDocument);
  const merged = (sent: unknown): Settings => mergeSettings(sent, options);
  let settings = merged(undefined);
  let session: Session | null = null;
  let params: InitializeParams | null = null;
  let storage = options.storage;
  let besideOther = false;
  let trusted = false;
  const texts = newPastedTexts(
    () => session,
    () => settings.vmlinux,
    () => trusted,
    (message) => connection.console.info(message),
  );

  const log = (message: string): void => connection.console.info(message);
  let statusTimer: NodeJS.Timeout | null = null;
  const sendStatus = (): void => {
    if (statusTimer || !session) return;
    statusTimer = setTimeout(() => {
      statusTimer = null;
      if (session) connection.sendNotification(STATUS, session.status()).catch(() => undefined);
    }, STATUS_EVERY_MS);
  };
  const refreshLenses = (): void => {
    if (params?.capabilities.workspace?.codeLens?.refreshSupport)
      connection.languages.connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
  };

  /** A damaged index is built anew, and the question asked once more of what there is without it. */
  const withoutDamage = async <R>(ask: () => Promise<R> | R): Promise<R> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof IndexDamage)) throw error;
      session?.heal(error);
      return ask();
    }
  };
  /** Runs a request; a fault of ours is logged and answered with nothing. */
  const guarded: Guarded = <P, R>(name: string, answer: (p: P) => Promise<R> | R, nothing: R) => {
    return async (p: P): Promise<R> => {
      try {
        return await withoutDamage(() => answer(p));
      } catch (error) {
        connection.console.error(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
        return nothing;
      }
    };
  };
  /** A request at a position: LSP's place becomes the index's. */
  const at = <R>(name: string, answer: (ask: Ask, line: number, column: number) => R, nothing: R) =>
    guarded<{ textDocument: { uri: string }; position: Position }, R>(
      name,
      async ({ textDocument, position }) => {
        const ask = await session?.askOf(textDocument.uri, besideOther);
        if (!ask) return nothing;
        const document = documents.get(textDocument.uri);
        const line =
          document?.getText({
            start: { line: position.line, character: 0 },
            end: { line: position.line, character: position.character },
          }) ?? '';
        return answer(ask, position.line + 1, columnOf(line, position.character));
      },
      nothing,
    );

  /** A request about a text that is no source, in LSP's own terms; null for other documents. */
  const pastedOf = (uri: string): TextDocument | null => {
    const document = documents.get(uri);
    return document && isPasted(document) ? document : null;
  };
  /** A request at a position of a source or of a pasted text. */
  const anywhere =
    <R>(
      name: string,
      source: (ask: Ask, line: number, column: number) => R,
      pasted: (ask: PastedAsk, line: number, character: number) => R,
      nothing: R,
    ) =>
    (p: { textDocument: { uri: string }; position: Position }): Promise<R> => {
      const document = pastedOf(p.textDocument.uri);
      if (!document) return at(name, source, nothing)(p);
      return guarded<typeof p, R>(
        name,
        ({ position }) => {
          const ask = texts.ask(document);
          return ask ? pasted(ask, position.line + 1, position.character) : nothing;
        },
        nothing,
      )(p);
    };

  const openSession = async (): Promise<void> => {
    await session?.close();
    session = newSession({
      folders: foldersOf(params),
      settings,
      storage,
      scripts: options.scripts,
      log,
      warn(message) {
        connection.console.warn(message);
        connection.window.showWarningMessage(message);
      },
      changed: sendStatus,
      indexed() {
        texts.indexed();
        refreshLenses();
      },
    });
    texts.indexed();
    for (const document of documents.all())
      if (!isPasted(document)) session.documents.open(document, URI.parse(document.uri).fsPath);
    sendStatus();
    session.start();
    for (const message of globProblems(settings.index.exclude))
      connection
        .sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message })
        .catch(() => undefined);
  };

  connection.onInitialize((p): InitializeResult => {
    params = p;
    const given = (p.initializationOptions ?? {}) as {
      storage?: string;
      settings?: unknown;
      besideOther?: boolean;
      trusted?: boolean;
    };
    settings = merged(given.settings);
    if (given.storage) storage = given.storage;
    besideOther = given.besideOther ?? settings.besideOtherServers === 'on';
    trusted = given.trusted === true;
    return {
      serverInfo: { name: 'kerntrail' },
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
        hoverProvider: true,
        definitionProvider: true,
        declarationProvider: true,
        implementationProvider: true,
        referencesProvider: true,
        documentSymbolProvider: true,
        workspaceSymbolProvider: true,
        callHierarchyProvider: true,
        codeLensProvider: { resolveProvider: true },
        documentLinkProvider: { resolveProvider: true },
        foldingRangeProvider: true,
      },
    };
  });
  connection.onInitialized(
    guarded(
      'initialized',
      async () => {
        await openSession();
        const watch = params?.capabilities.workspace?.didChangeWatchedFiles;
        // VS Code's client watches by itself; other editors are asked to
        if (watch?.dynamicRegistration && !params?.initializationOptions?.storage)
          await connection.client.register(DidChangeWatchedFilesNotification.type, {
            watchers: [{ globPattern: '**/*.{c,h,S}' }],
          });
      },
      undefined,
    ),
  );
  connection.onShutdown(async () => {
    await session?.close();
    session = null;
  });

  documents.onDidOpen(({ document }) => {
    if (!isPasted(document)) session?.documents.open(document, URI.parse(document.uri).fsPath);
  });
  documents.onDidChangeContent(({ document }) => session?.documents.change(document));
  documents.onDidSave(({ document }) => {
    if (isPasted(document)) return;
    session?.documents.save(document);
    session?.changedFiles([URI.parse(document.uri).fsPath]);
  });
  documents.onDidClose(({ document }) => {
    texts.close(document.uri);
    session?.documents.close(document.uri);
  });
  connection.onDidChangeWatchedFiles(({ changes }) =>
    session?.changedFiles(changes.map((c) => URI.parse(c.uri).fsPath).filter((file) => isSourceFile(file))),
  );
  connection.onDidChangeConfiguration(
    guarded<{ settings: unknown }, void>(
      'configuration',
      async ({ settings: sent }) => {
        const before = settings;
        settings = merged((sent as Partial<ConfigurationParams> | null)?.kerntrail ?? settings);
        if (before.tree !== settings.tree || JSON.stringify(before.index) !== JSON.stringify(settings.index))
          await openSession();
        else if (before.architecture !== settings.architecture) await session?.setArchitecture(settings.architecture);
        if (before.vmlinux !== settings.vmlinux) texts.indexed();
        if (JSON.stringify(before.codeLens) !== JSON.stringify(settings.codeLens)) refreshLenses();
      },
      undefined,
    ),
  );

  connection.onRequest(
    REINDEX,
    guarded<void, null>(
      'reindex',
      () => {
        // the status tells how it goes on: nobody has to wait for the answer
        void session?.reindex();
        return null;
      },
      null,
    ),
  );
  connection.onRequest(
    SET_ARCHITECTURE,
    guarded<ArchitectureParams, null>(
      'architecture',
      ({ architecture }) => {
        void session?.setArchitecture(architecture);
        return null;
      },
      null,
    ),
  );
  connection.onRequest(
    BESIDE_OTHER,
    guarded<BesideOtherParams, null>(
      'besideOther',
      ({ on }) => {
        besideOther = on;
        return null;
      },
      null,
    ),
  );

  connection.onNotification(TRUST, () => {
    trusted = true;
    texts.indexed();
  });

  connection.onRequest(FIND_PATH, (p: PathParams, token: CancellationToken) =>
    guarded<PathParams, PathResult>(
      'findPath',
      ({ from, to, context }) => {
        const [ask] = session?.asks(besideOther) ?? [];
        if (!ask)
          return { chains: [], message: 'There is no index of this tree yet. Its progress is in the status bar.' };
        return callPaths(ask, from, to, context, () => token.isCancellationRequested);
      },
      { chains: [], message: 'The search failed: the output channel Kerntrail tells why.' },
    )(p),
  );

  connection.onHover(anywhere('hover', hover, traceHover, null));
  connection.onDefinition(anywhere<Location[]>('definition', definition, traceDefinition, []));
  connection.onDeclaration(at<Location[]>('declaration', declaration, []));
  connection.onImplementation(at<Location[]>('implementation', implementation, []));
  connection.onReferences((p) =>
    at<Location[]>(
      'references',
      (ask, line, column) => references(ask, line, column, p.context.includeDeclaration),
      [],
    )(p),
  );
  connection.languages.callHierarchy.onPrepare(at('callHierarchy', prepareCallHierarchy, null));
  /** What an item of a hierarchy is asked in: the tree that it stands in. */
  const treeOf = (uri: string) => {
    const file = URI.parse(uri).fsPath;
    return (session?.asks(besideOther) ?? []).find((ask) => pathWithin(ask.root, file) !== null);
  };
  connection.languages.callHierarchy.onIncomingCalls(
    guarded(
      'incomingCalls',
      ({ item }) => {
        const ask = treeOf(item.uri);
        return ask ? incomingCalls(ask, item) : null;
      },
      null,
    ),
  );
  connection.languages.callHierarchy.onOutgoingCalls(
    guarded(
      'outgoingCalls',
      ({ item }) => {
        const ask = treeOf(item.uri);
        return ask ? outgoingCalls(ask, item) : null;
      },
      null,
    ),
  );
  connection.onDocumentSymbol(
    guarded(
      'documentSymbol',
      async ({ textDocument }) => {
        const pasted = pastedOf(textDocument.uri);
        if (pasted) return pasted.languageId === 'markdown' ? null : traceSymbols(texts.text(pasted));
        const ask = await session?.askOf(textDocument.uri, besideOther);
        return ask ? documentSymbols(ask) : null;
      },
      null,
    ),
  );
  connection.onWorkspaceSymbol(
    guarded(
      'workspaceSymbol',
      ({ query }) => (session?.asks(besideOther) ?? []).flatMap((ask) => workspaceSymbols(ask, query)),
      [],
    ),
  );
  connection.onCodeLens(
    guarded(
      'codeLens',
      async ({ textDocument }) => {
        const pasted = pastedOf(textDocument.uri);
        if (pasted) {
          const ask = pasted.languageId === 'markdown' ? null : texts.ask(pasted);
          return (
            ask &&
            hunkLenses(ask.patches, ({ file, line }) => {
              const args: PlaceArguments = [uriOf(ask.root, file), line - 1];
              return { command: OPEN_PLACE, arguments: args };
            })
          );
        }
        const ask = await session?.askOf(textDocument.uri, besideOther);
        return ask
          ? codeLenses(ask, settings.codeLens).map((l) => ({
              ...l,
              data: { ...(l.data as LensData), uri: textDocument.uri },
            }))
          : null;
      },
      null,
    ),
  );
  connection.onCodeLensResolve((lens: CodeLens) =>
    guarded<CodeLens, CodeLens>(
      'codeLens',
      async (l) => {
        const data = l.data as LensData & { uri: string };
        const ask = await session?.askOf(data.uri, besideOther);
        return ask ? resolveCodeLens(ask, l, data, COMMANDS) : l;
      },
      lens,
    )(lens),
  );

  registerTraceRequests(connection, texts, documents, guarded);
  documents.listen(connection);
  connection.listen();
}

function foldersOf(params: InitializeParams | null): string[] {
  const uris = params?.workspaceFolders?.map((f) => f.uri) ?? (params?.rootUri ? [params.rootUri] : []);
  return uris.filter((uri) => uri.startsWith('file:')).map((uri) => URI.parse(uri).fsPath);
}
