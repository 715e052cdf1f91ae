// The real server in a process of its own: nothing that it is sent, and no fault of its own, ends it.
import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { bundles } from '../support/bundles.ts';
import { writeTree } from '../support/marked.ts';
import { greet, type Message, type ServerProcess, startProcess } from '../support/serverProcess.ts';
import { VM_TREE } from '../support/vmTree.ts';

let server: ServerProcess | undefined;
afterEach(() => {
  server?.child.kill('SIGKILL');
  server = undefined;
});

const SLOW = { timeout: 60_000 };

interface Started {
  server: ServerProcess;
  uri: string;
  storage: string;
  /** asks what any reader would, and expects an answer */
  alive(): Promise<void>;
  /** resolves when it says that its index is ready, once more than before */
  ready(architecture?: string): Promise<void>;
}

async function start(flags: string[] = [], settings: object = {}, env: NodeJS.ProcessEnv = {}): Promise<Started> {
  const tree = writeTree(VM_TREE);
  const one = startProcess(flags, env);
  server = one;
  await greet(one, tree.root, tree.storage, { index: { workers: 1 }, ...settings });
  const ready = async (architecture = 'x86'): Promise<void> => {
    const from = one.received.length;
    await one.until((m) => {
      const s = m.params as { phase?: string; architecture?: string } | undefined;
      const isNew = one.received.indexOf(m) >= from - 1;
      return isNew && m.method === 'kerntrail/status' && s?.phase === 'ready' && s.architecture === architecture;
    });
  };
  await one.until((m) => m.method === 'kerntrail/status' && (m.params as { phase: string }).phase === 'ready');
  const { file, line, column } = tree.at('ext4_vm_ops');
  const uri = pathToFileURL(join(tree.root, file)).href;
  one.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'c', version: 1, text: readFileSync(join(tree.root, file), 'utf8') },
  });
  return {
    server: one,
    uri,
    storage: tree.storage,
    ready,
    async alive() {
      const position = { line: line - 1, character: column - 1 };
      const { result } = await one.request('textDocument/hover', { textDocument: { uri }, position });
      expect(JSON.stringify(result)).toContain('filemap_fault');
    },
  };
}

const logged = (text: string) => (m: Message) =>
  m.method === 'window/logMessage' && (m.params as { message: string }).message.includes(text);

test('malformed messages get errors, and the server goes on', SLOW, async () => {
  const { server, uri, alive } = await start();
  await alive();
  const position = { line: 0, character: 0 };
  const wrong: [string, unknown][] = [
    ['textDocument/hover', {}],
    ['textDocument/hover', null],
    ['textDocument/hover', [1]],
    ['textDocument/hover', { textDocument: { uri: 7 }, position: { line: 'x', character: null } }],
    ['textDocument/definition', { textDocument: { uri }, position: { line: -5, character: 0 } }],
    ['textDocument/references', { textDocument: { uri }, position }],
    ['callHierarchy/incomingCalls', { item: { uri: 'x:y', data: null } }],
    ['codeLens/resolve', { range: null, data: { uri: 1 } }],
    ['codeLens/resolve', null],
    ['kerntrail/findPath', { from: null, to: [], context: 3 }],
    ['kerntrail/traceFrames', { uri: null, stack: 'a' }],
    ['initialize', null],
  ];
  for (const [method, params] of wrong) {
    const { error } = await server.request(method, params);
    expect(error?.code, `${method} ${JSON.stringify(params)}`).toBe(-32602);
  }
  expect((await server.request('kerntrail/nothing', {})).error?.code).toBe(-32601);
  for (const odd of [
    'file:///%00',
    'file:///%00a.c',
    'untitled:a',
    '://',
    'a b%zz',
    'file://////x',
    '1:2',
    `${uri}x`,
    '',
  ]) {
    const document = { uri: odd, languageId: 'c', version: 1, text: 'int a;' };
    server.notify('textDocument/didOpen', { textDocument: document });
    const { error, result } = await server.request('textDocument/hover', { textDocument: { uri: odd }, position });
    expect([error, result ?? null], odd).toEqual([undefined, null]);
    server.notify('textDocument/didSave', { textDocument: { uri: odd } });
    server.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: odd, type: 2 }] });
    server.notify('textDocument/didClose', { textDocument: { uri: odd } });
    const item = { uri: odd, selectionRange: { start: position, end: position }, data: { kind: 'x' } };
    expect((await server.request('callHierarchy/outgoingCalls', { item })).error, odd).toBeUndefined();
  }
  const far = { textDocument: { uri }, position: { line: 2 ** 40, character: Number.MAX_SAFE_INTEGER } };
  expect(await server.request('textDocument/hover', far)).toMatchObject({ result: null });
  await alive();
});

