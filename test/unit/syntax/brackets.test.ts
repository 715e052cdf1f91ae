import { describe, expect, test } from 'vitest';
import {
  argumentsAt,
  behind,
  bracketPartners,
  closing,
  isBalanced,
  opening,
  skipGroup,
  splitCommas,
  before as tokenBefore,
} from '../../../server/src/syntax/brackets.ts';
import { tokenize } from '../../../server/src/syntax/tokens.ts';
import { joinToks, toksOf } from '../../../server/src/syntax/toks.ts';

const tokensOf = (text: string) => tokenize(Buffer.from(text, 'latin1'));

describe('in a file', () => {
  const pairs = (text: string): string => {
    const tokens = tokensOf(text);
    return [...bracketPartners(tokens).subarray(0, tokens.count)].join(' ');
  };

  test('each kind belongs together by itself', () => {
    expect(pairs('( [ ) ]')).toBe('2 3 0 1');
    expect(pairs('{ ( } )')).toBe('2 3 0 1');
  });

  test('what has no partner takes none from the others', () => {
    expect(pairs(') ( ( )')).toBe('-1 -1 3 2');
    expect(pairs('{ { }')).toBe('-1 2 1');
    expect(pairs('a b')).toBe('-1 -1');
  });

  test('the end and the start of a group, within bounds', () => {
    const tokens = tokensOf('f ( a [ 1 ] )');
    expect(closing(tokens, 1)).toBe(6);
    expect(closing(tokens, 1, 6)).toBe(6);
    expect(closing(tokens, 3, 4)).toBe(4);
    expect(closing(tokens, 0)).toBe(tokens.count);
    expect(opening(tokens, 6)).toBe(1);
    expect(opening(tokens, 6, 2)).toBe(-1);
    expect(opening(tokens, -1)).toBe(-1);
  });

  test('preprocessor lines are no neighbours', () => {
    const tokens = tokensOf('a\n#if X\n#endif\nb');
    expect(behind(tokens, 0)).toBe(3);
    expect(tokenBefore(tokens, 3)).toBe(0);
    expect(tokenBefore(tokens, 0)).toBe(-1);
    expect(behind(tokens, 3)).toBe(tokens.count);
  });
});

describe('in a list of tokens', () => {
  test('the end of a group', () => {
    expect(skipGroup(toksOf('( a [ b ] { c } ) d'), 0)).toBe(9);
    expect(skipGroup(toksOf('( a'), 0)).toBe(2);
  });

  test('commas outside brackets part', () => {
    const split = (text: string) => splitCommas(toksOf(text)).map(joinToks);
    expect(split('a, f(b, c), { d, e }, [1, 2]')).toEqual(['a', 'f(b, c)', '{d, e}', '[1, 2]']);
    expect(split('a,')).toEqual(['a', '']);
    expect(split('')).toEqual([]);
  });

  test('arguments, in which only parentheses protect a comma', () => {
    const args = (text: string) => argumentsAt(toksOf(text), 1).map(joinToks);
    expect(args('f(a, g(b, c), {d, e}) + 1')).toEqual(['a', 'g(b, c)', '{d', 'e}']);
    expect(args('f()')).toEqual(['']);
  });

  test.each([
    ['{ ( ) }', true],
    ['( ', false],
    [') (', false],
    ['a[', true],
  ])('balanced or not: %s', (text, expected) => expect(isBalanced(toksOf(text))).toBe(expected));
});
