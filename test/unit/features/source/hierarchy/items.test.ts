import { expect, test } from 'vitest';
import {
  functionItem,
  type ItemData,
  pointerItem,
  slotItem,
  slotPlace,
} from '../../../../../server/src/features/source/hierarchy/items.ts';
import { definitionAt } from '../../../../../server/src/resolve/names/scope.ts';
import { memoryIndex, requestIn } from '../../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/o.h': 'struct ops {\n\tint (*open)(int n);\n};\n#define twice(n) once(n)\n',
  'fs/a.c': '#include <linux/o.h>\nint once(int n) { return n; }\n',
});
const request = requestIn(world, 'fs/a.c');
const SLOT = { owner: 'ops', member: 'open', from: 'fs/a.c', sites: [], reached: null, folder: null };

test('a slot stands where its member is declared', () => {
  expect(slotPlace(request, 'ops', 'open', null)).toEqual({ file: 'include/linux/o.h', line: 2, column: 8 });
  const other = { file: 'fs/a.c', line: 7, column: 3 };
  expect(slotPlace(request, '', 'open', other)).toBe(other);
  const item = slotItem(request, SLOT, 3, slotPlace(request, 'ops', 'open', null));
  expect(item).toMatchObject({ name: '->open', detail: 'ops · 3 implementations', data: { kind: 'slot', ...SLOT } });
  expect(item.selectionRange).toEqual({ start: { line: 1, character: 7 }, end: { line: 1, character: 11 } });
});

test('a part of a slot has the name of its folder', () => {
  const item = slotItem(request, { ...SLOT, folder: 'fs/ext4' }, 1, { file: 'fs/a.c', line: 1, column: 1 });
  expect(`${item.name}: ${item.detail}`).toBe('fs/ext4: ->open · 1 implementation');
});

test('functions and macros carry their places', () => {
  const dataAt = (name: string, file: string, line: number) => {
    const definition = definitionAt(world.index, { name, file, line });
    return definition && (functionItem(request, definition).data as ItemData);
  };
  expect(dataAt('once', 'fs/a.c', 2)).toEqual({ kind: 'function', name: 'once', file: 'fs/a.c', line: 2, column: 5 });
  expect(dataAt('twice', 'include/linux/o.h', 4)).toMatchObject({ kind: 'macro', name: 'twice' });
});

test('a pointer belongs to its function', () => {
  const within = { kind: 'function' as const, name: 'once', file: 'fs/a.c', line: 2, column: 5 };
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 2 } };
  const item = pointerItem(request, within, { name: 'fn', line: 2, column: 20 }, range);
  expect(item).toMatchObject({
    name: '(*fn)',
    detail: 'pointer in once',
    data: { kind: 'pointer', line: 2, column: 20 },
  });
});
