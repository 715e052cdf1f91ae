import { expect, test } from 'vitest';
import { contextNamed, isOnTheWay } from '../../../../../server/src/features/source/chains/context.ts';
import { toEnd } from '../../../../../server/src/resolve/steps.ts';
import { chainTree } from '../../../support/chainTree.ts';

const { world } = await chainTree();
const named = (name: string) => toEnd(contextNamed(world, name));

test('a folder by its path or its name, a table, and nothing', () => {
  const holds = (name: string) => {
    const context = named(name);
    return context && ['fs/one/file.c', 'fs/two/file.c', 'mm/space.c'].filter(context.holds);
  };
  expect(holds('fs/one/')).toEqual(['fs/one/file.c']);
  expect(holds('two')).toEqual(['fs/two/file.c']);
  expect(holds('mm')).toEqual(['mm/space.c']);
  expect(holds('fs')).toEqual(['fs/one/file.c', 'fs/two/file.c']);
  expect(named('&one_ops')).toMatchObject({ table: 'one_ops', parts: ['fs/one'] });
  expect([holds('space.c'), holds('mm/space.c')]).toEqual([['mm/space.c'], ['mm/space.c']]);
  expect([holds('nine'), holds('nine.c'), holds('')]).toEqual([null, null, null]);
});

test('on the way to a context lies what everybody shares, the architecture, and what stands above it', () => {
  const context = named('one');
  if (!context) throw new Error('fs/one is a folder');
  const files = [
    'mm/space.c',
    'fs/one/file.c',
    'fs/two/file.c',
    'arch/x86/mm/fault.c',
    'arch/arm/mm/fault.c',
    'fs/open.c',
  ];
  expect(files.filter((file) => isOnTheWay(context, file, 'x86'))).toEqual([
    'mm/space.c',
    'fs/one/file.c',
    'arch/x86/mm/fault.c',
    'fs/open.c',
  ]);
});
