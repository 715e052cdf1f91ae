/** The language server: requests of an editor -> features, over whatever connection it is given. */
import {
  type CancellationToken,
  type CodeLens,
  type Connection,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  type InitializeParams,
  type InitializeResult,
  type Location,
  MessageType,
  type Position,
  ResponseError,
  ShowMessageNotification,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { PastedAsk } from '../features/pasted/pastedText.ts';
import { hunkLenses } from '../features/pasted/patchView.ts';
import { traceDefinition } from '../features/pasted/traceDefinition.ts';
import { traceHover } from '../features/pasted/traceHover.ts';
import { traceSymbols } from '../features/pasted/traceOutline.ts';
import { type Request, uriOf } from '../features/request.ts';
import { prepareCallHierarchy } from '../features/source/callHierarchy.ts';
import { callPaths } from '../features/source/callPaths.ts';
import { codeLenses, type LensData, resolveCodeLens } from '../features/source/codeLens.ts';
import { declaration, definition } from '../features/source/definition.ts';
import { documentSymbols } from '../features/source/documentSymbol.ts';
import { incomingCalls } from '../features/source/hierarchy/incoming.ts';
import { outgoingCalls } from '../features/source/hierarchy/outgoing.ts';
import { hover } from '../features/source/hover/hover.ts';
import { implementation } from '../features/source/implementation.ts';
import { references } from '../features/source/references.ts';
import { workspaceSymbols } from '../features/source/workspaceSymbol.ts';
import { isSourceFile } from '../index/tree.ts';
import type { Steps } from '../resolve/steps.ts';
import { registerTraceRequests } from './handlers/traceRequests.ts';
import { globProblems } from './indexing/globs.ts';
import { columnOf } from './lines.ts';
import { isPasted, newPastedTexts } from './pasted.ts';
import { fileOf, pathWithin } from './paths.ts';
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
import { checkWanted, newGuards } from './wire/guard.ts';

/** Where the bundled scripts lie, and where indexes live when the editor doesn't say. */
export interface ServerOptions {
  scripts: string;
  storage: string;
  /** defaults, where the editor's settings say nothing */
  tree?: string;
  architecture?: string;
}

type At = { textDocument: { uri: string }; position: Position };

const COMMANDS = { references: SHOW_REFERENCES, implementations: SHOW_IMPLEMENTATIONS };
const STATUS_EVERY_MS = 150;

/** Serves a connection until it ends. */
export function startServer(connection: Connection, options: ServerOptions): void {
  const documents = new TextDocuments(TextDocument);
  const merged = (sent: unknown): Settings =>
    mergeSettings(sent, options, (message) => connection.console.warn(message));
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
    if (params?.capabilities?.workspace?.codeLens?.refreshSupport)
      connection.languages.connection.sendRequest('workspace/codeLens/refresh').catch(() => undefined);
  };

  const { guarded, owned } = newGuards(connection, {
    since() {
      const before = session;
      const readers = before?.readers() ?? [];
      return () => session !== before || readers.some((r, i) => r !== before?.readers()[i]);
    },
    damaged: (damage) => session?.heal(damage),
  });
  /** A request at a position: LSP's place becomes the index's. */
  const at = <R>(name: string, answer: (request: Request, line: number, column: number) => R | Steps<R>, nothing: R) =>
    guarded<At, R>(
      name,
      async ({ textDocument, position }, token) => {
        const request = await session?.requestOf(textDocument.uri, besideOther);
        if (!request) return nothing;
        // facts of a text that changes take a while: many may have waited for the same ones
        checkWanted(name, token);
        const document = documents.get(textDocument.uri);
        const line =
          document?.getText({
            start: { line: position.line, character: 0 },
            end: { line: position.line, character: position.character },
          }) ?? '';
        return answer(request, position.line + 1, columnOf(line, position.character));
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
      source: (request: Request, line: number, column: number) => R,
      pasted: (request: PastedAsk, line: number, character: number) => R,
      nothing: R,
    ) =>
    (p: At, token: CancellationToken): Promise<R> => {
      const document = pastedOf(p.textDocument.uri);
      if (!document) return at(name, source, nothing)(p, token);
      return guarded<At, R>(
        name,
        ({ position }) => {
          const request = texts.request(document);
          return request ? pasted(request, position.line + 1, position.character) : nothing;
        },
        nothing,
      )(p, token);
    };

  /** Tells the user of a fault after which something is to be done. */
  const alarm =
    (what: string) =>
    (error: Error): void => {
      const message = `Kerntrail: ${what}: ${error.message}`;
      connection
        .sendNotification(ShowMessageNotification.type, { type: MessageType.Error, message })
        .catch(() => undefined);
    };
  const setArchitecture = (architecture: string): void =>
    void owned(
      'architecture',
      () => session?.setArchitecture(architecture),
      alarm('The architecture could not be changed'),
    );
  const openSource = (document: TextDocument): void => {
    const file = isPasted(document) ? null : fileOf(document.uri);
    if (file !== null) session?.documents.open(document, file);
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
        connection
          .sendNotification(ShowMessageNotification.type, { type: MessageType.Warning, message })
          .catch(() => undefined);
      },
      changed: sendStatus,
      indexed() {
        texts.indexed();
        refreshLenses();
      },
    });
    texts.indexed();
    for (const document of documents.all()) openSource(document);
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
  connection.onInitialized(() =>
    owned('initialized', async () => {
      await openSession();
      const watch = params?.capabilities?.workspace?.didChangeWatchedFiles;
      // VS Code's client watches by itself; other editors are asked to
      if (watch?.dynamicRegistration && !params?.initializationOptions?.storage)
        await connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [{ globPattern: '**/*.{c,h,S}' }],
        });
    }),
  );
  connection.onShutdown(() =>
    owned('shutdown', async () => {
      const last = session;
      session = null;
      await last?.close();
    }),
  );

  documents.onDidOpen(({ document }) => void owned('didOpen', () => openSource(document)));
  documents.onDidChangeContent(({ document }) => void owned('didChange', () => session?.documents.change(document)));
  documents.onDidSave(
    ({ document }) =>
      void owned('didSave', () => {
        const file = isPasted(document) ? null : fileOf(document.uri);
        if (file === null) return;
        session?.documents.save(document);
        session?.changedFiles([file]);
      }),
  );
  documents.onDidClose(
    ({ document }) =>
      void owned('didClose', () => {
        texts.close(document.uri);
        session?.documents.close(document.uri);
      }),
  );
  connection.onDidChangeWatchedFiles(({ changes }) =>
    owned('watchedFiles', () => {
      const files = changes.flatMap((c) => fileOf(c.uri) ?? []);
      session?.changedFiles(files.filter(isSourceFile));
    }),
  );
  connection.onDidChangeConfiguration(({ settings: sent }) =>
    owned('configuration', async () => {
      const before = settings;
      settings = merged((sent as Partial<ConfigurationParams> | null)?.kerntrail ?? settings);
      if (before.tree !== settings.tree || JSON.stringify(before.index) !== JSON.stringify(settings.index))
        await openSession();
      else if (before.architecture !== settings.architecture) {
        const refused = session?.refusedArchitecture(settings.architecture);
        if (refused) alarm('The setting kerntrail.architecture is not used')(new Error(refused));
        else setArchitecture(settings.architecture);
      }
      if (before.vmlinux !== settings.vmlinux) texts.indexed();
      if (JSON.stringify(before.codeLens) !== JSON.stringify(settings.codeLens)) refreshLenses();
    }),
  );

  connection.onRequest(
    REINDEX,
    guarded<void, null>(
      'reindex',
      () => {
        // the status tells how it goes on: nobody has to wait for the answer
        void owned('reindex', () => session?.reindex(), alarm('The index could not be begun anew'));
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
        const refused = session?.refusedArchitecture(architecture);
        if (refused) throw new ResponseError(ErrorCodes.InvalidParams, refused);
        setArchitecture(architecture);
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

  let search = 0;
  connection.onRequest(
    FIND_PATH,
    guarded<PathParams, PathResult>(
      'findPath',
      ({ from, to, context }) => {
        const [request] = session?.requests(besideOther) ?? [];
        if (!request)
          return { chains: [], message: 'There is no index of this tree yet. Its progress is in the status bar.' };
        // one that is asked for later takes the place of one that still runs
        const mine = ++search;
        return callPaths(request, from, to, context, () => mine !== search);
      },
      { chains: [], message: 'The search failed: the output channel Kerntrail tells why.' },
    ),
  );

  connection.onHover(anywhere('hover', hover, traceHover, null));
  connection.onDefinition(anywhere<Location[]>('definition', definition, traceDefinition, []));
  connection.onDeclaration(at<Location[]>('declaration', declaration, []));
  connection.onImplementation(at<Location[]>('implementation', implementation, []));
  connection.onReferences((p, token) =>
    at<Location[]>(
      'references',
      (request, line, column) => references(request, line, column, p.context.includeDeclaration),
      [],
    )(p, token),
  );
  connection.languages.callHierarchy.onPrepare(at('callHierarchy', prepareCallHierarchy, null));
  /** What an item of a hierarchy is asked in: the tree that it stands in. */
  const treeOf = (uri: string) => {
    const file = fileOf(uri);
    return (session?.requests(besideOther) ?? []).find(
      (request) => file !== null && pathWithin(request.root, file) !== null,
    );
  };
  connection.languages.callHierarchy.onIncomingCalls(
    guarded(
      'incomingCalls',
      ({ item }) => {
        const request = treeOf(item.uri);
        return request ? incomingCalls(request, item) : null;
      },
      null,
    ),
  );
  connection.languages.callHierarchy.onOutgoingCalls(
    guarded(
      'outgoingCalls',
      ({ item }) => {
        const request = treeOf(item.uri);
        return request ? outgoingCalls(request, item) : null;
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
        const request = await session?.requestOf(textDocument.uri, besideOther);
        return request ? documentSymbols(request) : null;
      },
      null,
    ),
  );
  connection.onWorkspaceSymbol(
    guarded(
      'workspaceSymbol',
      ({ query }) => (session?.requests(besideOther) ?? []).flatMap((request) => workspaceSymbols(request, query)),
      [],
    ),
  );
  connection.onCodeLens(
    guarded(
      'codeLens',
      async ({ textDocument }) => {
        const pasted = pastedOf(textDocument.uri);
        if (pasted) {
          const request = pasted.languageId === 'markdown' ? null : texts.request(pasted);
          return (
            request &&
            hunkLenses(request.patches, ({ file, line }) => {
              const args: PlaceArguments = [uriOf(request.root, file), line - 1];
              return { command: OPEN_PLACE, arguments: args };
            })
          );
        }
        const request = await session?.requestOf(textDocument.uri, besideOther);
        return request ? lensesOf(request, settings.codeLens, textDocument.uri) : null;
      },
      null,
    ),
  );
  connection.onCodeLensResolve((lens: CodeLens, token) =>
    guarded<CodeLens, CodeLens>(
      'codeLens',
      async (l) => {
        const data = l.data as LensData & { uri: string };
        const request = await session?.requestOf(data.uri, besideOther);
        return request ? resolveCodeLens(request, l, data, COMMANDS) : l;
      },
      lens,
    )(lens, token),
  );

  registerTraceRequests(connection, texts, documents, guarded);
  documents.listen(connection);
  connection.listen();
}

/** Lenses that know their document: it is asked for again when one is resolved. */
function* lensesOf(request: Request, on: Settings['codeLens'], uri: string): Steps<CodeLens[]> {
  const lenses = yield* codeLenses(request, on);
  return lenses.map((l) => ({ ...l, data: { ...(l.data as LensData), uri } }));
}

function foldersOf(params: InitializeParams | null): string[] {
  const uris = params?.workspaceFolders?.map((f) => f.uri) ?? (params?.rootUri ? [params.rootUri] : []);
  return uris.flatMap((uri) => fileOf(uri) ?? []);
}
