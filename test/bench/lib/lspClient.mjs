// @ts-check
// A language client that asks and waits, for measuring: no editor in between.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, ProgressType, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';

/** @typedef {{ line: number, character: number }} Position */

/**
 * @typedef {object} Client
 * @property {number} pid
 * @property {string} errors what the server wrote to stderr
 * @property {(path: string) => void} open opens a file of the tree
 * @property {(path: string) => void} saved tells that a file has changed on disk
 * @property {(method: string, path: string, position: Position) => Promise<any>} at a request at a position
 * @property {(query: string) => Promise<any[]>} symbols
 * @property {(method: string, params: object, partial?: (value: any) => void) => Promise<any>} request any request; what is told before its answer goes to `partial`
 * @property {() => string} phase what the server says that it does
 * @property {() => Promise<void>} end
 */

/**
 * Starts the language server on a tree, and greets it.
 * @param {{ server: string, tree: string, storage: string }} options
 * @returns {Promise<Client>}
 */
export async function startClient({ server, tree, storage }) {
  // as the extension starts it (client/src/server.ts)
  const heap = ['--max-old-space-size=1024', '--max-semi-space-size=8'];
  const child = spawn(process.execPath, [...heap, server, '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const uriOf = (/** @type {string} */ path) => pathToFileURL(join(tree, path)).href;
  let phase = '';
  let tokens = 0;
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  connection.onNotification('kerntrail/status', (/** @type {{ phase: string }} */ status) => {
    phase = status.phase;
  });
  connection.onNotification('window/logMessage', () => {});
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/codeLens/refresh', () => null);
  connection.onError(() => {});
  connection.listen();
  const root = pathToFileURL(tree).href;
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: root,
    workspaceFolders: [{ uri: root, name: 'linux' }],
    capabilities: { textDocument: { hover: { contentFormat: ['markdown'] } } },
    initializationOptions: { storage },
  });
  await connection.sendNotification('initialized', {});
  return {
    pid: child.pid ?? 0,
    get errors() {
      return errors;
    },
    phase: () => phase,
    open(path) {
      const text = readFileSync(join(tree, path), 'utf8');
      connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri: uriOf(path), languageId: 'c', version: 1, text },
      });
    },
    saved(path) {
      connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: uriOf(path), type: 2 }] });
    },
    at: (method, path, position) =>
      connection.sendRequest(`textDocument/${method}`, {
        textDocument: { uri: uriOf(path) },
        position,
        context: { includeDeclaration: false },
      }),
    symbols: (query) => connection.sendRequest('workspace/symbol', { query }),
    async request(method, params, partial) {
      if (!partial) return connection.sendRequest(method, params);
      const token = `partial ${tokens++}`;
      const listening = connection.onProgress(new ProgressType(), token, partial);
      try {
        return await connection.sendRequest(method, { ...params, partialResultToken: token });
      } finally {
        listening.dispose();
      }
    },
    async end() {
      const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
      try {
        await connection.sendRequest('shutdown');
        await connection.sendNotification('exit');
      } catch {
        child.kill('SIGKILL');
      }
      await gone;
      clearTimeout(timer);
      connection.dispose();
    },
  };
}
