import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { removalOf } from '../../../server/src/features/history.ts';

const root = mkdtempSync(join(tmpdir(), 'kerntrail-git-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const hasGit = spawnSync('git', ['--version']).status === 0;
const git = (...args: string[]) =>
  spawnSync('git', ['-C', root, '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], { encoding: 'utf8' });

const OTHERS = Array.from({ length: 12 }, (_, i) => `int other${i}(void);\n`).join('');

test('a tree without a history says nothing', () => {
  expect(removalOf(root, 'a.c', 'old_pages')).toBeNull();
});

describe.runIf(hasGit)('in a history', () => {
  beforeAll(() => {
    git('init', '-q');
    writeFileSync(join(root, 'a.c'), `int old_pages(int n)\n{\n\treturn n;\n}\n${OTHERS}`);
    git('add', 'a.c');
    git('commit', '-qm', 'first');
    writeFileSync(join(root, 'a.c'), `int new_folio(int n)\n{\n\treturn n;\n}\n${OTHERS}`);
    git('commit', '-qam', 'Use folios');
    writeFileSync(join(root, 'a.c'), `int new_folio(int n)\n{\n\treturn n + 1;\n}\n${OTHERS}`);
    git('commit', '-qam', 'later');
  });

  test('the commit that took the function away, and what it put there', () => {
    expect(removalOf(root, 'a.c', 'old_pages')).toEqual({
      commit: expect.stringMatching(/^[0-9a-f]{6,}$/),
      subject: 'Use folios',
      replacements: ['new_folio'],
    });
  });

  test('a function that never was, a file that never was, a name that is none', () => {
    expect(removalOf(root, 'a.c', 'never_was')).toBeNull();
    expect(removalOf(root, 'b.c', 'old_pages')).toBeNull();
    expect(removalOf(root, 'a.c', '--output=x')).toBeNull();
  });
});
