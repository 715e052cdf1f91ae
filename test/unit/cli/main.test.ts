/** Output that goes nowhere, and folders that are not there: in a real process. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { type Tree, writeTree } from '../support/marked.ts';
import { command, quoted, shell } from '../support/shell.ts';
import { VM_TREE } from '../support/vmTree.ts';

// processes, one after the other
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let tree: Tree;
const run = (lines: string) => shell(lines, tree.storage, tree.root);

beforeAll(() => {
  tree = writeTree(VM_TREE);
  writeFileSync(join(tree.root, 'trace.txt'), 'Call Trace:\n filemap_fault+0x10/0x40\n');
  expect(run(command('index')).code).toBe(0);
});

describe.skipIf(process.platform !== 'linux')('output that finds no room is an error', () => {
  const COMMANDS = [
    ['--help'],
    ['--version'],
    ['index', '--json'],
    ['symbol', 'filemap_fault'],
    ['dump', 'ops', '--json', '--no-update'],
    ['backtrace', 'trace.txt', '--no-update'],
  ];
  test('at once', () => {
    const { out, err } = run(COMMANDS.map((args) => `${command(...args)} > /dev/full; echo $?`).join('\n'));
    expect(out).toBe('2\n'.repeat(COMMANDS.length));
    expect(err.match(/^kerntrail: no room for the output \(ENOSPC\)/gm)?.length).toBe(COMMANDS.length);
  });

  test('and after the first part of it: a file may not grow over 512 bytes', () => {
    const { code, err } = run(`ulimit -f 1; ${command('dump', 'ops', '--json', '--no-update')} > short.txt`);
    expect(readFileSync(join(tree.root, 'short.txt')).length).toBe(512);
    expect(err).toContain('no room for the output (EFBIG)');
    expect(code).toBe(2);
  });
});

describe.skipIf(process.platform === 'win32')('a reader or writer that is gone is no fault', () => {
  test('a pipe that is closed early', () => {
    const line = `{ ${command('dump', 'sites', '--no-update')}; echo $? >&2; } | true`;
    expect(run(line)).toEqual({ code: 0, out: '', err: '0\n' });
  });

  test('closed standard output, closed standard error, errors to a full disk', () => {
    const ops = command('ops', 'ext4_vm_ops', '--no-update');
    expect(run(`${ops} >&-`)).toMatchObject({ code: 0, err: '' });
    expect(run(`${ops} 2>&-`)).toMatchObject({ code: 0, out: expect.stringContaining('filemap_fault') });
    expect(run(`${command('symbol', 'qqqq', '--no-update')} 2>&-`)).toMatchObject({ code: 1, out: '' });
    if (existsSync('/dev/full')) expect(run(`${command('symbol', 'qqqq', '--no-update')} 2>/dev/full`).code).toBe(1);
  });
});

describe.skipIf(process.platform === 'win32')('folders', () => {
  test('a current folder that is gone', () => {
    const { code, err } = run(`mkdir gone; cd gone; rmdir ../gone; ${command('ops', 'x', '--tree', tree.root)}`);
    expect(code).toBe(2);
    expect(err).toMatch(/^kerntrail: the current folder is gone\. Change to one that exists/m);
  });

  test('a cache that can not be: a file, a place where nothing can be made, one relative to wherever one stands', () => {
    writeFileSync(join(tree.root, 'file'), '');
    const request = (cache: string) => run(`KERNTRAIL_CACHE=${quoted(cache)} ${command('symbol', 'x')}`);
    expect(request(join(tree.root, 'file'))).toMatchObject({ code: 2, err: expect.stringContaining('--cache DIR') });
    if (process.platform === 'linux')
      expect(request('/proc/kerntrail')).toMatchObject({ code: 2, err: expect.stringContaining('--cache DIR') });
    expect(request('rel')).toMatchObject({ code: 2, err: expect.stringContaining('Set it to a full path') });
    expect(existsSync(join(tree.root, 'rel'))).toBe(false);
  });

  test('a home that is none', () => {
    const elsewhere = join(tree.root, 'elsewhere');
    mkdirSync(elsewhere);
    const { code, err } = run(
      `cd elsewhere; unset KERNTRAIL_CACHE XDG_CACHE_HOME; HOME=/dev/null ${command('ops', 'x', '--tree', tree.root)}`,
    );
    expect(code).toBe(2);
    expect(err).toContain("the index can't be kept in /dev/null/.cache/kerntrail");
    expect(readdirSync(elsewhere)).toEqual([]);
  });
});

test('what the tree does not have and the machine does not bear is refused', () => {
  const request = (...args: string[]) => run(command(...args));
  expect(request('ops', 'x', '--arch', 'aarch64')).toMatchObject({
    code: 2,
    err: "kerntrail: there is no architecture 'aarch64' in this tree. Is arm64 meant? It has arm64.\n",
  });
  expect(request('index', '--workers', '400')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/--workers takes a whole number from 0 to \d+, not '400'/),
  });
  expect(request('ops', 'x', '--max', '5')).toMatchObject({
    code: 2,
    err: "kerntrail: 'ops' takes no --max. Try 'kerntrail ops --help'.\n",
  });
  expect(request('ops', '')).toMatchObject({ code: 2, err: expect.stringContaining('an argument is empty') });
});
