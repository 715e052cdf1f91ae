/** The index under attack: damaged files and full disks. Each ends in a whole index. */
import { cpSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { canMount, withSmallDisk } from '../unit/support/smallDisk.ts';
import { type Bench, newBench, numbers } from './lib/bench.ts';

let bench: Bench;
let run: Bench['run'];
let dumps: Bench['dumps'];

beforeAll(() => {
  bench = newBench();
  ({ run, dumps } = bench);
});
afterAll(() => bench.remove());

test('a hundred damaged indexes heal', { timeout: 900_000 }, () => {
  const next = numbers(2);
  const good = join(bench.base, 'good');
  expect(run(good, 'index').status).toBe(0);
  const whole = dumps(good);
  const answer = run(good, 'callers', 'file_operations.open', '--no-update').stdout;
  const folder = readdirSync(good).find((name) => !name.endsWith('.lock')) ?? '';
  const { size } = statSync(join(good, folder, 'data.mdb'));
  let damaged = 0;
  let byQuestion = 0;
  for (let turn = 0; turn < 100; turn++) {
    const storage = join(bench.base, 'damaged');
    rmSync(storage, { recursive: true, force: true });
    cpSync(good, storage, { recursive: true });
    const file = join(storage, folder, 'data.mdb');
    const bytes = readFileSync(file);
    const page = 2 + next(size / 16384 - 2);
    if (turn % 3 === 0) bytes.fill(0, page * 16384, (page + 1) * 16384);
    // a page in three holds nothing, and half of another
    else if (turn % 3 === 1) for (let n = 0; n < 8; n++) bytes[32768 + next(size - 32768)] ^= 1 << next(8);
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
  const good = join(bench.base, 'whole');
  expect(run(good, 'index').status).toBe(0);
  const folder = readdirSync(good).find((name) => !name.endsWith('.lock')) ?? '';
  const kilobytes = Math.ceil(statSync(join(good, folder, 'data.mdb')).size / 1024);
  const seen = new Set<number | null>();
  for (let turn = 0; turn < 20; turn++) {
    // from what doesn't hold anything to what holds all but the last pages
    const size = Math.round(((turn + 0.5) / 20) * (kilobytes + 2200));
    const command = (what: string) =>
      `'${process.execPath}' '${bench.cli}' ${what} --tree '${bench.tree}' --cache "$disk" --workers 1`;
    const full = withSmallDisk(
      join(bench.base, 'disk'),
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
