/** `kerntrail lsp`: the language server over stdio, for any editor. */

import { startServer } from '../../lsp/server.ts';
import { openConnection, surviveFaults } from '../../lsp/wire/connection.ts';
import { type Context, scriptsFolder, storageOf } from '../context.ts';

/** Serves until the editor ends the connection, which also ends the process. */
export function lspCommand(context: Context): Promise<number> {
  const connection = openConnection([]);
  startServer(connection, {
    scripts: scriptsFolder(),
    storage: storageOf(context),
    ...(context.tree === undefined ? {} : { tree: context.tree }),
    architecture: context.architecture,
  });
  surviveFaults(connection);
  return new Promise(() => {});
}
