/** A server in this process and an editor that asks it, with its indexer in another process as always. */
import { PassThrough } from 'node:stream';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import { STATUS, type StatusParams } from '../../../server/src/lsp/protocol.ts';
import { startServer } from '../../../server/src/lsp/server.ts';
import { bundles } from './bundles.ts';

export interface LspClient {
  connection: MessageConnection;
  /** every status so far */
  statuses: StatusParams[];
  stop(): Promise<void>;
}

export const uriOfFile = (file: string): string => URI.file(file).toString();

export async function startClient(folders: string[], storage: string, settings: object = {}): Promise<LspClient> {
  const up = new PassThrough();
  const down = new PassThrough();
  startServer(createConnection(ProposedFeatures.all, up, down), { scripts: bundles('indexer', 'worker'), storage });
  const connection = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const statuses: StatusParams[] = [];
  connection.onNotification(STATUS, (s: StatusParams) => void statuses.push(s));
  connection.listen();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
    workspaceFolders: folders.map((folder) => ({ uri: uriOfFile(folder), name: folder })),
    initializationOptions: { storage, settings: { index: { workers: 1 }, ...settings }, besideOther: false },
  });
  await connection.sendNotification('initialized', {});
  return {
    connection,
    statuses,
    async stop() {
      await connection.sendRequest('shutdown');
      connection.dispose();
    },
  };
}