test('notifications and frames that are none are told, and the server goes on', SLOW, async () => {
  const { server, uri, alive } = await start();
  const notifications: [string, unknown][] = [
    ['textDocument/didOpen', null],
    ['textDocument/didOpen', { textDocument: { uri: 5, languageId: null, version: 'x' } }],
    ['textDocument/didChange', { textDocument: { uri, version: null }, contentChanges: [{}] }],
    ['textDocument/didSave', undefined],
    ['workspace/didChangeWatchedFiles', {}],
    ['workspace/didChangeConfiguration', 3],
    ['$/cancelRequest', null],
    ['$/setTrace', null],
    ['$/progress', null],
  ];
  for (const [method, params] of notifications) server.notify(method, params);
  const config = { settings: { kerntrail: { index: { workers: 'many' }, architecture: [], vmlinux: 9 } } };
  server.notify('workspace/didChangeConfiguration', config);
  await server.until(logged('kerntrail.index.workers'));
  for (const message of [5, null, 'x', [], { jsonrpc: '2.0', id: {}, method: 'x' }, { jsonrpc: '2.0', id: 77 }])
    server.send(message);
  const frames = ['Content-Length: 12\r\n\r\n{"jsonrpc": }', 'Content-Length: -5\r\n\r\n', 'garbage\r\n\r\n'];
  for (const frame of frames) {
    server.raw(frame);
    await alive();
  }
  const codes = server.received.flatMap((m) => (m.id === null && m.error ? [m.error.code] : []));
  expect(codes.filter((c) => c === -32600)).toHaveLength(6);
  expect(codes.filter((c) => c === -32700).length).toBeGreaterThanOrEqual(frames.length);
  await server.request('shutdown');
  server.notify('exit');
  expect(await server.gone).toBe(0);
});

test('an input beyond repair ends the server with a reason', SLOW, async () => {
  const { server } = await start();
  server.raw('Content-Length: 99999999999999\r\n\r\n');
  expect(await server.gone).toBe(1);
  expect(server.stderr()).toContain('256 MB are the most');
});

test('the end of the input ends the server', SLOW, async () => {
  const { server } = await start();
  server.child.stdin?.end();
  expect(await server.gone).toBe(1);
});

test('an architecture that the tree lacks is refused with what there is', SLOW, async () => {
  const { server, alive, ready } = await start();
  for (const architecture of ['vax', '../../tmp', '']) {
    const { error } = await server.request('kerntrail/setArchitecture', { architecture });
    expect(error?.code).toBe(-32602);
    expect(error?.message).toContain('Choose one of arm64');
  }
  expect((await server.request('kerntrail/setArchitecture', { architecture: 7 })).error?.code).toBe(-32602);
  expect((await server.request('kerntrail/setArchitecture', null)).error?.code).toBe(-32602);
  await alive();
  expect((await server.request('kerntrail/setArchitecture', { architecture: 'arm64' })).error).toBeUndefined();
  await ready('arm64');
});

test('an index that can not be removed is told, and answers go on', SLOW, async () => {
  const hook = join(mkdtempSync(join(tmpdir(), 'kerntrail-hook-')), 'hook.cjs');
  // as root, no folder is safe from being removed
  writeFileSync(
    hook,
    `const fs = require('fs');
const { rmSync } = fs;
fs.rmSync = (path, ...rest) => {
  if (String(path).endsWith('-x86')) throw Object.assign(new Error('permission denied'), { code: 'EACCES', path });
  return rmSync(path, ...rest);
};`,
  );
  // the process that indexes does it
  const { server, alive } = await start([], {}, { NODE_OPTIONS: `--require ${hook}` });
  await alive();
  expect((await server.request('kerntrail/reindex')).error).toBeUndefined();
  await server.until((m) => /you may not write there/.test(JSON.stringify(m.params ?? '')));
  await expect.poll(() => alive().then(() => 'alive'), { timeout: 20_000 }).toBe('alive');
});

test('what nobody has caught is told, and the server goes on', SLOW, async () => {
  const hook = join(mkdtempSync(join(tmpdir(), 'kerntrail-hook-')), 'hook.cjs');
  writeFileSync(
    hook,
    `process.on('SIGUSR2', () => { Promise.reject(new Error('left alone')); setTimeout(() => { throw new Error('not caught'); }); });`,
  );
  const { server, alive } = await start(['--require', hook]);
  server.child.kill('SIGUSR2');
  await server.until(logged('left alone'));
  await server.until(logged('not caught'));
  await alive();
});

test('over IPC, as the extension runs it, messages are checked too, and a parent that goes ends it', SLOW, async () => {
  const child = fork(join(bundles('server', 'indexer', 'worker'), 'server.cjs'), ['--node-ipc'], { silent: true });
  const answers: Message[] = [];
  child.on('message', (message: Message) => answers.push(message));
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const answer = (id: number) => expect.poll(() => answers.find((m) => m.id === id), { timeout: 20_000 });
  child.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: null, capabilities: {} } });
  await answer(1).toMatchObject({ result: { serverInfo: { name: 'kerntrail' } } });
  child.send({ jsonrpc: '2.0', id: 2, method: 'textDocument/hover', params: {} });
  await answer(2).toMatchObject({ error: { code: -32602 } });
  child.send({ nothing: true });
  child.send({ jsonrpc: '2.0', id: 3, method: 'shutdown' });
  await answer(3).toMatchObject({ result: null });
  child.disconnect();
  expect(await gone).toBe(0);
});
