import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readInput } from '../../../server/src/cli/input.ts';

const folder = mkdtempSync(join(tmpdir(), 'kerntrail-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file larger than memory bears is refused, whatever Node could hold', () => {
  const file = join(folder, 'large.txt');
  writeFileSync(file, 'Call Trace:\n');
  truncateSync(file, 600 << 20);
  expect(() => readInput(file)).toThrow(/large\.txt holds more than 128 MB.*Cut out what matters/);
});

test.skipIf(process.platform === 'win32')('a device without an end is refused', () => {
  expect(() => readInput('/dev/zero')).toThrow('/dev/zero holds more than 128 MB');
});

test.skipIf(process.platform === 'win32')('a FIFO is read to its end, longer than any pipe', () => {
  const fifo = join(folder, 'fifo');
  execFileSync('mkfifo', [fifo]);
  const writer = spawn('sh', ['-c', `seq 1 300000 > '${fifo}'`]);
  expect(readInput(fifo).trim().split('\n').length).toBe(300_000);
  writer.kill();
});

test('a folder says what it is', () => {
  expect(() => readInput(folder)).toThrow('it is a folder, not a file');
});
