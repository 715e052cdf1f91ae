import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../../../../server/src/index/store/folders.ts';

const base = mkdtempSync(join(tmpdir(), 'kerntrail-folders-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test('makes what is missing, and leaves what is there', () => {
  makeFolder(join(base, 'a/b/c'));
  makeFolder(join(base, 'a/b/c'));
  expect(existsSync(join(base, 'a/b/c'))).toBe(true);
});

test('says what to do where no folder can be', () => {
  const file = join(base, 'file');
  writeFileSync(file, '');
  expect(() => makeFolder(file)).toThrow(
    /can't be kept in .*file: it is a file\. Name another folder with --cache DIR/,
  );
  expect(() => makeFolder(join(file, 'below'))).toThrow('one of the folders in that path is a file');
  expect(() => makeFolder(join(base, 'x'.repeat(300)))).toThrow('the path is too long');
});

test.skipIf(process.platform !== 'linux')('ends in a place that lets nothing be made', () => {
  expect(() => makeFolder('/proc/kerntrail/index')).toThrow('no folder can be made there');
});
