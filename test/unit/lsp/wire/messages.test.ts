import { expect, test } from 'vitest';
import { refusalOf } from '../../../../server/src/lsp/wire/messages.ts';

const request = (method: unknown, params?: unknown, id: unknown = 1) => ({ jsonrpc: '2.0', id, method, params });
const at = { textDocument: { uri: 'file:///a.c' }, position: { line: 0, character: 4 } };

test('good messages are let through', () => {
  expect(refusalOf(request('textDocument/hover', at))).toBeNull();
  expect(refusalOf(request('textDocument/hover', { ...at, workDoneToken: 'x' }, 'a'))).toBeNull();
  expect(refusalOf(request('shutdown'))).toBeNull();
  expect(refusalOf(request('shutdown', null))).toBeNull();
  expect(refusalOf(request('kerntrail/reindex'))).toBeNull();
  expect(refusalOf(request('no/such', [1]))).toBeNull();
  expect(refusalOf({ jsonrpc: '2.0', id: 1, result: null })).toBeNull();
  expect(refusalOf({ jsonrpc: '2.0', id: null, error: { code: 1, message: 'x' } })).toBeNull();
  expect(refusalOf({ jsonrpc: '2.0', method: '$/cancelRequest', params: { id: 4 } })).toBeNull();
  const change = { textDocument: { uri: 'a', version: 2 }, contentChanges: [{ text: '' }] };
  expect(refusalOf({ method: 'textDocument/didChange', params: change })).toBeNull();
});

test.each([
  null,
  5,
  'x',
  [],
  [request('textDocument/hover', at)],
  {},
  { id: 3 },
  request(7),
  request('shutdown', {}, {}),
])('what is no message is refused: %j', (message) => {
  expect(refusalOf(message)).toMatchObject({ id: null, code: -32600 });
});

test.each([
  ['textDocument/hover', undefined, 'params must be an object'],
  ['textDocument/hover', null, 'params must be an object'],
  ['textDocument/hover', [], 'params must be an object'],
  ['textDocument/hover', {}, 'textDocument must be an object'],
  ['textDocument/hover', { ...at, textDocument: { uri: 7 } }, 'textDocument.uri must be a string'],
  ['textDocument/hover', { ...at, position: { line: '0', character: 4 } }, 'position.line must be a whole number'],
  ['textDocument/hover', { ...at, position: { line: 0, character: -4 } }, 'position.character must be a whole number'],
  ['textDocument/references', at, 'context must be an object'],
  ['codeLens/resolve', { range: null }, 'range must be an object'],
  ['callHierarchy/incomingCalls', { item: null }, 'item must be an object'],
  ['kerntrail/findPath', { from: null, to: 'a', context: '' }, 'from must be a string'],
  ['kerntrail/traceText', { uri: 'a', markdown: true, stacks: [0, 'x'] }, 'stacks[1] must be a whole number'],
  ['kerntrail/setArchitecture', { architecture: 7 }, 'architecture must be a string'],
  ['no/such', 5, 'params must be an object or a list'],
])('%s with %j is refused in words', (method, params, why) => {
  const refusal = refusalOf(request(method, params));
  expect(refusal).toMatchObject({ id: 1, code: -32602 });
  expect(refusal?.message).toContain(`${method}: ${why}`);
});

test('a notification that is wrong has nobody to answer', () => {
  expect(refusalOf({ method: '$/cancelRequest', params: null })).toMatchObject({ id: null });
  expect(refusalOf({ method: 'textDocument/didChange', params: { contentChanges: [{ text: 1 }] } })).toMatchObject({
    id: null,
    code: -32602,
  });
});
