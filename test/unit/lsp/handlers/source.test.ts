import { expect, test } from 'vitest';
import { SOURCE } from '../../../../server/src/lsp/handlers/source.ts';
import { fakeServer } from '../../support/fakeConnection.ts';

test('what an editor is told is what is registered', () => {
  const told = SOURCE.flatMap((row) => {
    const fake = fakeServer();
    row.register(fake.server);
    return Object.keys(row.capability ?? {}).map((name) => [name, fake.names.length > 0]);
  });
  expect(told).toEqual([
    ['hoverProvider', true],
    ['definitionProvider', true],
    ['declarationProvider', true],
    ['implementationProvider', true],
    ['referencesProvider', true],
    ['callHierarchyProvider', true],
    ['documentSymbolProvider', true],
    ['workspaceSymbolProvider', true],
    ['codeLensProvider', true],
    ['inlayHintProvider', true],
  ]);
});

test('without a session each question has its empty answer', async () => {
  const { server, ask, logged } = fakeServer();
  for (const { register } of SOURCE) register(server);
  const at = { textDocument: { uri: 'file:///k/a.c' }, position: { line: 0, character: 0 } };
  const item = { item: { uri: 'file:///k/a.c' } };
  expect(await ask('onHover', at)).toBeNull();
  expect(await ask('onDefinition', at)).toEqual([]);
  expect(await ask('onReferences', { ...at, context: { includeDeclaration: true } })).toEqual([]);
  expect(await ask('languages.callHierarchy.onIncomingCalls', item)).toBeNull();
  expect(await ask('onWorkspaceSymbol', { query: 'x' })).toEqual([]);
  expect(await ask('onCodeLens', at)).toBeNull();
  server.settings.inlayHints.dispatches = true;
  expect(await ask('languages.inlayHint.on', { ...at, range: {} })).toBeNull();
  const hint = { label: 'x', data: { uri: 'file:///k/a.c' } };
  expect(await ask('languages.inlayHint.resolve', hint)).toBe(hint);
  const lens = { range: {}, data: { uri: 'file:///k/a.c' } };
  expect(await ask('onCodeLensResolve', lens)).toBe(lens);
  expect(logged).toEqual([]);
});
