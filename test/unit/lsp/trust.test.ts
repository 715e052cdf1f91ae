import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import {
  STATUS,
  type StatusParams,
  TRACE_FRAMES,
  TRUST,
  type TraceFramesAnswer,
} from '../../../server/src/lsp/protocol.ts';
import { startServer } from '../../../server/src/lsp/server.ts';
import { bundles } from '../support/bundles.ts';
import { elfFile } from '../support/elf.ts';
import { type Tree, writeTree } from '../support/marked.ts';
import { VM_TREE } from '../support/vmTree.ts';

const PATH = process.env.PATH;
let stop: (() => Promise<void>) | undefined;
afterEach(async () => {
  process.env.PATH = PATH;
  await stop?.();
  stop = undefined;
});

interface Client {
  connection: MessageConnection;
  logged: string[];
  frames(): Promise<TraceFramesAnswer>;
}

const TRACE = 'Call Trace:\n filemap_fault+0x4/0x10\n';

/** A server on a tree that is indexed, with a backtrace open. */
async function start(tree: Tree, options: object): Promise<Client> {
  const up = new PassThrough();
  const down = new PassThrough();
  startServer(createConnection(ProposedFeatures.all, up, down), {
    scripts: bundles('indexer', 'worker'),
    storage: tree.storage,
  });
  const connection = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const logged: string[] = [];
  connection.onNotification('window/logMessage', ({ message }: { message: string }) => {
    logged.push(message);
  });
  const ready = new Promise<void>((resolve) =>
    connection.onNotification(STATUS, (s: StatusParams) => {
      if (s.phase === 'ready') resolve();
    }),
  );
  connection.listen();
  stop = async () => {
    await connection.sendRequest('shutdown');
    connection.dispose();
  };
  const uri = URI.file(join(tree.root, 'oops.txt')).toString();
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: URI.file(tree.root).toString(), name: 'tree' }],
    initializationOptions: { settings: { index: { workers: 1 } }, ...options },
  });
  await connection.sendNotification('initialized', {});
  await ready;
  await connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'kernel-trace', version: 1, text: TRACE },
  });
  return { connection, logged, frames: () => connection.sendRequest(TRACE_FRAMES, { uri, stack: 0 }) };
}

/** A program that leaves a mark when it is run, and answers with a line of mm/filemap.c. */
function program(file: string, marker: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\npwd > ${marker}\nprintf '0x13\\nfilemap_fault\\nmm/filemap.c:7\\n'\n`);
  chmodSync(file, 0o755);
}

function treeWithVmlinux(): Tree & { marker: string; vmlinux: string } {
  const tree = writeTree(VM_TREE);
  const vmlinux = join(tree.root, 'vmlinux');
  writeFileSync(vmlinux, elfFile([{ name: 'filemap_fault', address: 0x10, size: 0x10 }]));
  return { ...tree, vmlinux, marker: join(tree.root, '..', 'marker') };
}

describe.runIf(process.platform !== 'win32')('a vmlinux that lies in the tree', () => {
  test('is used once the user trusts the folder, and no sooner', async () => {
    const tree = treeWithVmlinux();
    const tools = join(tree.root, '..', 'tools');
    program(join(tools, 'addr2line'), tree.marker);
    process.env.PATH = `${tools}:${PATH}`;
    const client = await start(tree, {});
    const inferred = await client.frames();
    expect(inferred.frames).toHaveLength(1);
    expect(existsSync(tree.marker)).toBe(false);
    await client.frames();
    expect(client.logged.filter((l) => l.includes('not trusted'))).toHaveLength(1);
    await client.connection.sendNotification(TRUST);
    const exact = await client.frames();
    expect(existsSync(tree.marker)).toBe(true);
    expect(JSON.stringify(exact.frames)).toContain('filemap.c:7');
    expect(JSON.stringify(inferred.frames)).not.toContain('filemap.c:7');
  });

  test('named by a path from the tree, it lies in the tree all the same', async () => {
    const tree = treeWithVmlinux();
    const tools = join(tree.root, '..', 'tools');
    program(join(tools, 'addr2line'), tree.marker);
    process.env.PATH = `${tools}:${PATH}`;
    const client = await start(tree, { trusted: 'yes', settings: { vmlinux: './vmlinux' } });
    await client.frames();
    expect(existsSync(tree.marker)).toBe(false);
  });

  test('named by its full path, it is used, as it is where the editor says that the folder is trusted', async () => {
    for (const more of ['full', 'trusted']) {
      const tree = treeWithVmlinux();
      const tools = join(tree.root, '..', 'tools');
      program(join(tools, 'addr2line'), tree.marker);
      process.env.PATH = `${tools}:${PATH}`;
      const client = await start(tree, more === 'full' ? { settings: { vmlinux: tree.vmlinux } } : { trusted: true });
      await client.frames();
      expect(existsSync(tree.marker)).toBe(true);
      await stop?.();
      stop = undefined;
    }
  });

  test('a tool of the tree is never run, nor one of the current folder', async () => {
    const tree = treeWithVmlinux();
    for (const place of ['addr2line', 'bin/addr2line', 'eu-addr2line']) program(join(tree.root, place), tree.marker);
    const folder = process.cwd();
    try {
      process.chdir(tree.root);
      process.env.PATH = `.:bin:${join(tree.root, 'bin')}:`;
      const client = await start(tree, { trusted: true });
      await client.frames();
      expect(existsSync(tree.marker)).toBe(false);
      expect(client.logged.join('\n')).toContain('is installed');
    } finally {
      process.chdir(folder);
    }
  });
});
