import { expect, test } from 'vitest';
import {
  registerConfiguration,
  registerDocuments,
  registerLifecycle,
} from '../../../../server/src/lsp/handlers/lifecycle.ts';
import { fakeServer } from '../../support/fakeConnection.ts';

function begun(initializationOptions?: object) {
  const fake = fakeServer();
  registerLifecycle(fake.server, { hoverProvider: true });
  registerDocuments(fake.server);
  registerConfiguration(fake.server);
  return { ...fake, answer: fake.ask('onInitialize', { capabilities: {}, initializationOptions }) };
}

test('an editor is told the capabilities; what it says is kept', async () => {
  const { server, answer } = begun({
    storage: '/s',
    settings: { architecture: 'arm64' },
    besideOther: true,
    trusted: true,
  });
  expect(await answer).toEqual({ serverInfo: { name: 'kerntrail' }, capabilities: { hoverProvider: true } });
  expect(server).toMatchObject({
    storage: '/s',
    besideOther: true,
    trusted: true,
    settings: { architecture: 'arm64' },
  });
});

test('left out: no trust, and beside another server only where the settings say so', async () => {
  const silent = begun();
  await silent.answer;
  expect(silent.server).toMatchObject({ storage: '/nowhere', besideOther: false, trusted: false });
  const set = begun({ settings: { besideOtherServers: 'on' }, trusted: 'yes' });
  await set.answer;
  expect(set.server).toMatchObject({ besideOther: true, trusted: false });
});

test('a changed setting is taken over; before there is a session, it leads to nothing else', async () => {
  const { server, ask, answer, sent } = begun();
  await answer;
  await ask('onDidChangeConfiguration', { settings: { kerntrail: { codeLens: { tables: false } } } });
  expect(server.settings.codeLens).toEqual({ tables: false, functions: true });
  await ask('onDidChangeWatchedFiles', { changes: [{ uri: 'file:///k/a.c', type: 2 }] });
  await ask('onShutdown', undefined);
  expect(server.session).toBeNull();
  expect(sent).toEqual([]);
});
