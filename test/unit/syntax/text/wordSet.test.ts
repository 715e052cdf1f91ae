import { expect, test } from 'vitest';
import {
  holdsWord,
  opensSkipped,
  skipped,
  WORD_BYTES,
  wordNumber,
  wordSetOf,
} from '../../../../server/src/syntax/text/wordSet.ts';

const setOf = (text: string) => wordSetOf(Buffer.from(text, 'utf8'));
const has = (text: string, word: string) => holdsWord(setOf(text), wordNumber(word));

test('words outside comments and strings, each once; numbers are none', () => {
  const text = 'int a = f(a, 0xbeef); /* only_here */ char *s = "and_here"; // or_here\n#define M(x) g(x)\n';
  expect(setOf(text).length).toBe(9 * WORD_BYTES);
  for (const word of ['int', 'a', 'f', 'char', 's', 'define', 'M', 'x', 'g'])
    expect([word, has(text, word)]).toEqual([word, true]);
  for (const word of ['only_here', 'and_here', 'or_here', 'beef', 'xbeef'])
    expect([word, has(text, word)]).toEqual([word, false]);
});

test('an apostrophe that closes nothing hides no word', () => {
  expect(has("# don't touch\n\tcall foo\n", 'foo')).toBe(true);
  expect(has("#error don't use this\nint foo;", 'foo')).toBe(true);
  expect(has('/* never closed foo', 'foo')).toBe(false);
  expect(has('é_name = 1;', 'é_name')).toBe(true);
});

test('one file leaves nothing behind for the next', () => {
  expect(has('alpha', 'alpha')).toBe(true);
  expect(has('beta', 'alpha')).toBe(false);
  expect(setOf('').length).toBe(0);
});

test('what is skipped ends where a comment or literal does, and is a byte where none opens', () => {
  const end = (text: string) => skipped(Buffer.from(text), 0);
  expect([end('/* a */b'), end('// a\nb'), end('/ a'), end('"a\\"b"c'), end("'a"), end("'\\''x")]).toEqual([
    7, 4, 1, 6, 1, 4,
  ]);
  expect(['/', '"', "'", 'a'].map((c) => opensSkipped(c.charCodeAt(0)))).toEqual([true, true, true, false]);
});
