import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  closeStore,
  defaultStorage,
  openForReading,
  openForWriting,
  storeFolder,
  storeIdentity,
} from '../../../../server/src/index/store/store.ts';

let storage: string;
beforeEach(() => {
  storage = mkdtempSync(join(tmpdir(), 'kerntrail-store-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(storage, { recursive: true, force: true });
});

const make = async (): Promise<string[]> => {
  const said: string[] = [];
  await closeStore(openForWriting(storage, '/k/linux', 'x86', (message) => said.push(message)));
  return said;
};

test('a folder for each tree and architecture, recognisable by its name', () => {
  const folder = storeFolder('/s', '/home/me/linux 6.1', 'x86');
  expect(folder).toMatch(/^\/s\/linux_6\.1-[0-9a-f]{12}-x86$/);
  expect(storeFolder('/s', '/home/you/linux 6.1', 'x86')).not.toBe(folder);
  expect(storeFolder('/s', '/home/me/linux 6.1', 'arm64')).not.toBe(folder);
});

test.skipIf(process.platform === 'win32')('indexes live where the environment says, if it says a full path', () => {
  vi.stubEnv('KERNTRAIL_CACHE', 'relative');
  vi.stubEnv('XDG_CACHE_HOME', '/xdg');
  expect(defaultStorage()).toBe('/xdg/kerntrail');
  vi.stubEnv('KERNTRAIL_CACHE', '/mine');
  expect(defaultStorage()).toBe('/mine');
});

test('there is nothing to read before something was written', async () => {
  expect(openForReading(storage, '/k/linux', 'x86')).toBeNull();
  const folder = storeFolder(storage, '/k/linux', 'x86');
  expect(storeIdentity(folder)).toBe(0);
  expect(await make()).toEqual([]);
  expect(storeIdentity(folder)).not.toBe(0);
});

test('one of another version, or of another tree, is built anew, and said so', async () => {
  await make();
  const marker = join(storeFolder(storage, '/k/linux', 'x86'), 'kerntrail.json');
  const { format } = JSON.parse(readFileSync(marker, 'utf8')) as { format: number };
  writeFileSync(marker, JSON.stringify({ format: format - 1, root: '/k/linux' }));
  expect(openForReading(storage, '/k/linux', 'x86')).toBeNull();
  expect(await make()).toEqual([expect.stringContaining('it was written by another version of Kerntrail')]);
  writeFileSync(marker, JSON.stringify({ format, root: '/k/other' }));
  expect(await make()).toEqual([expect.stringContaining('it belongs to another tree (/k/other)')]);
  expect(await make()).toEqual([]);
});
