import { expect, test } from 'vitest';
import { mergeSettings } from '../../../server/src/lsp/settings.ts';
import { alarm, refreshShown, settingsOf } from '../../../server/src/lsp/state.ts';
import { fakeServer } from '../support/fakeConnection.ts';

test('a server that nobody has spoken to yet: defaults, no session, no trust', () => {
  const { server } = fakeServer();
  expect(server).toMatchObject({ session: null, params: null, trusted: false, besideOther: false });
  expect(server.settings).toEqual(mergeSettings(undefined));
});

test('what is wrong with settings is logged', () => {
  const { server, logged } = fakeServer();
  settingsOf(server.connection, server.options, { enable: 'perhaps' });
  expect(logged).toEqual([expect.stringContaining('kerntrail.enable must be true or false')]);
});

test('a fault after which something is to be done is shown, not only logged', () => {
  const { server, sent } = fakeServer();
  alarm(server, 'The index could not be begun anew')(new Error('no room'));
  expect(sent).toEqual([
    ['window/showMessage', { type: 1, message: 'Kerntrail: The index could not be begun anew: no room' }],
  ]);
});

test('lenses and hints are refreshed where the editor can', () => {
  const { server, sent } = fakeServer();
  const methods = (workspace: object) => {
    sent.length = 0;
    server.params = { capabilities: { workspace } } as typeof server.params;
    refreshShown(server);
    return sent.map(([method]) => method);
  };
  const can = { refreshSupport: true };
  expect(methods({})).toEqual([]);
  expect(methods({ codeLens: can })).toEqual(['workspace/codeLens/refresh']);
  expect(methods({ codeLens: can, inlayHint: can })).toEqual([
    'workspace/codeLens/refresh',
    'workspace/inlayHint/refresh',
  ]);
});
