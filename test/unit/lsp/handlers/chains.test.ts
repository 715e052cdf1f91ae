import { expect, test } from 'vitest';
import { CHAINS } from '../../../../server/src/lsp/handlers/chains.ts';
import {
  CHAIN_BEGINS,
  CHAIN_NEXT,
  CHAIN_ROOTS,
  CHAIN_WHY,
  FIND_PATH,
  FIND_ROOTS,
  PATH_END,
  PATH_NAMES,
} from '../../../../server/src/lsp/protocol.ts';
import { fakeServer } from '../../support/fakeConnection.ts';

const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };
const node = {
  ...{ id: 'function a', kind: 'function', name: 'a', owner: '', file: 'a.c', group: '' },
  ...{ location: { uri: 'file:///nowhere/a.c', range }, data: { kind: 'function' } },
};

test('without a tree every question is answered with words, and nothing fails', async () => {
  const { server, ask, logged } = fakeServer();
  for (const { register } of CHAINS) register(server);
  const none = expect.stringContaining('There is no index of this tree yet');
  expect(await ask(FIND_PATH, { from: 'a', to: 'b', context: '' })).toEqual({ chains: [], message: none });
  expect(await ask(FIND_ROOTS, { to: 'b', context: '' })).toEqual({ chains: [], message: none });
  expect(await ask(PATH_END, { name: 'a' })).toEqual({ problem: none });
  expect(await ask(PATH_NAMES, { query: 'a' })).toEqual([]);
  const nothing = { roots: [], of: null, message: none };
  expect(await ask(CHAIN_ROOTS, { name: 'a' })).toEqual(nothing);
  expect(await ask(CHAIN_ROOTS, { uri: 'file:///nowhere/a.c', position: range.start })).toEqual(nothing);
  expect(await ask(CHAIN_BEGINS, { uri: 'file:///nowhere/a.c', position: range.start })).toBe(false);
  expect(await ask(CHAIN_NEXT, { node, direction: 'callers' })).toEqual({ steps: [], folds: [], message: none });
  const link = { from: 'a', to: 'a', kind: 'call', evidence: 'named', how: '', why: ['a.c:1'], places: [] };
  expect(await ask(CHAIN_WHY, { from: node, to: node, link })).toEqual(['a.c:1']);
  expect(logged).toEqual([]);
});
