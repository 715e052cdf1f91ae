import { describe, expect, test } from 'vitest';
import { isConstantBody, parseDefine, replacementOf } from '../../../../server/src/syntax/macros/definitions.ts';

describe('a #define', () => {
  test.each([
    ['A', { name: 'A', params: null, variadic: false, body: '' }],
    ['A 1 + 2', { name: 'A', params: null, variadic: false, body: '1 + 2' }],
    ['A (x)', { name: 'A', params: null, variadic: false, body: '(x)' }],
    ['A(x) x', { name: 'A', params: ['x'], variadic: false, body: 'x' }],
    ['A() x', { name: 'A', params: [], variadic: false, body: 'x' }],
    ['A( a , b ) a b', { name: 'A', params: ['a', 'b'], variadic: false, body: 'a b' }],
    [
      'A(fmt, ...) f(fmt, ##__VA_ARGS__)',
      { name: 'A', params: ['fmt', '__VA_ARGS__'], variadic: true, body: 'f(fmt, ##__VA_ARGS__)' },
    ],
    ['A(args...) f(args)', { name: 'A', params: ['args'], variadic: true, body: 'f(args)' }],
    ['1', null],
    ['', null],
  ])('%j', (rest, expected) => {
    expect(parseDefine(rest)).toEqual(expected);
  });

  test.each([
    ['12', true],
    ['0x10', true],
    ['"text"', true],
    ['(A | B)', true],
    ['(1 << BIT_A)', true],
    ['', false],
    ['other', false],
    ['__attribute__((x))', false],
    ['(f)', false],
    ['NULL', false],
  ])('is the body %j a plain constant? %s', (body, expected) => {
    expect(isConstantBody(body)).toBe(expected);
  });
});

test('a replacement knows its parameters, and is read once', () => {
  const parsed = parseDefine('pick(a, ...) f(a, b, __VA_ARGS__)');
  if (!parsed) throw new Error('no definition');
  const macro = { ...parsed, condition: 'defined(X)', file: 'include/linux/x.h', pos: 0 };
  const { toks, params } = replacementOf(macro);
  expect(toks.map((t, i) => `${t.text}${params[i] < 0 ? '' : ` #${params[i]}`}`)).toEqual([
    'f',
    '(',
    'a #0',
    ',',
    'b',
    ',',
    '__VA_ARGS__ #1',
    ')',
  ]);
  expect(toks[0].condition).toBe('defined(X)');
  expect(replacementOf(macro).toks).toBe(toks);
});
