/** Signals: the exit codes that shells know, true counts, and never an answer that looks complete. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { manyFiles } from '../support/manyFiles.ts';
import { type Tree, writeTree } from '../support/marked.ts';
import { command, shell, start } from '../support/shell.ts';

vi.setConfig({ testTimeout: 180_000 });

const FILES = 800;
let tree: Tree;

beforeAll(() => {
  tree = writeTree(manyFiles(FILES));
});

/** Waits until an index has begun there: the workers only start then. */
async function begun(storage: string): Promise<void> {
  while (!existsSync(storage) || !readdirSync(storage).some((name) => existsSync(join(storage, name, 'data.mdb'))))
    await sleep(5);
}

/** Has anything been written to a pipe that is read without waiting? */
function hasBytes(pipe: number): boolean {
  try {
    return readSync(pipe, Buffer.alloc(1)) > 0;
  } catch {
    return false;
  }
}

const sorted = (text: string): string[] => text.split('\n').sort();

describe.skipIf(process.platform === 'win32')('a signal during the first index', () => {
  const interrupted = async (signal: NodeJS.Signals, args: string[], storage: string) => {
    const { child, ended } = start([...args, '--tree', tree.root], storage);
    await begun(storage);
    child.kill(signal);
    const { code, out, err } = await ended;
    const [, files] =
      new RegExp(`^kerntrail: stopped by ${signal}: (\\d+) of ${FILES + 1} files are in`).exec(err) ?? [];
    expect(err).toContain('The next run goes on from there.');
    expect(Number(files)).toBeLessThan(FILES);
    expect(out).toBe('');
    return code;
  };

  test('ends a question without an answer; the next run comes to the same index', async () => {
    expect(await interrupted('SIGINT', ['symbol', 'start_7'], tree.storage)).toBe(130);
    const dump = (storage: string) => sorted(shell(command('dump', 'sites'), storage, tree.root).out);
    const whole = dump(`${tree.storage}-undisturbed`);
    expect(whole.length).toBe(2 * FILES + 1);
    expect(dump(tree.storage)).toEqual(whole);
  });

  test('ends `index`, too, whatever the signal', async () => {
    expect(await interrupted('SIGTERM', ['index', '--json'], `${tree.storage}-term`)).toBe(143);
    expect(await interrupted('SIGHUP', ['index'], `${tree.storage}-hup`)).toBe(129);
  });
});

test.skipIf(process.platform !== 'linux')('a signal while an answer is printed', async () => {
  const fifo = join(tree.root, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK);
  const writer = openSync(fifo, 'w');
  try {
    // some 300 KB, of which a pipe takes 64
    const args = ['dump', 'sites', '--json', '--tree', tree.root];
    const { child, ended } = start(args, `${tree.storage}-undisturbed`, { stdio: ['ignore', writer, 'pipe'] });
    while (!hasBytes(reader)) await sleep(5);
    child.kill('SIGINT');
    expect(await ended).toEqual({ code: 130, out: '', err: '' });
  } finally {
    closeSync(reader);
    closeSync(writer);
  }
});
