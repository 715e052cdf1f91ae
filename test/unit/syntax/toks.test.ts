import { expect, test } from 'vitest';
import { tokenize } from '../../../server/src/syntax/tokens.ts';
import { joinToks, toksBetween, toksOf } from '../../../server/src/syntax/toks.ts';

test.each([
  ['const  char*name[ 4 ]', 'const char *name[4]'],
  ['f( a,b )', 'f(a, b)'],
  ['int (*f)(void)', 'int (*f)(void)'],
  ['a==b&&c', 'a == b && c'],
  ['.x=1', '.x = 1'],
])('one line of C in kernel style: %s', (text, expected) => expect(joinToks(toksOf(text))).toBe(expected));

test('a # that opens a replacement is an operator, no directive', () => {
  expect(toksOf('#x y').map((t) => t.text)).toEqual(['#', 'x', 'y']);
});

test('of a file, preprocessor lines are left out', () => {
  const tokens = tokenize(Buffer.from('a\n#if X\nb\n#endif\nc'));
  expect(toksBetween(tokens, 0, tokens.count).map((t) => `${t.text}@${t.pos}`)).toEqual(['a@0', 'b@8', 'c@17']);
});
