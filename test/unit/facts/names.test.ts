import { expect, test } from 'vitest';
import { isConditionalAlias, isConfigTest, isNothing, mayNameValue } from '../../../server/src/facts/names.ts';
import { splitCommas } from '../../../server/src/syntax/brackets.ts';
import { toksOf } from '../../../server/src/syntax/toks.ts';

test.each([
  ['f', true],
  ['&f', true],
  ['(T)f', true],
  ['MAX + 1', false],
  ['x_call(1)', false],
  ['wrapper(f)', true],
  ['sizeof(f)', false],
  ['.member', false],
  ['(struct tag *)0', false],
  ['NULL', false],
])('may it name a function or an object? %s', (text, expected) => expect(mayNameValue(toksOf(text))).toBe(expected));

test('tests of the configuration have one option for an argument', () => {
  const args = (text: string) => splitCommas(toksOf(text));
  expect(isConfigTest(args('CONFIG_A'))).toBe(true);
  expect(isConfigTest(args('CONFIG_A, 1'))).toBe(false);
  expect(isConfigTest(args('x'))).toBe(false);
  expect(isConfigTest(null)).toBe(false);
});

test('what one #if arm #defines as another function', () => {
  const macro = (name: string, body: string, condition: string | null = 'defined(X)') =>
    isConditionalAlias({ name, body, condition, params: null, variadic: false, file: 'include/linux/x.h', pos: 0 });
  expect(macro('f', 'g')).toBe(true);
  expect(macro('f', 'g', null)).toBe(false);
  expect(macro('F', 'g')).toBe(false);
  expect(macro('f', '__g')).toBe(false);
  expect(macro('f', 'int')).toBe(false);
  expect(['NULL', '((void *)0)', 'g'].map(isNothing)).toEqual([true, true, false]);
});
