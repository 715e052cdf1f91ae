import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ROOT } from '../../../../scripts/lib/run.mjs';
import { isLock, tryLock, type WriterLock, waitForLock } from '../../../../server/src/index/store/writerLock.ts';

let base: string;
let folder: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'kerntrail-lock-'));
  folder = join(base, 'index');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
});

function take(): WriterLock {
  const answer = tryLock(folder);
  if (!isLock(answer)) throw new Error(`process ${answer.pid} has it`);
  return answer;
}

/** A process that takes the lock when it is told to, says what came of it, and then does nothing. */
function newTaker(): { child: ChildProcess; ask(): Promise<'taken' | 'held'> } {
  const script = join(base, 'taker.cjs');
  if (!existsSync(script))
    buildSync({
      stdin: {
        contents: `import { isLock, tryLock } from './writerLock.ts';
process.on('message', () => process.send(isLock(tryLock(${JSON.stringify(folder)})) ? 'taken' : 'held'));
process.send('ready');`,
        resolveDir: join(ROOT, 'server/src/index/store'),
        loader: 'ts',
      },
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'cjs',
    });
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  children.push(child);
  const next = () => new Promise<string>((resolve) => child.once('message', (m) => resolve(String(m))));
  const ready = next();
  return {
    child,
    async ask() {
      await ready;
      const answer = next();
      child.send('take');
      return (await answer) as 'taken' | 'held';
    },
  };
}

describe('the lock of an index', () => {
  test('has one holder, which tells how far it is, and is free after it', async () => {
    const lock = take();
    const other = tryLock(folder);
    expect(other).toMatchObject({ pid: process.pid, total: 0 });
    lock.tell({ phase: 'indexing', done: 3, total: 10 });
    await expect
      .poll(() => tryLock(folder), { timeout: 10_000 })
      .toMatchObject({ phase: 'indexing', done: 3, total: 10 });
    lock.release();
    take().release();
    expect(existsSync(`${folder}.lock`)).toBe(false);
  });

  test('is free at once when its holder is killed', async () => {
    const { child, ask } = newTaker();
    expect(await ask()).toBe('taken');
    expect(isLock(tryLock(folder))).toBe(false);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    take().release();
  });

  test('of a holder that is gone goes to one of those who want it', async () => {
    for (let turn = 0; turn < 5; turn++) {
      const first = newTaker();
      expect(await first.ask()).toBe('taken');
      const gone = new Promise((resolve) => first.child.once('exit', resolve));
      first.child.kill('SIGKILL');
      await gone;
      const others = [newTaker(), newTaker(), newTaker()];
      const answers = await Promise.all(others.map((o) => o.ask()));
      expect(answers.filter((a) => a === 'taken')).toHaveLength(1);
      for (const { child } of others) child.kill('SIGKILL');
      await Promise.all(
        others.map(({ child }) => child.exitCode ?? new Promise((resolve) => child.once('exit', resolve))),
      );
    }
  });

  const held = () => JSON.parse(readFileSync(`${folder}.lock`, 'utf8')) as Record<string, unknown>;
  const rewrite = (changes: object) => writeFileSync(`${folder}.lock`, JSON.stringify({ ...held(), ...changes }));

  test.runIf(process.platform === 'linux')('is free when its number belongs to another process by now', () => {
    const lock = take();
    rewrite({ started: '1', token: 'of old' });
    take().release();
    lock.release();
  });

  test('of a process that can not be seen from here is free when it has not shown itself for long', () => {
    const lock = take();
    rewrite({ place: 'another host', token: 'of old', pid: 1 });
    expect(tryLock(folder)).toMatchObject({ pid: 1 });
    const longAgo = Date.now() / 1000 - 3600;
    utimesSync(`${folder}.lock`, longAgo, longAgo);
    take().release();
    lock.release();
  });

  test('is waited for, until it is free, somebody says stop, or patience ends', async () => {
    const lock = take();
    let looks = 0;
    expect(isLock(await waitForLock(folder, () => ++looks < 3))).toBe(false);
    expect(looks).toBe(3);
    const stop = new AbortController();
    const stopped = waitForLock(folder, () => true, stop.signal);
    stop.abort();
    expect(isLock(await stopped)).toBe(false);
    const waiting = waitForLock(folder, () => true);
    lock.release();
    const mine = await waiting;
    if (isLock(mine)) mine.release();
    expect(isLock(mine)).toBe(true);
  });

  test('that can not be made is an error', () => {
    writeFileSync(join(base, 'file'), '');
    expect(() => tryLock(join(base, 'file', 'index'))).toThrow(/is a file/);
  });
});
