/** Attacks from a shell: signals at any time, disks without room, a terminal that somebody wants to steer, a hostile tree. */
import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { manyFiles } from '../unit/support/manyFiles.ts';
import { type Tree, writeTree } from '../unit/support/marked.ts';
import { command, quoted, STEERING, shell, start, terminal, withoutOwn } from '../unit/support/shell.ts';
import { VM_TREE } from '../unit/support/vmTree.ts';

const FILES = 1200;
const KINDS = ['ops', 'sites', 'installs', 'calls'];

let large: Tree;
let small: Tree;

beforeAll(() => {
  large = writeTree(manyFiles(FILES));
  small = writeTree(VM_TREE);
  writeFileSync(join(small.root, 'trace.txt'), 'Call Trace:\n filemap_fault+0x10/0x40\n');
  writeFileSync(
    join(small.root, 'a.patch'),
    'Subject: x\n\n--- a/fs/xfs/file.c\n+++ b/fs/xfs/file.c\n@@ -9,3 +9,3 @@\n {\n-\treturn 0;\n+\treturn 1;\n }\n',
  );
});

const dumps = (storage: string): string[][] =>
  KINDS.map((kind) => shell(command('dump', kind), storage, large.root).out.split('\n').sort());

test('signals at any time, again and again: never an answer, and the index comes out whole', async () => {
  const started = Date.now();
  shell(command('index'), `${large.storage}-undisturbed`, large.root);
  const length = Date.now() - started;
  const whole = dumps(`${large.storage}-undisturbed`);
  let caught = 0;
  for (let n = 0; n < 12; n++) {
    const signal = (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGINT'] as const)[n % 4];
    const { child, ended } = start(['symbol', 'start_1199', '--tree', large.root], large.storage);
    await sleep(((n * 7) % 12) * (length / 14));
    child.kill(signal);
    // an impatient hand
    if (n % 5 === 4) child.kill(signal);
    const { code, out, err } = await ended;
    if (code === 0) {
      // a complete one leaves nothing to interrupt
      if (n < 11) rmSync(large.storage, { recursive: true, force: true });
      continue;
    }
    caught++;
    expect(code).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
    expect(out).toBe('');
    if (err) {
      const [, files, of] = /stopped by SIG\w+: (\d+) of (\d+) files/.exec(err) ?? [];
      expect(Number(of)).toBe(FILES + 1);
      expect(Number(files)).toBeLessThanOrEqual(FILES + 1);
    }
  }
  expect(caught).toBeGreaterThan(4);
  expect(dumps(large.storage)).toEqual(whole);
});

describe.skipIf(process.platform !== 'linux')('in a small tree', () => {
  const run = (lines: string) => shell(lines, small.storage, small.root);

  test('every command, with --json and without, and every help, to a full disk', () => {
    const names = ['index', 'ops', 'implementations', 'callers', 'targets', 'path', 'roots', 'symbol', 'backtrace'];
    const questions: string[][] = [
      ['index'],
      ['ops', 'ext4_vm_ops'],
      ['ops', 'vm_operations_struct'],
      ['implementations', 'vm_operations_struct.fault'],
      ['callers', 'vm_operations_struct.fault'],
      ['path', 'ext4_mmap', 'xfs_fault'],
      ['symbol', 'filemap_fault'],
      ['targets', `fs/ext4/file.c:${small.at('fault-dispatch').line}`],
      ['backtrace', 'trace.txt'],
      ['patch', 'a.patch'],
      ...['ops', 'sites', 'installs'].map((kind) => ['dump', kind]),
    ];
    const lines = [
      ...[...names, 'patch', 'dump', 'lsp'].map((name) => [name, '--help']),
      ['--help'],
      ['--version'],
      ...questions,
      ...questions.map((q) => [...q, '--json']),
    ].map((args) => `${command(...args)} > /dev/full; echo $?`);
    const { out, err } = run(lines.join('\n'));
    expect(out).toBe('2\n'.repeat(lines.length));
    expect(err).toBe(
      'kerntrail: no room for the output (ENOSPC): it is not complete. Make room, or write it elsewhere.\n'.repeat(
        lines.length,
      ),
    );
  });

  test('a disk that fills up at any byte', () => {
    const whole = run(command('dump', 'ops', '--json')).out;
    expect(whole.length).toBeGreaterThan(1024);
    for (let blocks = 0; blocks * 512 < whole.length; blocks++) {
      const { code } = run(`ulimit -f ${blocks}; ${command('dump', 'ops', '--json', '--no-update')} > part.txt`);
      expect(code).toBe(2);
      expect(readFileSync(join(small.root, 'part.txt'), 'utf8')).toBe(whole.slice(0, blocks * 512));
    }
  });

  test('arguments that would steer a terminal, to every command', () => {
    const piece = fc.oneof(
      fc.constantFrom('\x1b]52;c;aGk=\x07', '\x1b[2J', '\x9b1m', '\u202e', '\n', '\r', '\x1b]0;t\x07', '\x7f', 'x'),
      fc.string({ unit: 'binary', maxLength: 4 }),
    );
    // no process can be handed a NUL
    const word = fc
      .array(piece, { minLength: 1, maxLength: 6 })
      .map((parts) => parts.join('').replaceAll('\0', ''))
      .filter((text) => Buffer.from(text).toString() === text);
    const line = fc
      .tuple(fc.constantFrom('ops', 'symbol', 'callers', 'targets', 'patch', 'dump', 'index', ''), word, word)
      .map(([name, a, b]) => command(...(name ? [name] : []), a, ...(b.length % 2 ? [`--arch=${b}`] : [])));
    fc.assert(
      fc.property(fc.array(line, { minLength: 8, maxLength: 8 }), (lines) => {
        const { out, err } = run(lines.join('\n'));
        expect(out + err).not.toMatch(STEERING);
        expect(withoutOwn(terminal(lines.join('\n'), small.storage, small.root))).not.toMatch(STEERING);
      }),
      { numRuns: 3 },
    );
  });

  test('names in the tree that are no text, too long or locked are counted and told', () => {
    const tree = writeTree(VM_TREE);
    for (let n = 0; n < 12; n++) writeFileSync(Buffer.from(`${tree.root}/fs/b\xff${n}.c`, 'latin1'), '');
    // those of the eighth level and below are longer than the 1500 bytes that the index takes as a path
    const deep = 'n'.repeat(200);
    shell(`for i in $(seq 21); do mkdir ${deep} && cd -P ${deep} && : > x.c; done`, tree.storage, tree.root);
    const { code, err } = shell(command('index'), tree.storage, tree.root);
    expect(code).toBe(0);
    expect(err).toMatch(/^kerntrail: 26 names are left out of the index:\n/);
    expect(err).toContain('fs/b\ufffd0.c: its name is not UTF-8. Rename it to have it read');
    expect(err).toMatch(/ {2}and 16 more\n$/);
    expect(JSON.parse(shell(command('index', '--json'), tree.storage, tree.root).out)).toMatchObject({
      complete: true,
      unreadable: Number(/(\d+) names/.exec(err)?.[1]),
    });
    shell(`rm -rf ${deep}`, tree.storage, tree.root);
  });

  test('input without an end', () => {
    const file = join(small.root, 'large');
    writeFileSync(file, '');
    truncateSync(file, 600 << 20);
    for (const what of ['backtrace', 'patch'])
      for (const input of [quoted(file), '/dev/zero', '- < /dev/zero']) {
        const { code, err } = run(`${command(what)} ${input}`);
        expect(code).toBe(2);
        expect(err).toContain('holds more than 128 MB');
      }
  });
});

test.skipIf(process.platform !== 'linux')('a cache in a place of every bad kind', () => {
  const bad = ['/proc/x', '/proc/self/x', '/sys/x', '/dev/null', '/dev/null/x', `/tmp/${'x'.repeat(300)}`, 'rel'];
  const here = join(small.root, 'here');
  mkdirSync(here);
  for (const cache of bad) {
    const { code, err } = shell(
      `KERNTRAIL_CACHE=${quoted(cache)} timeout 60 ${command('symbol', 'x', '--tree', small.root)}`,
      small.storage,
      here,
    );
    expect(code).toBe(2);
    expect(err).toMatch(/^kerntrail: (?:the index can't be kept in .* Name another folder|KERNTRAIL_CACHE is 'rel')/);
  }
});
