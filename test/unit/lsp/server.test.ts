import { closeSync, fstatSync, openSync, readdirSync, realpathSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from 'vitest';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import type { Hover, Location, SymbolInformation } from 'vscode-languageserver';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { URI } from 'vscode-uri';
import { storeFolder } from '../../../server/src/index/store/store.ts';
import { isLock, tryLock } from '../../../server/src/index/store/writerLock.ts';
import {
  CHAIN_NEXT,
  CHAIN_ROOTS,
  type ChainNext,
  type ChainRoots,
  FIND_PATH,
  INDEXED,
  REINDEX,
  SET_ARCHITECTURE,
  STATUS,
  type StatusParams,
  TRACE_FRAMES,
  type TraceFramesAnswer,
} from '../../../server/src/lsp/protocol.ts';
import { CAPABILITIES, startServer } from '../../../server/src/lsp/server.ts';
import { bundles } from '../support/bundles.ts';
import { type Tree, writeTree } from '../support/marked.ts';
import { VM_TREE } from '../support/vmTree.ts';

interface Client {
  connection: MessageConnection;
  statuses: StatusParams[];
  /** resolves with the first status from now on that passes the test */
  status(test: (s: StatusParams) => boolean): Promise<StatusParams>;
}

let stop: (() => Promise<void>) | undefined;

afterEach(async () => {
  await stop?.();
  stop = undefined;
});

/** A server in this process, with its indexer in another as always. */
async function start(folder: string, storage: string, settings: object = {}): Promise<Client> {
  const up = new PassThrough();
  const down = new PassThrough();
  startServer(createConnection(ProposedFeatures.all, up, down), { scripts: bundles('indexer', 'worker'), storage });
  const connection = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const statuses: StatusParams[] = [];
  const waiting = new Set<() => void>();
  connection.onNotification(STATUS, (s: StatusParams) => {
    statuses.push(s);
    for (const w of waiting) w();
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
    initializationOptions: { storage, settings: { index: { workers: 1 }, ...settings }, besideOther: false },
  });
  await connection.sendNotification('initialized', {});
  return {
    connection,
    statuses,
    status(wanted) {
      let from = statuses.length;
      return new Promise((resolve) => {
        const look = (): void => {
          for (; from < statuses.length; from++) {
            if (!wanted(statuses[from])) continue;
            waiting.delete(look);
            resolve(statuses[from]);
            return;
          }
        };
        waiting.add(look);
      });
    },
  };
}

test('an editor is told what the handlers say of themselves', () => {
  expect(Object.keys(CAPABILITIES).sort()).toEqual([
    'callHierarchyProvider',
    'codeLensProvider',
    'declarationProvider',
    'definitionProvider',
    'documentLinkProvider',
    'documentSymbolProvider',
    'foldingRangeProvider',
    'hoverProvider',
    'implementationProvider',
    'inlayHintProvider',
    'referencesProvider',
    'textDocumentSync',
    'workspace',
    'workspaceSymbolProvider',
  ]);
});

const uriIn = (tree: Tree, file: string): string => URI.file(join(tree.root, file)).toString();

function open(client: Client, tree: Tree, file: string): void {
  const text = tree.files.get(file);
  void client.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri: uriIn(tree, file), languageId: 'c', version: 1, text },
  });
}

async function hoverAt(client: Client, tree: Tree, mark: string): Promise<string> {
  const { file, line, column } = tree.at(mark);
  const hover = await client.connection.sendRequest<Hover | null>('textDocument/hover', {
    textDocument: { uri: uriIn(tree, file) },
    position: { line: line - 1, character: column - 1 },
  });
  return (hover?.contents as { value: string } | undefined)?.value ?? '';
}

const isReady = (s: StatusParams): boolean => s.phase === 'ready';

test('answers come before the index, are marked partial, and whole ones follow', { timeout: 120_000 }, async () => {
  const tree = writeTree(VM_TREE);
  const client = await start(tree.root, tree.storage);
  open(client, tree, 'fs/ext4/file.c');
  const ready = client.status(isReady);
  const early = await hoverAt(client, tree, 'ext4_vm_ops');
  expect(early).toContain('filemap_fault');
  expect(early).toContain('partial');
  expect(await ready).toMatchObject({ release: '6.1.0', architecture: 'x86', architectures: ['arm64'], total: 6 });
  const whole = await hoverAt(client, tree, 'fault-dispatch');
  expect(whole).toContain('**2 functions**');
  expect(whole).not.toContain('partial');
  // a source that no editor has open is as good as one that is
  const { file, line, column } = tree.at('fault-dispatch');
  const at = { uri: uriIn(tree, file), position: { line: line - 1, character: column - 1 } };
  const { roots } = await client.connection.sendRequest<ChainRoots>(CHAIN_ROOTS, at);
  const { steps } = await client.connection.sendRequest<ChainNext>(CHAIN_NEXT, {
    ...{ node: roots[0].node, direction: 'targets' },
  });
  expect([roots[0].node.name, steps.length]).toEqual(['->fault', 2]);
  const elsewhere = { ...at, uri: 'file:///elsewhere/a.c' };
  expect(await client.connection.sendRequest(CHAIN_ROOTS, elsewhere)).toMatchObject({
    message: 'This text is no source of the kernel tree.',
  });
  const symbols = await client.connection.sendRequest<SymbolInformation[]>('workspace/symbol', { query: 'xfs_vm' });
  expect(symbols[0].name).toBe('xfs_vm_ops');
});

