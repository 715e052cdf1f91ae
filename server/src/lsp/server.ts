/** The language server: requests of an editor -> features, over whatever connection it is given. */
import { type Connection, type ServerCapabilities, TextDocumentSyncKind } from 'vscode-languageserver';
import { CHAINS } from './handlers/chains.ts';
import { CUSTOM } from './handlers/custom.ts';
import type { Handler } from './handlers/handler.ts';
import { registerConfiguration, registerDocuments, registerFolders, registerLifecycle } from './handlers/lifecycle.ts';
import { PASTED } from './handlers/pasted.ts';
import { PICTURES } from './handlers/pictures.ts';
import { SOURCE } from './handlers/source.ts';
import { newServer, type ServerOptions } from './state.ts';

const HANDLERS: readonly Handler[] = [...SOURCE, ...PASTED, ...CHAINS, ...CUSTOM, ...PICTURES];

/** All that an editor is told the server can do: what each handler says of itself. */
export const CAPABILITIES: ServerCapabilities = Object.assign(
  {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
    workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  } satisfies ServerCapabilities,
  ...HANDLERS.map((h) => h.capability),
);

/** Serves a connection until it ends. */
export function startServer(connection: Connection, options: ServerOptions): void {
  const server = newServer(connection, options);
  registerLifecycle(server, CAPABILITIES);
  registerDocuments(server);
  registerConfiguration(server);
  registerFolders(server);
  for (const { register } of HANDLERS) register(server);
  server.documents.listen(connection);
  connection.listen();
}
