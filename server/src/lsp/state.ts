/** The server's state: what an editor has told it and what it holds open, and what handlers do with that. */
import {
  type Connection,
  type InitializeParams,
  MessageType,
  ShowMessageNotification,
  TextDocuments,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { globProblems } from './indexing/globs.ts';
import { forgetPlaces, isPasted, newPastedTexts, type PastedTexts } from './pasted.ts';
import { fileOf } from './paths.ts';
import { INDEXED, type Settings, STATUS } from './protocol.ts';
import {
  closeSession,
  documentOpened,
  heal,
  openSession,
  readersOf,
  type Session,
  sessionStatus,
  setArchitecture,
  startSession,
} from './session.ts';
import { mergeSettings } from './settings.ts';
import { type Guards, newGuards } from './wire/guard.ts';

/** Where the bundled scripts lie, and where indexes live when the editor doesn't say. */
export interface ServerOptions {
  scripts: string;
  storage: string;
  /** defaults, where the editor's settings say nothing */
  tree?: string;
  architecture?: string;
  /** folders of out-of-tree modules, beside those that the editor opens */
  modules?: string[];
}

/** A server and its one editor. */
export interface Server {
  readonly connection: Connection;
  readonly options: ServerOptions;
  readonly documents: TextDocuments<TextDocument>;
  readonly guards: Guards;
  readonly texts: PastedTexts;
  /** what the editor said of itself; null before */
  params: InitializeParams | null;
  settings: Settings;
  /** folder for indexes */
  storage: string;
  /** another server answers plain C */
  besideOther: boolean;
  /** the user trusts the opened folders */
  trusted: boolean;
  /** null before the editor is ready, and after it has left */
  session: Session | null;
  /** a status that is about to be sent */
  statusTimer: NodeJS.Timeout | null;
  /** news of the index that is about to be told */
  newsTimer: NodeJS.Timeout | null;
  /** and they change answers, not only what is said of how far the index is */
  newsAreNew: boolean;
  /** number of the last search for paths: one that is asked for later takes the place of one that still runs */
  search: number;
  log(message: string): void;
}

const STATUS_EVERY_MS = 150;
/** Whoever hears of it asks for everything in sight anew. */
const NEWS_EVERY_MS = 2000;

/** A server's state before its editor has said anything. */
export function newServer(connection: Connection, options: ServerOptions): Server {
  const server: Server = {
    connection,
    options,
    documents: new TextDocuments(TextDocument),
    guards: newGuards(connection, {
      since: () => staleness(server),
      damaged(damage) {
        if (server.session) heal(server.session, damage);
      },
    }),
    texts: newPastedTexts(),
    params: null,
    settings: settingsOf(connection, options, undefined),
    storage: options.storage,
    besideOther: false,
    trusted: false,
    session: null,
    statusTimer: null,
    newsTimer: null,
    newsAreNew: false,
    search: 0,
    log: (message) => connection.console.info(message),
  };
  return server;
}

/** Settings as an editor sent them, made whole; what is wrong with them is logged. */
export const settingsOf = (connection: Connection, options: ServerOptions, sent: unknown): Settings =>
  mergeSettings(sent, options, (message) => connection.console.warn(message));

/** A test for later: has an index been closed meanwhile? */
function staleness(server: Server): () => boolean {
  const before = server.session;
  const readers = before ? readersOf(before) : [];
  return () => {
    if (server.session !== before) return true;
    const now = before ? readersOf(before) : [];
    return readers.some((reader, i) => reader !== null && reader !== now[i]);
  };
}

/** Opens the trees of the editor's folders with the settings as they are, in place of those that were open. */
export async function reopen(server: Server): Promise<void> {
  const { connection, settings, texts } = server;
  if (server.session) await closeSession(server.session);
  const session = openSession({
    folders: foldersOf(server.params),
    modules: server.options.modules ?? [],
    settings,
    storage: server.storage,
    scripts: server.options.scripts,
    log: server.log,
    warn(message) {
      connection.console.warn(message);
      show(server, MessageType.Warning, message);
    },
    changed: () => sendStatus(server),
    indexed() {
      forgetPlaces(texts);
      tellNews(server);
    },
    moved: () => tellNews(server, false),
  });
  server.session = session;
  forgetPlaces(texts);
  for (const document of server.documents.all()) openSource(server, document);
  sendStatus(server);
  startSession(session);
  for (const message of globProblems(settings.index.exclude)) show(server, MessageType.Warning, message);
}

/** Sends the status to the editor, at the most every 150 ms. */
function sendStatus(server: Server): void {
  if (server.statusTimer || !server.session) return;
  server.statusTimer = setTimeout(() => {
    server.statusTimer = null;
    if (server.session)
      server.connection.sendNotification(STATUS, sessionStatus(server.session)).catch(() => undefined);
  }, STATUS_EVERY_MS);
}

/** Has the editor ask anew for what it shows, at the most every two seconds. */
function tellNews(server: Server, isNew = true): void {
  server.newsAreNew ||= isNew;
  if (server.newsTimer) return;
  server.newsTimer = setTimeout(() => {
    server.newsTimer = null;
    if (server.newsAreNew) refreshShown(server);
    server.newsAreNew = false;
    server.connection.sendNotification(INDEXED).catch(() => undefined);
  }, NEWS_EVERY_MS);
}

/** Has the editor ask anew for what stands in its text, lenses and hints, if it can. */
export function refreshShown({ params, connection }: Server): void {
  const can = params?.capabilities?.workspace;
  const ask = (method: string) => void connection.languages.connection.sendRequest(method).catch(() => undefined);
  if (can?.codeLens?.refreshSupport) ask('workspace/codeLens/refresh');
  if (can?.inlayHint?.refreshSupport) ask('workspace/inlayHint/refresh');
}

/** Takes a document that was opened into its tree, if it is a source of one. */
export function openSource({ session }: Server, document: TextDocument): void {
  const file = isPasted(document) ? null : fileOf(document.uri);
  if (session && file !== null) documentOpened(session, document, file);
}

/** Reads the trees as another architecture; nobody waits for that, and a fault is told the user. */
export function changeArchitecture(server: Server, architecture: string): void {
  const { session, guards } = server;
  void guards.owned(
    'architecture',
    () => session && setArchitecture(session, architecture),
    alarm(server, 'The architecture could not be changed'),
  );
}

/** Tells the user of a fault after which something is to be done. */
export const alarm =
  (server: Server, what: string) =>
  (error: Error): void =>
    show(server, MessageType.Error, `Kerntrail: ${what}: ${error.message}`);

/** Shows the user a message. */
export function show({ connection }: Server, type: MessageType, message: string): void {
  connection.sendNotification(ShowMessageNotification.type, { type, message }).catch(() => undefined);
}

function foldersOf(params: InitializeParams | null): string[] {
  const uris = params?.workspaceFolders?.map((f) => f.uri) ?? (params?.rootUri ? [params.rootUri] : []);
  return uris.flatMap((uri) => fileOf(uri) ?? []);
}