test('an index that another process holds: what is asked for is found, and nothing is called absent', {
  timeout: 120_000,
}, async () => {
  const tree = writeTree(`${VM_TREE}
//@ mm/memory.c
#include <linux/mm.h>
int __do_fault(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	return vma->vm_ops->fault(vmf);
	//                  ^late-dispatch
}
`);
  const lock = tryLock(storeFolder(tree.storage, realpathSync(tree.root), 'x86'));
  if (!isLock(lock)) throw new Error('the index is held already');
  const client = await start(tree.root, tree.storage);
  let news = 0;
  client.connection.onNotification(INDEXED, () => void news++);
  open(client, tree, 'fs/ext4/file.c');
  const use = tree.marks.get('fault-registration')?.find((m) => m.file === 'fs/ext4/file.c');
  const found = await client.connection.sendRequest<Location[]>('textDocument/definition', {
    textDocument: { uri: uriIn(tree, 'fs/ext4/file.c') },
    position: { line: (use?.line ?? 1) - 1, character: (use?.column ?? 1) - 1 },
  });
  expect(found.map((l) => l.uri)).toEqual([uriIn(tree, 'mm/filemap.c')]);
  expect(await client.connection.sendRequest(FIND_PATH, { from: 'nobody', to: 'filemap_fault', context: '' })).toEqual({
    chains: [],
    message: 'nobody: not indexed yet.',
  });

  const uri = 'untitled:trace';
  const text = 'Call Trace:\n filemap_fault+0x1/0x20\n __do_fault+0x1/0x20\n nobody+0x1/0x20\n';
  await client.connection.sendNotification('textDocument/didOpen', {
    textDocument: { uri, languageId: 'kernel-trace', version: 1, text },
  });
  const rows = async (): Promise<string[]> => {
    const params = { uri, stack: 0 };
    const { frames } = await client.connection.sendRequest<TraceFramesAnswer>(TRACE_FRAMES, params);
    return frames.map((f) => [f.function, f.where, f.note].filter(Boolean).join(' '));
  };
  await expect
    .poll(rows, { timeout: 20_000 })
    .toEqual([
      `filemap_fault mm/filemap.c:${tree.at('filemap_fault').line}`,
      `__do_fault mm/memory.c:${tree.at('late-dispatch').line}`,
      'nobody not indexed yet',
    ]);
  open(client, tree, 'mm/memory.c');
  const early = await hoverAt(client, tree, 'late-dispatch');
  expect(early).not.toContain('No function');
  const told: string[] = [];
  client.connection.onNotification('window/showMessage', ({ message }) => void told.push(message));
  const slot = tree.at('fault-dispatch');
  await client.connection.sendRequest('textDocument/implementation', {
    textDocument: { uri: uriIn(tree, slot.file) },
    position: { line: slot.line - 1, character: slot.column - 1 },
  });
  await client.connection.sendRequest('textDocument/references', {
    textDocument: { uri: uriIn(tree, 'mm/memory.c') },
    position: { line: tree.at('late-dispatch').line - 3, character: 5 },
    context: { includeDeclaration: false },
  });
  expect(told).toEqual(['Kerntrail: references are not indexed yet.']);

  news = 0;
  const ready = client.status(isReady);
  lock.release();
  await ready;
  await expect.poll(() => news, { timeout: 10_000 }).toBeGreaterThan(0);
  expect((await rows())[2]).toBe('nobody not in this tree');
  expect(await hoverAt(client, tree, 'late-dispatch')).toContain('**2 functions**');
});

