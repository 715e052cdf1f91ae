/** The index under attack: many writers with kills among them, damaged files, full disks. Each ends in a whole index. */
import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../scripts/lib/run.mjs';
import { bundles } from '../unit/support/bundles.ts';
import { greet, type Message, startProcess } from '../unit/support/serverProcess.ts';
import { canMount, withSmallDisk } from '../unit/support/smallDisk.ts';

const KINDS = ['ops', 'sites', 'installs', 'calls'];

let base: string;
let tree: string;
let cli: string;

beforeAll(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'kerntrail-attack-')));
  tree = join(base, 'linux');
  cpSync(join(ROOT, 'samples/mini-kernel'), tree, { recursive: true });
  // enough to be killed in the midst of
  for (let n = 0; n < 200; n++)
    writeFileSync(
      join(tree, `fs/many${n}.c`),
      `#include <linux/fs.h>\nstatic int many${n}_open(struct inode *inode, struct file *file) { return many${(n + 1) % 200}_run(file); }\nint many${n}_run(struct file *file) { return file->f_op->open(0, file); }\nconst struct file_operations many${n}_fops = { .open = many${n}_open };\n`,
    );
  cli = join(bundles('cli', 'worker'), 'cli.cjs');
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** Runs of a seed's numbers, the same every time. */
function numbers(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

const run = (storage: string, ...args: string[]) =>
  spawnSync(process.execPath, [cli, ...args, '--tree', tree, '--cache', storage, '--workers', '1'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });

/** All that an index holds, as lines. */
const dumps = (storage: string): string[] =>
  KINDS.map((kind) => {
    const { status, stdout, stderr } = run(storage, 'dump', kind, '--json', '--no-update');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return stdout.split('\n').sort().join('\n');
  });

function writer(storage: string): { child: ChildProcess; ended: Promise<number | null> } {
  const child = spawn(process.execPath, [cli, 'index', '--tree', tree, '--cache', storage, '--workers', '1'], {
    stdio: 'ignore',
  });
  return { child, ended: new Promise((resolve) => child.once('close', resolve)) };
}

test('fifty times two to four writers at once, kills among them', { timeout: 900_000 }, async () => {
  const next = numbers(1);
  const undisturbed = join(base, 'undisturbed');
  let killed = 0;
  const storage = join(base, 'shared');
  const edited = join(tree, 'fs/many0.c');
  const original = readFileSync(edited, 'utf8');
  for (let turn = 0; turn < 50; turn++) {
    // every fifth from nothing, the others on a complete index with changes
    if (turn % 5 === 0) rmSync(storage, { recursive: true, force: true });
    for (let n = 0; n < 8; n++)
      writeFileSync(
        join(tree, `fs/many${n}.c`),
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
  const undisturbed = join(base, 'alone');
  const storage = join(base, 'both');
  const isReady = (m: Message) => m.method === 'kerntrail/status' && (m.params as { phase: string }).phase === 'ready';
  const edited = join(tree, 'fs/many1.c');
  const original = readFileSync(edited, 'utf8');
  for (let turn = 0; turn < 3; turn++) {
    rmSync(storage, { recursive: true, force: true });
    const server = startProcess();
    try {
      await greet(server, tree, storage, { index: { workers: 1 } });
      const shells = [writer(storage), writer(storage)];
      expect(await Promise.all(shells.map((w) => w.ended))).toEqual([0, 0]);
      await server.until(isReady);
      for (let save = 0; save < 5; save++) {
        const name = `saved_${turn}_${save}`;
        writeFileSync(edited, `${original}int ${name}(struct file *f) { return f->f_op->mmap(f, 0); }\n`);
        server.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: pathToFileURL(edited).href, type: 2 }] });
        const answer = await new Promise<string>((resolve) => {
          const args = [cli, 'symbol', name, '--tree', tree, '--cache', storage, '--workers', '1'];
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

test('a hundred damaged indexes heal', { timeout: 900_000 }, () => {
  const next = numbers(2);
  const good = join(base, 'good');
  expect(run(good, 'index').status).toBe(0);
  const whole = dumps(good);
  const answer = run(good, 'callers', 'file_operations.open', '--no-update').stdout;
  const folder = readdirSync(good).find((name) => !name.endsWith('.lock')) ?? '';
  const { size } = statSync(join(good, folder, 'data.mdb'));
  let damaged = 0;
  let byQuestion = 0;
  for (let turn = 0; turn < 100; turn++) {
    const storage = join(base, 'damaged');
    rmSync(storage, { recursive: true, force: true });
    cpSync(good, storage, { recursive: true });
    const file = join(storage, folder, 'data.mdb');
    const bytes = readFileSync(file);
    const page = 2 + next(size / 16384 - 2);
    if (turn % 3 === 0) bytes.fill(0, page * 16384, (page + 1) * 16384);
    else if (turn % 3 === 1) bytes[32768 + next(size - 32768)] ^= 1 << next(8);
    else for (let n = 0; n < 4096; n++) bytes[page * 16384 + next(16384)] = next(256);
    writeFileSync(file, bytes);
    // whatever is asked ends with the right answer, or says that it has built the index anew and gives it then
    const question = run(storage, 'callers', 'file_operations.open');
    expect({ turn, status: question.status, signal: question.signal }).toEqual({ turn, status: 0, signal: null });
    expect(question.stdout).toBe(answer);
    if (question.stderr.includes('built anew')) byQuestion++;
    const check = run(storage, 'check');
    expect({ turn, signal: check.signal }).toEqual({ turn, signal: null });
    // what it found it has mended; where it found nothing, it has just read everything
    if (check.status !== 0) {
      damaged++;
      expect(run(storage, 'check', '--no-update')).toMatchObject({ status: 0 });
    }
    if (turn % 10 === 0) expect(dumps(storage)).toEqual(whole);
  }
  console.log(`100 damaged: ${byQuestion} healed by a question, ${damaged} by the check, the rest hit nothing in use`);
  expect(byQuestion + damaged).toBeGreaterThan(40);
});

test.runIf(canMount())('twenty full disks', { timeout: 900_000 }, () => {
  const good = join(base, 'whole');
  expect(run(good, 'index').status).toBe(0);
  const folder = readdirSync(good).find((name) => !name.endsWith('.lock')) ?? '';
  const kilobytes = Math.ceil(statSync(join(good, folder, 'data.mdb')).size / 1024);
  const seen = new Set<number | null>();
  for (let turn = 0; turn < 20; turn++) {
    // from what doesn't hold anything to what holds all but the last pages
    const size = Math.round(((turn + 0.5) / 20) * (kilobytes + 2200));
    const command = (what: string) =>
      `'${process.execPath}' '${cli}' ${what} --tree '${tree}' --cache "$disk" --workers 1`;
    const full = withSmallDisk(
      join(base, 'disk'),
      size,
      `${command('index')}; rc=$?; mount -o remount,size=200m "$disk"; ${command('index')} > /dev/null && ${command('check --no-update')}; echo "then $?"; exit $rc`,
    );
    seen.add(full.status);
    expect({ turn, size, signal: full.signal, ok: full.status === 0 || full.status === 2 }).toMatchObject({ ok: true });
    if (full.status === 2) expect(full.stderr).toContain('is full');
    expect(full.stdout).toContain('then 0');
  }
  expect(seen.has(2)).toBe(true);
});
