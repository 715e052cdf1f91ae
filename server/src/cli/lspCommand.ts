/** `kerntrail lsp`: the language server over stdio, for any editor. */
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { startServer } from '../lsp/server.ts';
import { type Context, scriptsFolder, storageOf } from './context.ts';

/** Serves until the editor ends the connection, which also ends the process. */
export function lspCommand(context: Context): Promise<number> {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  startServer(connection, {
    scripts: scriptsFolder(),
    storage: storageOf(context),
    ...(context.tree === undefined ? {} : { tree: context.tree }),
    architecture: context.architecture,
  });
  return new Promise(() => {});
}
