import { expect, test } from 'vitest';
import { CUSTOM } from '../../../../server/src/lsp/handlers/custom.ts';
import { BESIDE_OTHER, REINDEX, SET_ARCHITECTURE, TRUST } from '../../../../server/src/lsp/protocol.ts';
import { fakeServer } from '../../support/fakeConnection.ts';

function registered() {
  const fake = fakeServer();
  for (const { register } of CUSTOM) register(fake.server);
  return fake;
}

test('what the client tells is kept', async () => {
  const { server, ask } = registered();
  await ask(BESIDE_OTHER, { on: true });
  await ask(TRUST, undefined);
  expect(server).toMatchObject({ besideOther: true, trusted: true });
});

test('trust makes places be looked up anew', async () => {
  const { server, ask } = registered();
  const { bodies } = server.texts;
  await ask(TRUST, undefined);
  expect(server.texts.bodies).not.toBe(bodies);
});

test('without a tree: nothing to index, nothing to read otherwise', async () => {
  const { ask, sent, logged } = registered();
  expect(await ask(REINDEX, undefined)).toBeNull();
  expect(await ask(SET_ARCHITECTURE, { architecture: 'arm64' })).toBeNull();
  expect([sent, logged]).toEqual([[], []]);
});
