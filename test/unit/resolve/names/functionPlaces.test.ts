import { expect, test } from 'vitest';
import { functionPlaces } from '../../../../server/src/backtrace/functions/candidates.ts';
import { isPrintedAs } from '../../../../server/src/backtrace/functions/printedPath.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const { index } = await memoryIndex({
  'drivers/one/a.c': 'static int probe(int n) { return 1; }\n',
  'drivers/two/a.c': 'static int probe(int n) { return 2; }\n',
  'include/linux/a.h': 'static inline int ready(int n) { return 0; }\n',
  'kernel/a.c': 'int ready(int n) { return 1; }\n',
  'arch/x86/mm/a.c': 'int flush(int n) { return 1; }\n',
  'arch/arm64/mm/a.c': 'int flush(int n) { return 2; }\n',
});
const ask = (name: string, more: Partial<Parameters<typeof functionPlaces>[1]> = {}) => {
  const question = { name, file: null, moduleFiles: null, inModule: false, near: [], architecture: 'x86', ...more };
  const { places, certain } = functionPlaces(index, question);
  return `${places.map((p) => p.file).join(' ')}${certain ? ' for sure' : ''}`;
};

test('statics of one name are told apart by what the trace prints, by the module, by neighbours', () => {
  expect(ask('probe')).toBe('drivers/one/a.c drivers/two/a.c');
  expect(ask('probe', { file: '/build/linux/drivers/two/a.c' })).toBe('drivers/two/a.c drivers/one/a.c for sure');
  expect(ask('probe', { inModule: true, moduleFiles: new Set(['drivers/two/a.c']) })).toBe(
    'drivers/two/a.c drivers/one/a.c for sure',
  );
  expect(ask('probe', { near: ['drivers/two/b.c'] })).toBe('drivers/two/a.c drivers/one/a.c');
});

test('a stub in a header leaves no frame; another architecture has no say', () => {
  expect(ask('ready')).toBe('kernel/a.c include/linux/a.h for sure');
  expect(ask('flush')).toBe('arch/x86/mm/a.c for sure');
  expect(ask('flush', { architecture: 'arm64' })).toBe('arch/arm64/mm/a.c for sure');
  expect(ask('nowhere')).toBe('');
});

test('paths as builds print them', () => {
  const printed = ['fs/a.c', '../fs/a.c', '/build/linux/fs/a.c', 'a.c', 'gfs/a.c', 'b/a.c'];
  expect(printed.map((p) => isPrintedAs('fs/a.c', p))).toEqual([true, true, true, true, false, false]);
});
