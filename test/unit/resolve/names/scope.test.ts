import { expect, test } from 'vitest';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import {
  alternativesFrom,
  definitionAt,
  definitionsFrom,
  functionFrom,
} from '../../../../server/src/resolve/names/scope.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/a.h': 'static inline int free_it(int n) { return 0; }\nint get(int n);\n',
  'mm/slab.c': 'int free_it(int n) { return 1; }\n',
  'mm/slob.c': 'int free_it(int n) { return 2; }\n',
  'fs/one.c': 'static int helper(int n) { return 1; }\n',
  'net/two.c': 'static int helper(int n) { return 2; }\n',
  'arch/arm64/mm/a.c': 'int get(int n) { return 3; }\n',
  'arch/x86/mm/a.c': 'int get(int n) { return 4; }\n',
  'tools/a.c': 'int get(int n) { return 5; }\n',
});
const files = (name: string, from: string) => alternativesFrom(world, name, from).map((d) => d.file);

test("a file's own static, and no other's", () => {
  expect(functionFrom(world, 'helper', 'fs/one.c')?.file).toBe('fs/one.c');
  expect(functionFrom(world, 'helper', 'net/two.c')?.file).toBe('net/two.c');
  expect(functionFrom(world, 'helper', 'kernel/fork.c')).toBeNull();
});

test('the architecture in view, or that of the file; another program has its own', () => {
  expect(functionFrom(world, 'get', 'mm/slab.c')?.file).toBe('arch/x86/mm/a.c');
  expect(functionFrom(world, 'get', 'arch/arm64/kernel/b.c')?.file).toBe('arch/arm64/mm/a.c');
  expect(functionFrom(world, 'get', 'tools/b.c')?.file).toBe('tools/a.c');
});

test('a stub in a header gives way; of each configuration one may be meant', () => {
  expect(files('free_it', 'fs/one.c')).toEqual(['mm/slab.c', 'mm/slob.c']);
  expect(files('free_it', 'mm/slob.c')).toEqual(['mm/slob.c']);
  expect(definitionsFrom(world, 'get', 'fs/one.c', [NameKind.Declaration]).map((d) => d.file)).toEqual([
    'include/linux/a.h',
  ]);
});

test('the definition on a line, if it is still there', () => {
  const place = { name: 'free_it', file: 'mm/slob.c', line: 1 };
  expect(definitionAt(world.index, place)).toMatchObject({ file: 'mm/slob.c', static: false, kind: NameKind.Function });
  expect(definitionAt(world.index, { ...place, line: 2 })).toBeNull();
  expect(definitionAt(world.index, place, [NameKind.Macro])).toBeNull();
});
