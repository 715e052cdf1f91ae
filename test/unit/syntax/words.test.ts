import { expect, test } from 'vitest';
import {
  callsNothing,
  isHeadWord,
  isKeyword,
  isStatementWord,
  isTagWord,
  isTypeWord,
  isValueWord,
  standsBeforeValue,
} from '../../../server/src/syntax/words.ts';

test.each([
  [isTypeWord, ['struct', 'unsigned', 'const', '__typeof__', 'inline'], ['u32', 'if', 'typedef', 'foo']],
  [isKeyword, ['static', 'typedef', 'unsigned', 'return', '__attribute__'], ['u32', 'kfree', '__init']],
  [isTagWord, ['struct', 'union', 'enum'], ['typedef', 'int']],
  [isStatementWord, ['return', 'else', 'sizeof'], ['int', 'foo']],
  [isHeadWord, ['if', 'for', 'while', 'switch'], ['do', 'else', 'return']],
  [standsBeforeValue, ['return', 'sizeof', 'case'], ['foo', 'typeof']],
  [callsNothing, ['if', 'asm', 'offsetof', 'int', 'default'], ['kfree', 'READ_ONCE']],
  [isValueWord, ['kfree', 'x_ops', '__this'], ['NULL', 'THIS_MODULE', 'true', 'int', '__func__']],
])('%o', (is, yes, no) => {
  expect(yes.filter((word) => !is(word))).toEqual([]);
  expect(no.filter((word) => is(word))).toEqual([]);
});
