/** Entry of dist/server.cjs: the language server over what the command line names (--node-ipc, --stdio, --socket=N). */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { defaultStorage } from '../index/store.ts';
import { startServer } from './server.ts';

const named = process.argv.some(
  (a) => a === '--node-ipc' || a === '--stdio' || a.startsWith('--socket') || a.startsWith('--pipe'),
);
const connection = named
  ? createConnection(ProposedFeatures.all)
  : createConnection(ProposedFeatures.all, process.stdin, process.stdout);
startServer(connection, { scripts: dirname(fileURLToPath(import.meta.url)), storage: defaultStorage() });
