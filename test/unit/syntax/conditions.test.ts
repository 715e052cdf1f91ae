import { describe, expect, test } from 'vitest';
import { armCondition, findConditions, parseDirective } from '../../../server/src/syntax/conditions.ts';
import { Kind, tokenize, tokenText } from '../../../server/src/syntax/tokens.ts';

/** `name: condition` of every token that is no directive; `-` for a dead one. */
function conditions(text: string): string[] {
  const tokens = tokenize(Buffer.from(text, 'latin1'));
  const { arms, arm } = findConditions(tokens, () => {});
  const out: string[] = [];
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.kind[i] === Kind.Directive) continue;
    out.push(`${tokenText(tokens, i)}: ${arms[arm[i]].dead ? 'dead' : (armCondition(arms, arm[i]) ?? 'always')}`);
  }
  return out;
}

describe('conditions', () => {
  test('#ifdef, #ifndef, #if, #else', () => {
    expect(
      conditions('a\n#ifdef X\nb\n#else\nc\n#endif\n#ifndef Y\nd\n#endif\n#if Z > 2\ne\n#else\nf\n#endif\ng'),
    ).toEqual([
      'a: always',
      'b: defined(X)',
      'c: !defined(X)',
      'd: !defined(Y)',
      'e: Z > 2',
      'f: !(Z > 2)',
      'g: always',
    ]);
  });

  test('#elif knows what came before', () => {
    expect(conditions('#if A\na\n#elif B == 1\nb\n#elif defined(C)\nc\n#else\nd\n#endif')).toEqual([
      'a: A',
      'b: !A && B == 1',
      'c: !A && !(B == 1) && defined(C)',
      'd: !A && !(B == 1) && !defined(C)',
    ]);
  });

  test('nested arms, with || in parentheses', () => {
    expect(conditions('#if A || B\n#ifdef C\na\n#else\nb\n#endif\nc\n#endif')).toEqual([
      'a: (A || B) && defined(C)',
      'b: (A || B) && !defined(C)',
      'c: A || B',
    ]);
  });

  test('an include guard is no condition', () => {
    expect(conditions('#ifndef _X_H\n#define _X_H\na\n#ifdef B\nb\n#endif\n#endif')).toEqual([
      'a: always',
      'b: defined(B)',
    ]);
    expect(conditions('#if !defined(_X_H)\n#define _X_H 1\na\n#endif')).toEqual(['a: always']);
    expect(conditions('#ifndef _X_H\n#define OTHER\na\n#endif')).toEqual(['a: !defined(_X_H)']);
  });

  test('what no C compile of a kernel sees is dead', () => {
    expect(
      conditions(
        '#if 0\na\n#else\nb\n#endif\n#if 1\nc\n#else\nd\n#endif\n#ifdef __ASSEMBLY__\ne\n#endif\n#ifdef __cplusplus\nf\n#endif\n#ifdef __KERNEL__\ng\n#else\nh\n#endif',
      ),
    ).toEqual(['a: dead', 'b: always', 'c: always', 'd: dead', 'e: dead', 'f: dead', 'g: always', 'h: dead']);
    expect(conditions('#if 0\n#ifdef X\na\n#endif\n#endif')).toEqual(['a: dead']);
  });

  test('blanks and comments in a condition are tidied', () => {
    expect(conditions('#if  defined CONFIG_A  &&\\\n   ! defined ( CONFIG_B ) /* why */\na\n#endif')).toEqual([
      'a: defined(CONFIG_A) && ! defined(CONFIG_B)',
    ]);
    expect(conditions('# ifdef X /* x */\na\n# endif')).toEqual(['a: defined(X)']);
  });

  test('structure that does not close, or closes too often', () => {
    expect(conditions('#else\na\n#endif\nb\n#if X\nc')).toEqual(['a: always', 'b: always', 'c: X']);
    expect(conditions('#elif Y\na')).toEqual(['a: always']);
  });
});

describe('directives', () => {
  test.each([
    ['#define A(x) \\\n\tx /* c */ + "/* s */" // end', { name: 'define', rest: 'A(x)  \tx   + "/* s */"' }],
    ['#  include <a.h>', { name: 'include', rest: '<a.h>' }],
    ['#', null],
    ['#!shebang', null],
    ['# 12 "file"', null],
    ['#if(A)', { name: 'if', rest: '(A)' }],
  ])('%j', (text, expected) => {
    const directive = parseDirective(text);
    expect(directive && { ...directive, rest: directive.rest.replace(/\s+/g, ' ') }).toEqual(
      expected && { ...expected, rest: expected.rest.replace(/\s+/g, ' ') },
    );
  });
});
