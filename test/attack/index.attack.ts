/** The index under attack by many writers, with kills among them. Each time ends in a whole index. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { greet, type Message, startProcess } from '../unit/support/serverProcess.ts';
import { type Bench, newBench, numbers } from './lib/bench.ts';

let bench: Bench;
let run: Bench['run'];
let dumps: Bench['dumps'];

beforeAll(() => {
  bench = newBench();
  ({ run, dumps } = bench);
});
afterAll(() => bench.remove());

function writer(storage: string): { child: ChildProcess; ended: Promise<number | null> } {
  const child = spawn(
    process.execPath,
    [bench.cli, 'index', '--tree', bench.tree, '--cache', storage, '--workers', '1'],
    {
      stdio: 'ignore',
    },
  );
  return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
}

test('fifty times two to four writers at once, kills among them', { timeout: 900_000 }, async () => {
  const next = numbers(1);
  const undisturbed = join(bench.base, 'undisturbed');
  let killed = 0;
  const storage = join(bench.base, 'shared');
  const edited = join(bench.tree, 'fs/many0.c');
  const original = readFileSync(edited, 'utf8');
  for (let turn = 0; turn < 50; turn++) {
    // every fifth from nothing, the others on a complete index with changes
    if (turn % 5 === 0) rmSync(storage, { recursive: true, force: true });
    for (let n = 0; n < 8; n++)
      writeFileSync(
        join(bench.tree, `fs/many${n}.c`),
        `${original}int turn${turn}_${n}(struct file *f) { return f->f_op->release(0, f); }\n`,
      );
    const writers = Array.from({ length: 2 + next(3) }, () => writer(storage));
    const survivors = [...writers];
    if (turn % 2) {
      const [victim] = survivors.splice(next(survivors.length), 1);
      setTimeout(() => victim.child.kill('SIGKILL') && killed++, 100 + next(1500));
    }
    const codes = await Promise.all(survivors.map((w) => w.ended));
    await Promise.all(writers.map((w) => w.ended));
    expect(codes).toEqual(survivors.map(() => 0));
    if (turn % 5 !== 4) continue;
    rmSync(undisturbed, { recursive: true, force: true });
    expect(run(undisturbed, 'index').status).toBe(0);
    expect(dumps(storage)).toEqual(dumps(undisturbed));
    expect(run(storage, 'check', '--no-update')).toMatchObject({ status: 0 });
  }
  console.log(`50 turns, ${killed} writers killed`);
});

test('an editor and shells at once: first builds, then saves beside questions', { timeout: 900_000 }, async () => {
  const undisturbed = join(bench.base, 'alone');
  const storage = join(bench.base, 'both');
  const isReady = (m: Message) => m.method === 'kerntrail/status' && (m.params as { phase: string }).phase === 'ready';
  const edited = join(bench.tree, 'fs/many1.c');
  const original = readFileSync(edited, 'utf8');
  for (let turn = 0; turn < 3; turn++) {
    rmSync(storage, { recursive: true, force: true });
    const server = startProcess();
    try {
      await greet(server, bench.tree, storage, { index: { workers: 1 } });
      const shells = [writer(storage), writer(storage)];
      expect(await Promise.all(shells.map((w) => w.ended))).toEqual([0, 0]);
      await server.until(isReady);
      for (let save = 0; save < 5; save++) {
        const name = `saved_${turn}_${save}`;
        writeFileSync(edited, `${original}int ${name}(struct file *f) { return f->f_op->mmap(f, 0); }\n`);
        server.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: pathToFileURL(edited).href, type: 2 }] });
        const answer = await new Promise<string>((resolve) => {
          const args = [bench.cli, 'symbol', name, '--tree', bench.tree, '--cache', storage, '--workers', '1'];
          execFile(process.execPath, args, (_error, stdout, stderr) => resolve(stdout + stderr));
        });
        // where the editor takes its time, the answer says what it is from
        expect(answer).toMatch(/fs\/many1\.c|from it as it was/);
      }
    } finally {
      server.child.kill('SIGKILL');
    }
    expect(run(storage, 'index').status).toBe(0);
    rmSync(undisturbed, { recursive: true, force: true });
    expect(run(undisturbed, 'index').status).toBe(0);
    expect(dumps(storage)).toEqual(dumps(undisturbed));
    expect(run(storage, 'check', '--no-update')).toMatchObject({ status: 0 });
  }
});
