import { describe, expect, test } from 'vitest';
import { addHeaderMacros, newMacroKnowledge } from '../../../server/src/syntax/macros/knowledge.ts';
import { scanMacros } from '../../../server/src/syntax/macros/scan.ts';
import { conditionOf, expandedSource, placeOf, readSource, sliceToks } from '../../../server/src/syntax/source.ts';
import { tokenText } from '../../../server/src/syntax/tokens.ts';

const sourceOf = (text: string, knowledge = newMacroKnowledge('x86')) =>
  readSource('mm/x.c', Buffer.from(text, 'latin1'), knowledge);
const words = (toks: { text: string }[]) => toks.map((t) => t.text).join(' ');

describe('one file', () => {
  test('lines and columns', () => {
    const source = sourceOf('ab\r\n\tcd\n\nx');
    expect([0, 1, 5, 6, 8, 9].map((pos) => Object.values(placeOf(source, pos)).join(':'))).toEqual([
      '1:1',
      '1:2',
      '2:2',
      '2:3',
      '3:1',
      '4:1',
    ]);
  });

  test('the place of its #defines, also behind blanks', () => {
    const source = sourceOf('#define A b\n #  define  C(x) d\n');
    expect(source.defines.map((d) => [d.name, d.params, d.pos])).toEqual([
      ['A', null, 8],
      ['C', ['x'], 24],
    ]);
  });

  test('tokens with both arms, or with one of each #if', () => {
    const source = sourceOf('a\n#ifdef X\nb\n#elif Y\nc\n#else\nd\n#endif\n#if 0\ne\n#endif\nf');
    const slice = (choice: 'all' | 'first' | 'last') => words(sliceToks(source, 0, source.tokens.count, choice));
    expect([slice('all'), slice('first'), slice('last')]).toEqual(['a b c d f', 'a b f', 'a d f']);
  });

  test('the condition of a token: of its arm and of the macro it comes from', () => {
    const source = sourceOf('#ifdef X\na\n#endif');
    const [tok] = sliceToks(source, 0, source.tokens.count);
    expect(conditionOf(source, tok)).toBe('defined(X)');
    expect(conditionOf(source, { ...tok, condition: 'Y' })).toBe('defined(X) && Y');
    expect(conditionOf(source, { ...tok, arm: 0, condition: 'Y' })).toBe('Y');
    expect(conditionOf(source, { ...tok, condition: 'defined(X)' })).toBe('defined(X)');
  });

  test('a list header stands where it is included', () => {
    const knowledge = newMacroKnowledge('x86');
    addHeaderMacros(knowledge, scanMacros('include/linux/list.h', Buffer.from('HOOK(a)\n#ifdef X\nHOOK(b)\n#endif\n')));
    const source = sourceOf('struct s {\n#include <linux/list.h>\n};', knowledge);
    const toks = sliceToks(source, 0, source.tokens.count);
    expect(words(toks)).toBe('struct s { HOOK ( a ) HOOK ( b ) } ;');
    expect(
      toks.filter((t) => t.text === 'HOOK').map((t) => [placeOf(source, t.pos).line, conditionOf(source, t)]),
    ).toEqual([
      [2, null],
      [2, 'defined(X)'],
    ]);
  });

  test('a source made of expanded tokens keeps their origin', () => {
    const source = sourceOf('int a;');
    const toks = sliceToks(source, 0, source.tokens.count);
    const made = expandedSource(source, toks);
    expect(toks.map((_, i) => tokenText(made.tokens, i))).toEqual(['int', 'a', ';']);
    expect(made.origin).toEqual(toks);
    expect(sliceToks(made, 1, 2)).toEqual([toks[1]]);
  });
});
