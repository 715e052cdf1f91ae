/** What an editor tells: that it begins and ends, its documents, changed files, settings. */
import {
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  type InitializeParams,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { isSourceFile } from '../../index/tree.ts';
import { forgetPlaces, isPasted } from '../pasted.ts';
import { fileOf } from '../paths.ts';
import type { ConfigurationParams, InitializationOptions } from '../protocol.ts';
import {
  closeSession,
  documentChanged,
  documentClosed,
  documentSaved,
  filesChanged,
  refusedArchitecture,
} from '../session.ts';
import { alarm, changeArchitecture, openSource, refreshShown, reopen, type Server, settingsOf } from '../state.ts';

/** Registers how a server begins and ends; an editor is told of `capabilities`. */
export function registerLifecycle(server: Server, capabilities: ServerCapabilities): void {
  const { connection, guards } = server;
  connection.onInitialize((params) => {
    initialize(server, params);
    return { serverInfo: { name: 'kerntrail' }, capabilities };
  });
  connection.onInitialized(() =>
    guards.owned('initialized', async () => {
      await reopen(server);
      const watch = server.params?.capabilities?.workspace?.didChangeWatchedFiles;
      // VS Code's client watches by itself; other editors are asked to
      if (watch?.dynamicRegistration && !server.params?.initializationOptions?.storage)
        await connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [{ globPattern: '**/*.{c,h,S}' }],
        });
    }),
  );
  connection.onShutdown(() =>
    guards.owned('shutdown', async () => {
      const last = server.session;
      server.session = null;
      if (last) await closeSession(last);
    }),
  );
}

function initialize(server: Server, params: InitializeParams): void {
  const given = (params.initializationOptions ?? {}) as Partial<Record<keyof InitializationOptions, unknown>>;
  server.params = params;
  server.settings = settingsOf(server.connection, server.options, given.settings);
  if (given.storage) server.storage = given.storage as string;
  server.besideOther = (given.besideOther as boolean | undefined) ?? server.settings.besideOtherServers === 'on';
  server.trusted = given.trusted === true;
}

/** Registers what happens to documents in the editor, and to files on disk. */
export function registerDocuments(server: Server): void {
  const { documents, connection } = server;
  const { owned } = server.guards;
  documents.onDidOpen(({ document }) => void owned('didOpen', () => openSource(server, document)));
  documents.onDidChangeContent(
    ({ document }) =>
      void owned('didChange', () => {
        if (server.session) documentChanged(server.session, document);
      }),
  );
  documents.onDidSave(
    ({ document }) =>
      void owned('didSave', () => {
        const file = isPasted(document) ? null : fileOf(document.uri);
        if (file === null || !server.session) return;
        documentSaved(server.session, document);
        filesChanged(server.session, [file]);
      }),
  );
  documents.onDidClose(
    ({ document }) =>
      void owned('didClose', () => {
        server.texts.byUri.delete(document.uri);
        if (server.session) documentClosed(server.session, document.uri);
      }),
  );
  connection.onDidChangeWatchedFiles(({ changes }) =>
    owned('watchedFiles', () => {
      const files = changes.flatMap((c) => fileOf(c.uri) ?? []);
      if (server.session) filesChanged(server.session, files.filter(isSourceFile));
    }),
  );
}

/** Registers what a change of settings leads to. */
export function registerConfiguration(server: Server): void {
  server.connection.onDidChangeConfiguration(({ settings: sent }) =>
    server.guards.owned('configuration', async () => {
      const before = server.settings;
      const given = (sent as Partial<ConfigurationParams> | null)?.kerntrail ?? before;
      const now = settingsOf(server.connection, server.options, given);
      server.settings = now;
      if (before.tree !== now.tree || differ(before.index, now.index)) await reopen(server);
      else if (before.architecture !== now.architecture) {
        const refused = server.session && refusedArchitecture(server.session, now.architecture);
        if (refused) alarm(server, 'The setting kerntrail.architecture is not used')(new Error(refused));
        else changeArchitecture(server, now.architecture);
      }
      if (before.vmlinux !== now.vmlinux) forgetPlaces(server.texts);
      if (differ(before.codeLens, now.codeLens) || differ(before.inlayHints, now.inlayHints)) refreshShown(server);
    }),
  );
}

/** Registers what happens when a folder comes into the window, or leaves it: a module beside the tree, say. */
export function registerFolders(server: Server): void {
  server.connection.onNotification(DidChangeWorkspaceFoldersNotification.type, ({ event }) =>
    server.guards.owned('workspaceFolders', async () => {
      const { params } = server;
      if (!params) return;
      const gone = new Set(event.removed.map((folder) => folder.uri));
      const stay = params.workspaceFolders?.filter((folder) => !gone.has(folder.uri)) ?? [];
      server.params = { ...params, workspaceFolders: [...stay, ...event.added] };
      await reopen(server);
    }),
  );
}

const differ = (a: object, b: object): boolean => JSON.stringify(a) !== JSON.stringify(b);
