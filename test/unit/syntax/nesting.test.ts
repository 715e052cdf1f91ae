import { describe, expect, test } from 'vitest';
import { MAX_NESTING, withoutDeepToks, withoutDepths } from '../../../server/src/syntax/nesting.ts';
import { type Tokens, tokenize, tokenText } from '../../../server/src/syntax/tokens.ts';

const tokensOf = (text: string): Tokens => tokenize(Buffer.from(text, 'latin1'));
const textOf = (tokens: Tokens): string =>
  Array.from({ length: tokens.count }, (_, i) => tokenText(tokens, i)).join(' ');
const deep = MAX_NESTING + 50;

describe('what stands too deep is left out', () => {
  test('nothing of a text that is not deep', () => {
    expect(withoutDepths(tokensOf(`int x = ${'('.repeat(100)}1${')'.repeat(100)};`))).toBeNull();
  });

  test('the inside of a nest, and what follows stays', () => {
    const cut = withoutDepths(tokensOf(`${'{ a '.repeat(deep)}${'}'.repeat(deep)} b;`));
    expect(cut && textOf(cut)).toBe(`${'{ a '.repeat(MAX_NESTING - 1)}{ ${'} '.repeat(MAX_NESTING)}b ;`);
  });

  test('places and hashes go with their tokens', () => {
    const text = `${'('.repeat(deep)}\n${')'.repeat(deep)}\nname`;
    const cut = withoutDepths(tokensOf(text));
    const last = (cut?.count ?? 0) - 1;
    expect(cut && [tokenText(cut, last), cut.line[last], cut.start[last]]).toEqual(['name', 3, 2 * deep + 2]);
  });

  test('arms of an #if that each open a bracket count once', () => {
    const arms = '#if A\nif (a) {\n#else\nif (b) {\n#endif\n}\n'.repeat(MAX_NESTING);
    expect(
      withoutDepths(tokensOf(`${arms}${'('.repeat(deep)}x${')'.repeat(deep)}\nlast`))?.kind.length,
    ).toBeGreaterThan(tokensOf(arms).count);
    expect(withoutDepths(tokensOf(arms))).toBeNull();
  });

  test('closers without an opener lift nothing', () => {
    const cut = withoutDepths(tokensOf(`${')'.repeat(deep)}${'('.repeat(deep)}x`));
    expect(cut?.count).toBe(deep + MAX_NESTING);
  });

  test('of a list of tokens, too', () => {
    const toks = [...`${'['.repeat(deep)}x${']'.repeat(deep)}`].map((c) => ({ kind: c.charCodeAt(0) }));
    expect(withoutDeepToks(toks)).toHaveLength(2 * MAX_NESTING);
    const few = toks.slice(0, 100);
    expect(withoutDeepToks(few)).toBe(few);
  });
});
