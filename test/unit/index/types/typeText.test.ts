import { expect, test } from 'vitest';
import { recordTag, typeShape } from '../../../../server/src/index/types/typeText.ts';

test.each([
  ['int', 'int', ''],
  ['const struct foo *', 'struct foo', '*'],
  ['struct foo *[4]', 'struct foo', '[] *'],
  ['int (*)(struct inode *, int)', 'int', '* ()'],
  ['int (*[2])(void)', 'int', '[] * ()'],
  ['struct x *(*)(void)', 'struct x', '* () *'],
  ['unsigned long long **', 'unsigned long long', '* *'],
  ['struct @3[]', 'struct @3', '[]'],
  ['char[A][B]', 'char', '[] []'],
  ['typeof(a->b (c)) *', 'typeof(a->b (c))', '*'],
  ['', '', ''],
  ['((((', '', ''],
])('%j is %s, %s', (text, base, ops) => {
  const shape = typeShape(text);
  expect([shape.base, shape.ops.join(' ')]).toEqual([base, ops]);
});

test('parameters of a function type', () => {
  expect(typeShape('int (*)(struct inode *, int (*)(void))').params).toBe('struct inode *, int (*)(void)');
});

test('tags', () => {
  expect(['struct foo', 'union @2', 'int', 'struct foo *', 'enum e'].map(recordTag)).toEqual(['foo', '@2', '', '', '']);
});
