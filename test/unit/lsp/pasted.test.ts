import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { CodeLens, DocumentLink, DocumentSymbol, FoldingRange, Hover, Location } from 'vscode-languageserver';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import {
  STATUS,
  type StatusParams,
  TRACE_DETECT,
  TRACE_FRAMES,
  TRACE_LANGUAGE,
  TRACE_LINE,
  TRACE_STACKS,
  TRACE_TEXT,
  type TraceFramesAnswer,
  type TraceLineAnswer,
  type TraceStacksAnswer,
} from '../../../server/src/lsp/protocol.ts';
import { startServer } from '../../../server/src/lsp/server.ts';
import { bundles } from '../support/bundles.ts';
import { type Tree, writeTree } from '../support/marked.ts';
import { VM_TREE } from '../support/vmTree.ts';

let stop: (() => Promise<void>) | undefined;

afterEach(async () => {
  await stop?.();
  stop = undefined;
});

/** A server on a folder, ready when its index is. */
async function serve(folder: string, storage: string, wanted = 'ready'): Promise<MessageConnection> {
  const up = new PassThrough();
  const down = new PassThrough();
  startServer(createConnection(ProposedFeatures.all, up, down), { scripts: bundles('indexer', 'worker'), storage });
  const connection = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const ready = new Promise<void>((resolve) => {
    connection.onNotification(STATUS, (s: StatusParams) => {
      if (s.phase === wanted) resolve();
    });
  });
  connection.listen();
  stop = async () => {
    await connection.sendRequest('shutdown');
    connection.dispose();
  };
  await connection.sendRequest('initialize', {
    processId: null,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: URI.file(folder).toString(), name: 'tree' }],
    initializationOptions: { storage, settings: { index: { workers: 1 } }, besideOther: false },
  });
  await connection.sendNotification('initialized', {});
  await ready;
  return connection;
}

const uri = 'untitled:Untitled-1';
const TRACE = `Call Trace:
 filemap_fault+0x4/0x20
 ext4_mmap+0x8/0x40
 xfs_fault+0x1/0x2
`;

function open(connection: MessageConnection, text: string, languageId = TRACE_LANGUAGE): void {
  void connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
}

const request = <R>(connection: MessageConnection, method: string, params: object): Promise<R> =>
  connection.sendRequest<R>(method, { textDocument: { uri }, uri, ...params });

const lineOf = (tree: Tree, mark: string): string => `${tree.at(mark).file}:${tree.at(mark).line}`;

test('a pasted trace is answered from the tree, though it is no file of it', { timeout: 30_000 }, async () => {
  const tree = writeTree(VM_TREE);
  const connection = await serve(tree.root, tree.storage);
  open(connection, TRACE);
  const position = { line: 1, character: 3 };
  const hover = await request<Hover>(connection, 'textDocument/hover', { position });
  expect((hover.contents as { value: string }).value).toContain('Reached from `ext4_mmap`');
  const [definition] = await request<Location[]>(connection, 'textDocument/definition', { position });
  expect(definition.uri).toBe(URI.file(`${tree.root}/mm/filemap.c`).toString());

  const links = await request<DocumentLink[]>(connection, 'textDocument/documentLink', {});
  expect(links).toHaveLength(3);
  expect(links[1].target).toBeUndefined();
  const link = await connection.sendRequest<DocumentLink>('documentLink/resolve', links[1]);
  expect(link.target).toMatch(`fs/ext4/file.c#L${tree.at('fault-dispatch').line}`);

  const symbols = await request<DocumentSymbol[]>(connection, 'textDocument/documentSymbol', {});
  expect(symbols[0].children).toHaveLength(3);
  expect(await request<FoldingRange[]>(connection, 'textDocument/foldingRange', {})).toEqual([
    { startLine: 0, endLine: 3 },
  ]);
  expect(await request<CodeLens[]>(connection, 'textDocument/codeLens', {})).toEqual([]);

  const list = await request<TraceStacksAnswer>(connection, TRACE_STACKS, {});
  expect(list?.stacks.map((s) => s.frames)).toEqual([3]);
  const { frames, partial } = await request<TraceFramesAnswer>(connection, TRACE_FRAMES, { stack: 0 });
  expect(partial).toBeNull();
  expect(frames[1]).toMatchObject({ function: 'ext4_mmap', where: lineOf(tree, 'fault-dispatch') });
  expect(frames[1].edge).toMatch(/->fault/);
  expect(await request<TraceFramesAnswer>(connection, TRACE_FRAMES, { stack: 5 })).toMatchObject({ frames: [] });
  expect(await request<string>(connection, TRACE_TEXT, { markdown: false })).toContain(
    `ext4_mmap+0x8/0x40 (${lineOf(tree, 'fault-dispatch')})`,
  );
});

