import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holderOf, openSession, refusedArchitecture, sessionStatus } from '../../../server/src/lsp/session.ts';
import { mergeSettings } from '../../../server/src/lsp/settings.ts';
import { writeTree } from '../support/marked.ts';

function opened(folders: string[], settings: object = {}, storage = '/nowhere') {
  const logged: string[] = [];
  const session = openSession({
    folders,
    settings: mergeSettings(settings),
    storage,
    scripts: '/nowhere',
    log: (message) => logged.push(message),
    warn: (message) => logged.push(message),
    changed() {},
    indexed() {},
    moved() {},
  });
  return { session, logged };
}

const TREE = '//@ arch/x86/a.c\nint a;\n//@ fs/a.c\nint a_run(void) { return 0; }\n';

test('the tree around a folder is found; a folder without one is told', () => {
  const { root } = writeTree(TREE);
  expect(opened([join(root, 'fs')]).session.held.map((h) => h.tree.folder)).toEqual([root]);
  const { session } = opened(['/']);
  expect(sessionStatus(session)).toMatchObject({ phase: 'noTree', message: expect.stringContaining('no kernel tree') });
  const named = opened([root], { tree: '/' });
  expect(sessionStatus(named.session).message).toMatch(/^The setting kerntrail.tree names \/, which is no kernel tree/);
});

test('an architecture that the tree lacks is refused, with those that it has', () => {
  const { root } = writeTree(TREE);
  const { session, logged } = opened([root], { architecture: 'arm64' });
  expect(session.architecture).toBe('x86');
  expect(logged).toEqual([expect.stringContaining('The setting kerntrail.architecture is not used')]);
  expect(refusedArchitecture(session, 'arm64')).toBe('There is no folder arch/arm64 in the tree. Choose one of x86.');
  expect(refusedArchitecture(session, 'x86')).toBeNull();
});

test('of a tree in a tree, a file belongs to the inner one', () => {
  const outer = writeTree(`${TREE}//@ inner/include/linux/a.h\n//@ inner/Makefile\nVERSION = 5\nPATCHLEVEL = 4\n`);
  const { session } = opened([outer.root, join(outer.root, 'inner')]);
  expect(session.held.length).toBe(2);
  expect(holderOf(session, join(outer.root, 'inner/fs/a.c'))?.path).toBe('fs/a.c');
  expect(holderOf(session, '/elsewhere/a.c')).toBeNull();
});
