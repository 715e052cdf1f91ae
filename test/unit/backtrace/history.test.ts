import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { removalOf } from '../../../server/src/backtrace/history.ts';

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

  describe('of a hostile tree, nothing is run', () => {
    const evil = join(root, 'evil');
    const marker = join(root, 'marker');
    const run = join(root, 'run.sh');
    const before = { ...process.env };
    const inEvil = (...args: string[]) =>
      spawnSync('git', ['-C', evil, '-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], {
        encoding: 'utf8',
      });

    beforeAll(() => {
      mkdirSync(evil);
      writeFileSync(run, `#!/bin/sh\ntouch ${marker}\ncat "$1" 2>/dev/null\n`);
      chmodSync(run, 0o755);
      cpSync(join(root, '.git'), join(evil, '.git'), { recursive: true });
      inEvil('checkout', '-qf', 'HEAD');
    });
    afterEach(() => {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
      rmSync(marker, { force: true });
    });

    const ANSWER = { subject: 'Use folios', replacements: ['new_folio'] };

    /** What the commands of these configurations would do is shown to work, by git as anyone would call it. */
    test.each([
      ['a pager', { 'core.pager': run, 'pager.log': run, 'pager.show': run }, []],
      ['a watcher of files', { 'core.fsmonitor': run }, ['status']],
      ['hooks', { 'core.hooksPath': root }, []],
      ['an external diff', { 'diff.external': run }, ['diff', 'HEAD~1']],
      ['a diff by attribute', { 'diff.own.command': run }, ['diff', 'HEAD~1']],
      ['a text by attribute', { 'diff.own.textconv': run }, ['log', '-p']],
      ['a filter by attribute', { 'filter.own.clean': run, 'filter.own.smudge': run }, ['add', '--renormalize', '.']],
      ['an alias', { 'alias.log': `!${run}`, 'alias.show': `!${run}`, 'alias.own': `!${run}` }, ['own']],
      ['a signature', { 'log.showSignature': 'true', 'gpg.program': run }, []],
      ['helpers', { 'core.sshCommand': run, 'credential.helper': run, 'core.askPass': run, 'core.editor': run }, []],
    ])('%s', (_, config, shown) => {
      writeFileSync(join(evil, '.git', 'info', 'attributes'), '*.c diff=own filter=own\n');
      for (const [key, value] of Object.entries(config)) inEvil('config', key, value);
      if (shown.length) {
        inEvil(...shown);
        expect(existsSync(marker)).toBe(true);
        rmSync(marker);
      }
      expect(removalOf(evil, 'a.c', 'old_pages')).toMatchObject(ANSWER);
      expect(existsSync(marker)).toBe(false);
      for (const key of Object.keys(config)) inEvil('config', '--unset', key);
    });

    test('a fetch of what the tree leaves out', () => {
      const partial = join(root, 'partial');
      cpSync(evil, partial, { recursive: true });
      const [blob] = spawnSync('git', ['-C', partial, 'rev-parse', 'HEAD~2:a.c'], { encoding: 'utf8' }).stdout.split(
        '\n',
      );
      rmSync(join(partial, '.git', 'objects', blob.slice(0, 2), blob.slice(2)));
      for (const [key, value] of [
        ['core.repositoryFormatVersion', '1'],
        ['extensions.partialClone', 'origin'],
        ['remote.origin.promisor', 'true'],
        ['remote.origin.url', `ext::${run}`],
        ['remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'],
        ['protocol.ext.allow', 'always'],
      ])
        spawnSync('git', ['-C', partial, 'config', key, value]);
      expect(removalOf(partial, 'a.c', 'old_pages')).toBeNull();
      expect(existsSync(marker)).toBe(false);
      // git itself does fetch it
      spawnSync('git', ['-C', partial, 'show', 'HEAD~2:a.c']);
      expect(existsSync(marker)).toBe(true);
    });

    test('the environment leads to no other repository, program or file', () => {
      const other = join(root, 'other');
      mkdirSync(other);
      spawnSync('git', ['-C', other, 'init', '-q']);
      const config = join(root, 'config');
      writeFileSync(config, `[diff]\n\texternal = ${run}\n`);
      Object.assign(process.env, {
        ...{ GIT_DIR: join(other, '.git'), GIT_WORK_TREE: other, GIT_EXTERNAL_DIFF: run, GIT_PAGER: run },
        ...{ GIT_TRACE: marker, GIT_SSH_COMMAND: run, GIT_EXEC_PATH: other, GIT_OBJECT_DIRECTORY: other },
        ...{ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'diff.external', GIT_CONFIG_VALUE_0: run },
        ...{ GIT_CONFIG_GLOBAL: config, GIT_EDITOR: run, GIT_PAGER_IN_USE: '1' },
      });
      expect(removalOf(evil, 'a.c', 'old_pages')).toMatchObject(ANSWER);
      expect(existsSync(marker)).toBe(false);
    });

    test.runIf(process.platform !== 'win32')('a git of the tree is not the git that is asked', () => {
      mkdirSync(join(evil, 'bin'));
      for (const place of ['git', 'bin/git']) cpSync(run, join(evil, place));
      const folder = process.cwd();
      try {
        process.chdir(evil);
        process.env.PATH = `.:bin:${join(evil, 'bin')}::${before.PATH}`;
        expect(removalOf(evil, 'a.c', 'old_pages')).toMatchObject(ANSWER);
        expect(existsSync(marker)).toBe(false);
        process.env.PATH = `.:${join(evil, 'bin')}`;
        expect(removalOf(evil, 'a.c', 'old_pages')).toBeNull();
        expect(existsSync(marker)).toBe(false);
      } finally {
        process.chdir(folder);
      }
    });

    test("a repository of someone else's is left alone, as the user's safe.directory says", () => {
      const isRoot = process.getuid?.() === 0;
      const strange = join(root, 'strange');
      cpSync(evil, strange, { recursive: true });
      if (isRoot) spawnSync('chown', ['-R', '65534', strange]);
      const config = join(root, 'safe');
      process.env.GIT_CONFIG_GLOBAL = config;
      process.env.GIT_CONFIG_SYSTEM = join(root, 'no-such-file');
      writeFileSync(config, '');
      if (isRoot) expect(removalOf(strange, 'a.c', 'old_pages')).toBeNull();
      writeFileSync(config, `[safe]\n\tdirectory = ${strange}\n`);
      expect(removalOf(strange, 'a.c', 'old_pages')).toMatchObject(ANSWER);
    });
  });
});
