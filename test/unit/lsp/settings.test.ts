import { expect, test } from 'vitest';
import { mostWorkers } from '../../../server/src/index/build/limits.ts';
import { mergeSettings } from '../../../server/src/lsp/settings.ts';

test('settings of any shape are made whole', () => {
  const whole = mergeSettings(undefined);
  expect(whole).toEqual({
    enable: true,
    tree: '',
    vmlinux: '',
    architecture: 'x86',
    besideOtherServers: 'auto',
    codeLens: { tables: true, functions: true },
    inlayHints: { dispatches: false },
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