test('what is typed into the trace counts at once', { timeout: 30_000 }, async () => {
  const tree = writeTree(VM_TREE);
  const connection = await serve(tree.root, tree.storage);
  open(connection, 'nothing here\n');
  expect((await request<TraceStacksAnswer>(connection, TRACE_STACKS, {}))?.stacks).toEqual([]);
  await connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text: TRACE }],
  });
  expect((await request<TraceStacksAnswer>(connection, TRACE_STACKS, {}))?.stacks).toHaveLength(1);
  await connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  expect(await request<TraceStacksAnswer>(connection, TRACE_STACKS, {})).toBeNull();
});

test('a patch has lenses, a line of a terminal a place, a text its kind', { timeout: 30_000 }, async () => {
  const tree = writeTree(VM_TREE);
  const connection = await serve(tree.root, tree.storage);
  const patch = `--- a/fs/xfs/file.c
+++ b/fs/xfs/file.c
@@ -2,4 +2,4 @@
 static int xfs_fault(struct vm_fault *vmf)
 //         ^xfs_fault
 {
-	return 0;
+	return 1;
`;
  open(connection, patch, 'diff');
  const [lens] = await request<CodeLens[]>(connection, 'textDocument/codeLens', {});
  expect(lens.command).toMatchObject({
    title: 'applies',
    command: 'kerntrail.openPlace',
    arguments: [URI.file(`${tree.root}/fs/xfs/file.c`).toString(), tree.at('xfs_fault').line + 2],
  });
  const frame = await connection.sendRequest<TraceLineAnswer>(TRACE_LINE, { text: 'xfs_fault+0x1/0x2' });
  expect(frame?.where).toBe(lineOf(tree, 'xfs_fault'));
  expect(await connection.sendRequest(TRACE_LINE, { text: 'hello' })).toBeNull();
  expect(await connection.sendRequest(TRACE_DETECT, { text: TRACE })).toEqual({ trace: true });
  expect(await connection.sendRequest(TRACE_DETECT, { text: 'hello' })).toEqual({ trace: false });
});

test('without a kernel tree frames are still listed, and nothing fails', { timeout: 30_000 }, async () => {
  const { root, storage } = writeTree('');
  const connection = await serve(`${root}/include`.replace('/linux/include', ''), storage, 'noTree');
  open(connection, TRACE);
  expect((await request<TraceStacksAnswer>(connection, TRACE_STACKS, {}))?.stacks).toHaveLength(1);
  const { frames, partial } = await request<TraceFramesAnswer>(connection, TRACE_FRAMES, { stack: 0 });
  expect(frames.map((f) => [f.function, f.location])).toEqual([
    ['filemap_fault', null],
    ['ext4_mmap', null],
    ['xfs_fault', null],
  ]);
  expect(partial).toContain('no kernel tree');
  expect(
    await request<Hover | null>(connection, 'textDocument/hover', { position: { line: 1, character: 3 } }),
  ).toBeNull();
  expect(await request<string>(connection, TRACE_TEXT, { markdown: true })).toBe('');
});
