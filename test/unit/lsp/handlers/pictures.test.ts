import { expect, test } from 'vitest';
import { PICTURES } from '../../../../server/src/lsp/handlers/pictures.ts';
import { CHAIN_MAP, CHAIN_PICTURE, CHAIN_TRACE } from '../../../../server/src/lsp/protocol.ts';
import { fakeServer } from '../../support/fakeConnection.ts';

function registered() {
  const fake = fakeServer();
  for (const { register } of PICTURES) register(fake.server);
  return fake;
}

test('without a tree: no map, with words; a map that nobody knows is told', async () => {
  const { ask } = registered();
  expect(await ask(CHAIN_MAP, { map: 'fault' })).toMatchObject({
    nodes: [],
    title: 'Page Fault Path',
    message: expect.stringContaining('no index'),
  });
  expect(await ask(CHAIN_MAP, { map: 'nothing' })).toMatchObject({ message: 'There is no map nothing.' });
});

test('a trace that is not open is none', async () => {
  const { ask } = registered();
  expect(await ask(CHAIN_TRACE, { uri: 'untitled:gone' })).toMatchObject({
    nodes: [],
    message: expect.stringContaining('not open'),
  });
});

test('a layout that fails is answered with words', async () => {
  const { ask, logged } = registered();
  const answer = await ask(CHAIN_PICTURE, { boxes: [{ id: 'a', width: 1, height: 1, room: '' }], lines: [] });
  // the fake server has no bundled scripts
  expect(answer).toMatchObject({ boxes: [], message: expect.any(String) });
  expect(logged.length).toBeGreaterThan(0);
});
