import { describe, expect, test } from 'vitest';
import { findConditions, plainDirectiveText } from '../../../server/src/syntax/conditions.ts';
import { tokenize } from '../../../server/src/syntax/tokens.ts';

const conditionsOf = (text: string) => findConditions(tokenize(Buffer.from(text, 'latin1')), () => {});

describe('conditions have an end', () => {
  const elifs = (n: number): string =>
    `#if A\n${Array.from({ length: n }, (_, i) => `#elif defined(B${i})\nint x${i};\n`).join('')}#endif\nint last;\n`;
  /** characters of all conditions together */
  const told = (text: string): number => conditionsOf(text).arms.reduce((n, a) => n + a.condition.length, 0);

  test('of a short chain every arm says what the others asked for', () => {
    const { arms, cut } = conditionsOf(elifs(3));
    expect(arms.map((a) => a.condition)).toEqual([
      '',
      'A',
      '!A && defined(B0)',
      '!A && !defined(B0) && defined(B1)',
      '!A && !defined(B0) && !defined(B1) && defined(B2)',
    ]);
    expect(cut).toBe(false);
  });

  test('a chain of thousands is not the square of itself, and says that it was cut', () => {
    expect(told(elifs(8000))).toBeLessThan(5 * told(elifs(2000)));
    expect(conditionsOf(elifs(2000)).cut).toBe(true);
  });

  test('an #else behind an arm that is always there is dead, however many come between', () => {
    const { arms } = conditionsOf(`#if 1\nint a;\n${'#elif B\nint b;\n'.repeat(100)}#else\nint c;\n#endif\n`);
    expect(arms.slice(2).every((a) => a.dead)).toBe(true);
  });

  test('#ifs in each other by the thousand', () => {
    const nested = (n: number) => `${'#if A\nint x;\n'.repeat(n)}${'#endif\n'.repeat(n)}int last;\n`;
    expect(conditionsOf(nested(20)).cut).toBe(false);
    const { arms, arm, cut } = conditionsOf(nested(5000));
    expect(cut).toBe(true);
    expect(arms.length).toBeLessThan(100);
    expect(arm.at(-1)).toBe(0);
  });

  test('an arm too deep to be told is that of what is around it', () => {
    const text = `${'#if A\n'.repeat(45)}int in;\n#else\nint other;\n${'#endif\n'.repeat(45)}int last;\n`;
    const { arm } = conditionsOf(text);
    const tokens = tokenize(Buffer.from(text));
    const armOf = (word: string) => arm[Array.from(tokens.start).findIndex((s) => text.startsWith(word, s))];
    expect(armOf('other')).toBe(armOf('in'));
    expect(armOf('last')).toBe(0);
  });

  test('one condition is told up to a length', () => {
    const text = `#if ${Array.from({ length: 3000 }, (_, i) => `defined(A${i})`).join(' || ')}\nint x;\n#endif\n`;
    expect(conditionsOf(text).arms[1].condition.length).toBeLessThan(1100);
  });
});

describe('comments in directives', () => {
  test.each([
    ['#define A 1 /* one */ + 2 // two', '#define A 1   + 2  '],
    ['#define A "/* no */" /* yes */', '#define A "/* no */"  '],
    ['#define A "\\"/* no */" /* yes */', '#define A "\\"/* no */"  '],
    ['#error "not closed /* a */ b', '#error "not closed   b'],
    ['#define A 1 /* not closed', '#define A 1  '],
    ['#define A \\\n  1 /* two\nlines */ 3', '#define A    1   3'],
  ])('%s', (text, plain) => {
    expect(plainDirectiveText(text)).toBe(plain);
  });
});
