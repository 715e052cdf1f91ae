/** Entry of dist/server.cjs: the language server over what the command line names (--node-ipc, --stdio, --socket=N). */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultStorage } from '../index/store/store.ts';
import { startServer } from './server.ts';
import { openConnection, surviveFaults } from './wire/connection.ts';

// meant for this process alone, and read at its start: the indexer is over before it could matter
for (const name of Object.keys(process.env)) if (name.startsWith('MALLOC_')) delete process.env[name];

const connection = openConnection(process.argv.slice(2));
startServer(connection, { scripts: dirname(fileURLToPath(import.meta.url)), storage: defaultStorage() });
surviveFaults(connection);
