import { join } from 'node:path';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { URI } from 'vscode-uri';
import { requestAround, requestIn, requestOf, requestsOf } from '../../../server/src/lsp/requests.ts';
import { closeSession, documentClosed, documentOpened, openSession } from '../../../server/src/lsp/session.ts';
import { mergeSettings } from '../../../server/src/lsp/settings.ts';
import { indexTree, writeTree } from '../support/marked.ts';

function opened(folders: string[], settings: object = {}, storage = '/nowhere') {
  return openSession({
    folders,
    settings: mergeSettings(settings),
    storage,
    scripts: '/nowhere',
    log: () => {},
    warn: () => {},
    changed() {},
    indexed() {},
    moved() {},
  });
}

const TREE = '//@ arch/x86/a.c\nint a;\n//@ fs/a.c\nint a_run(void) { return 0; }\n';

test('an open document is answered for from the sources, until there is an index', async () => {
  const { root, storage } = writeTree(TREE);
  const session = opened([root], {}, storage);
  const file = join(root, 'fs/a.c');
  const uri = URI.file(file).toString();
  const text = '/* \u00dc */ int a_run(void) { return 0; }\n';
  documentOpened(session, TextDocument.create(uri, 'c', 1, text), file);
  const request = await requestOf(session, uri, true);
  expect(request).toMatchObject({ root, besideOther: true, partial: expect.stringContaining('is being built') });
  expect(request?.file.facts?.functions.map((f) => f.name)).toEqual(['a_run']);
  // a byte more than characters stands before the name
  expect(request?.character('fs/a.c', 1, 14)).toBe(12);
  // without a file in view, there is what was read: nothing yet, and nothing is claimed of it
  expect(requestsOf(session, false)).toMatchObject([{ root, notYet: 'not indexed yet' }]);
  expect(requestAround(session, uri)?.index.names('a_run').length).toBe(1);
  documentClosed(session, uri);
  expect(await requestOf(session, uri, true)).toBeNull();
  await closeSession(session);
});

test('with an index: a request for each tree, and for what stands in it', async () => {
  const { root, storage } = await indexTree(TREE);
  const session = opened([root], {}, storage);
  const uri = URI.file(join(root, 'fs/a.c')).toString();
  expect(requestsOf(session, false)).toMatchObject([{ root, partial: null }]);
  expect(requestIn(session, uri, false)?.root).toBe(root);
  expect(requestIn(session, 'file:///elsewhere/a.c', false)).toBeUndefined();
  // a text from anywhere is about the first tree
  expect(requestAround(session, 'untitled:x')?.root).toBe(root);
  await closeSession(session);
});