test('unsaved text counts at once, a saved file in the whole tree', { timeout: 120_000 }, async () => {
  const tree = writeTree(VM_TREE);
  const client = await start(tree.root, tree.storage);
  await client.status(isReady);
  open(client, tree, 'fs/ext4/file.c');
  open(client, tree, 'fs/xfs/file.c');
  expect(await hoverAt(client, tree, 'fault-dispatch')).toContain('xfs_fault');
  const uri = uriIn(tree, 'fs/xfs/file.c');
  const text = (tree.files.get('fs/xfs/file.c') ?? '').replaceAll('xfs_fault', 'xfs_other');
  await client.connection.sendNotification('textDocument/didChange', {
    textDocument: { uri, version: 2 },
    contentChanges: [{ text }],
  });
  const { file, line } = tree.at('xfs_fault');
  const definition = await client.connection.sendRequest<Location[]>('textDocument/references', {
    textDocument: { uri },
    position: { line: line - 1, character: 12 },
    context: { includeDeclaration: true },
  });
  expect(definition.map((l) => l.uri)).toEqual([uriIn(tree, file), uri]);
  expect(await hoverAt(client, tree, 'fault-dispatch')).toContain('xfs_other');

  writeFileSync(join(tree.root, 'fs/xfs/file.c'), text);
  await client.connection.sendNotification('textDocument/didSave', { textDocument: { uri } });
  await client.connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
  await expect.poll(() => hoverAt(client, tree, 'fault-dispatch'), { timeout: 10_000 }).toContain('xfs_other');
});

test('another architecture, and an index begun anew', { timeout: 120_000 }, async () => {
  const tree = writeTree(VM_TREE);
  const client = await start(tree.root, tree.storage);
  await client.status(isReady);
  open(client, tree, 'mm/filemap.c');
  const arm = client.status((s) => isReady(s) && s.architecture === 'arm64');
  await client.connection.sendRequest(SET_ARCHITECTURE, { architecture: 'arm64' });
  await arm;
  open(client, tree, 'fs/ext4/file.c');
  expect(await hoverAt(client, tree, 'fault-dispatch')).toContain('arm_fault');
  const anew = client.status((s) => s.phase === 'indexing' || s.phase === 'scanning');
  await client.connection.sendRequest(REINDEX);
  await anew;
  await client.status(isReady);
  expect(await hoverAt(client, tree, 'generic_vm_ops')).toContain('filemap_fault');
  const back = client.status((s) => isReady(s) && s.architecture === 'x86');
  await client.connection.sendRequest(SET_ARCHITECTURE, { architecture: 'x86' });
  await back;
  const there = await hoverAt(client, tree, 'fault-dispatch');
  expect(there).not.toContain('arm_fault');
  expect(there).toContain('filemap_fault');
  for (let n = 0; n < 3; n++) {
    const again = client.status((s) => s.phase === 'indexing' || s.phase === 'scanning');
    await client.connection.sendRequest(REINDEX);
    await again;
    await client.status(isReady);
    expect(await hoverAt(client, tree, 'fault-dispatch')).toBe(there);
  }
});

test('a folder that is no tree: a status that says what to do, and no answers', { timeout: 120_000 }, async () => {
  const tree = writeTree('//@ a.c\nint a;\n');
  const client = await start(join(tree.root, '..'), tree.storage);
  const status = await client.status(() => true);
  expect(status.phase).toBe('noTree');
  expect(status.message).toContain('kerntrail.tree');
  open(client, tree, 'a.c');
  const uri = uriIn(tree, 'a.c');
  expect(
    await client.connection.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position: { line: 0, character: 4 },
    }),
  ).toBeNull();
});

test('a damaged index is told of and built anew, and questions have answers meanwhile', {
  timeout: 60_000,
}, async () => {
  const tree = writeTree(VM_TREE);
  const client = await start(tree.root, tree.storage);
  const told: string[] = [];
  client.connection.onNotification('window/showMessage', ({ message }: { message: string }) => void told.push(message));
  await client.status(isReady);
  open(client, tree, 'fs/ext4/file.c');
  const whole = await hoverAt(client, tree, 'fault-dispatch');
  const folder = readdirSync(tree.storage).find((name) => name.endsWith('-x86')) ?? '';
  const file = openSync(join(tree.storage, folder, 'data.mdb'), 'r+');
  const { size } = fstatSync(file);
  writeSync(file, Buffer.alloc(size - 2 * 16384), 0, size - 2 * 16384, 2 * 16384);
  closeSync(file);
  const again = client.status(isReady);
  const meanwhile = await hoverAt(client, tree, 'ext4_vm_ops');
  expect(meanwhile).toContain('filemap_fault');
  await again;
  expect(told.join()).toContain('is damaged');
  expect(told.join()).toContain('built anew');
  expect(await hoverAt(client, tree, 'fault-dispatch')).toBe(whole);
});
