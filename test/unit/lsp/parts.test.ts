import { expect, test } from 'vitest';
import { mostWorkers } from '../../../server/src/index/build/limits.ts';
import { excluder } from '../../../server/src/lsp/indexing/globs.ts';
import { characterOf, columnOf } from '../../../server/src/lsp/lines.ts';
import { pathWithin } from '../../../server/src/lsp/paths.ts';
import { mergeSettings } from '../../../server/src/lsp/settings.ts';

test('byte columns and UTF-16 characters, both ways', () => {
  for (const line of ['plain\tascii', '/* Ü */ .fault = f', '"😀" x', '']) {
    for (let c = 0; c <= line.length; c++) {
      // half of a surrogate pair has no column of its own
      if (c > 0 && /[\ud800-\udbff]/.test(line[c - 1])) continue;
      expect(characterOf(line, columnOf(line, c))).toBe(c);
    }
  }
  expect(columnOf('/* Ü */ x', 8)).toBe(10);
  expect(characterOf('abc', 99)).toBe(3);
});

test('globs of files not to index', () => {
  const skip = excluder(['drivers/gpu/drm/amd/include/**', '**/*.S', 'tools/', 'a?.c']);
  expect(
    ['drivers/gpu/drm/amd/include/x/y.h', 'drivers/gpu/drm/amd/include/', 'arch/x86/entry.S', 'tools/x.c', 'ab.c'].map(
      skip,
    ),
  ).toEqual([true, true, true, true, true]);
  expect(['drivers/gpu/drm/amd/x.h', 'fs/tools/x.c', 'abc.c'].map(skip)).toEqual([false, false, false]);
  expect(excluder([])('x.c')).toBe(false);
});

test('paths inside a tree', () => {
  expect(pathWithin('/k', '/k/fs/a.c')).toBe('fs/a.c');
  expect(pathWithin('/k', '/kk/a.c')).toBeNull();
  expect(pathWithin('/k', '/k')).toBeNull();
  expect(pathWithin('/k', '/a.c')).toBeNull();
});

test('settings of any shape are made whole', () => {
  const whole = mergeSettings(undefined);
  expect(whole).toEqual({
    enable: true,
    tree: '',
    vmlinux: '',
    architecture: 'x86',
    besideOtherServers: 'auto',
    codeLens: { tables: true, functions: true },
    index: { workers: 0, exclude: [] },
  });
  expect(mergeSettings({ architecture: 3, index: 'x', codeLens: null })).toEqual(whole);
  expect(
    mergeSettings({ architecture: 'arm64', codeLens: { tables: false }, index: { workers: 2, exclude: ['a'] } }),
  ).toMatchObject({
    architecture: 'arm64',
    codeLens: { tables: false, functions: true },
    index: { workers: 2, exclude: ['a'] },
  });
  expect(mergeSettings({}, { tree: '/k', architecture: 'riscv' })).toMatchObject({ tree: '/k', architecture: 'riscv' });
});

test('settings of a wrong type or out of bounds are told', () => {
  const said: string[] = [];
  const merge = (sent: unknown) => mergeSettings(sent, {}, (message) => said.push(message));
  expect(merge({ index: { workers: 400 } }).index.workers).toBe(mostWorkers());
  expect(mostWorkers()).toBeLessThan(400);
  expect(merge({ index: { workers: 'many', exclude: ['a', 1] } }).index).toEqual({ workers: 0, exclude: [] });
  expect(merge({ index: { workers: -1 }, enable: 'no', architecture: {} })).toEqual(mergeSettings(undefined));
  expect(merge(7)).toEqual(mergeSettings(undefined));
  expect(said.map((text) => /kerntrail[.\w]*/.exec(text)?.[0])).toEqual([
    'kerntrail.index.workers',
    'kerntrail.index.workers',
    'kerntrail.index.exclude',
    'kerntrail.enable',
    'kerntrail.architecture',
    'kerntrail.index.workers',
    'kerntrail',
  ]);
  expect(said[1]).toContain('"many" is taken as left out');
});
