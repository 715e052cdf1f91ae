/** `kerntrail lsp`: the language server over stdio, for any editor. */

import { resolve } from 'node:path';
import { startServer } from '../../lsp/server.ts';
import { openConnection, surviveFaults } from '../../lsp/wire/connection.ts';
import type { Command } from '../command.ts';
import { type Context, scriptsFolder, storageOf } from '../context.ts';

/** `kerntrail lsp`, for the table of commands. */
export const lspCommand: Command = {
  name: 'lsp',
  args: '',
  count: 0,
  about: 'the language server, over stdio',
  help: "For editors other than VS Code: see docs/editors.md. --tree and --arch are defaults; the editor's settings go first.",
  // what editors say to every language server
  options: { stdio: {}, clientProcessId: { value: 'ID' } },
  without: ['json', 'workers', 'no-update'],
  run: serve,
};

/** Serves until the editor ends the connection, which also ends the process. */
function serve(context: Context): Promise<number> {
  const connection = openConnection([]);
  startServer(connection, {
    scripts: scriptsFolder(),
    storage: storageOf(context),
    ...(context.tree === undefined ? {} : { tree: context.tree }),
    modules: context.modules.map((folder) => resolve(folder)),
    architecture: context.architecture,
  });
  surviveFaults(connection);
  return new Promise(() => {});
}
