import { describe, expect, test } from 'vitest';
import { both, type ExpandOptions, expand } from '../../../../server/src/syntax/macros/expand.ts';
import { newMacroKnowledge } from '../../../../server/src/syntax/macros/knowledge.ts';
import { readSource, sliceToks } from '../../../../server/src/syntax/source.ts';
import { joinToks, toksOf } from '../../../../server/src/syntax/toks.ts';

/** The last line of a text, expanded by the #defines above it. */
function run(text: string, options: Partial<ExpandOptions> = {}) {
  const source = readSource('x.c', Buffer.from(text, 'latin1'), newMacroKnowledge('x86'));
  const toks = sliceToks(source, 0, source.tokens.count);
  return expand(toks, { macros: source.macros, ...options });
}

const expanded = (text: string, options: Partial<ExpandOptions> = {}) =>
  run(text, options)
    .toks.map((t) => t.text)
    .join(' ');

describe('expansion', () => {
  test.each([
    ['an object', '#define A b + c\nx A y', 'x b + c y'],
    ['a call', '#define F(x, y) y x\nF(1, 2)', '2 1'],
    ['a name without its call stays', '#define F(x) x\nF; F (1)', 'F ; 1'],
    ['no parameters', '#define F() z\nF() F( )', 'z z'],
    ['nested calls', '#define F(x) [x]\nF(F(F(1)))', '[ [ [ 1 ] ] ]'],
    ['the result is scanned again', '#define A b\n#define b c(1)\n#define c(x) x x\nA', '1 1'],
    ['a call whose parts come from two places', '#define F(x) <x>\n#define G F\nG(1) ', '< 1 >'],
    ['commas in parentheses', '#define F(x) x\nF((a, b))', '( a , b )'],
    ['commas in braces split, as in C', '#define F(x, y) x|y\nF({a, b})', '{ a | b }'],
    ['stringify', '#define S(x) #x\nS(a  +  b) S("q\\n")', '"a + b" "\\"q\\\\n\\""'],
    ['stringify does not expand', '#define A b\n#define S(x) #x\n#define T(x) S(x)\nS(A) T(A)', '"A" "b"'],
    ['paste', '#define P(a, b) a##b ## _c\nP(x, y)', 'xy_c'],
    ['paste does not expand', '#define A b\n#define P(x) x##1\nP(A)', 'A1'],
    ['paste makes a name that is expanded', '#define AB yes\n#define P(a, b) a##b\nP(A, B)', 'yes'],
    ['paste with nothing', '#define P(a, b) a##b\nP(, y) P(x, ) P(,)', 'y x'],
    ['paste of operators', '#define P(a, b) a##b\nP(-, >)', '->'],
    ['paste of what is no token', '#define P(a, b) a##b\nP(x, +)', 'x +'],
    ['variadics', '#define F(fmt, ...) f(fmt, __VA_ARGS__)\nF("x", a, b)', 'f ( "x" , a , b )'],
    ['named variadics', '#define F(fmt, args...) f(fmt, args)\nF("x", a, b)', 'f ( "x" , a , b )'],
    [
      'the comma goes with nothing',
      '#define F(fmt, ...) f(fmt, ##__VA_ARGS__)\nF("x") F("x", a)',
      'f ( "x" ) f ( "x" , a )',
    ],
    ['recursion stops', '#define A B x\n#define B A y\nA', 'A y x'],
    ['a function of itself stops', '#define f(x) f(x + 1)\nf(f(1))', 'f ( f ( 1 + 1 ) + 1 )'],
    ['arguments over several lines', '#define F(a, b) a b\nF(1,\n\t2)', '1 2'],
    ['an empty argument', '#define F(a, b) <a|b>\nF(,1)', '< | 1 >'],
    ['too few and too many arguments', '#define F(a, b) a b\nF(1) F(1, 2, 3)', '1 1 2'],
    ['an unclosed call stays', '#define F(x) [x]\nF(1', 'F ( 1'],
  ])('%s', (_, text, expected) => {
    expect(expanded(text)).toBe(expected);
  });

  test('tokens out of a body stand where the macro is used, arguments where they stand', () => {
    const text = '#define F(x) x = body\n  F(arg);';
    const { toks } = run(text);
    expect(toks.map((t) => [t.text, t.pos, t.macro])).toEqual([
      ['arg', text.indexOf('arg'), false],
      ['=', text.indexOf('F(arg)'), true],
      ['body', text.indexOf('F(arg)'), true],
      [';', text.indexOf(';'), false],
    ]);
  });

  test('a pasted name stands where its argument stands', () => {
    const text = '#define F(x) x##_ops\nF(my)';
    expect(run(text).toks.map((t) => [t.text, t.pos, t.macro])).toEqual([['my_ops', text.lastIndexOf('my'), true]]);
  });

  test('the condition of a definition goes along', () => {
    const { toks } = run('#ifdef A\n#define X(f) .a = f\n#endif\nX(g)');
    expect(toks.map((t) => [t.text, t.condition])).toEqual([
      ['.', 'defined(A)'],
      ['a', 'defined(A)'],
      ['=', 'defined(A)'],
      ['g', null],
    ]);
  });

  test('what is to be kept is kept, its arguments expanded', () => {
    expect(expanded('#define K(x) no\n#define A b\nK(A)', { keep: (macro) => macro.name === 'K' })).toBe('K ( b )');
  });

  test('with bodies left to their reader, statements in an argument stay as they are', () => {
    const text = `#define ONE one_of
#define WAIT(x) ({ long r = x; r; })
#define BODY(name, cond) static int name(void) { return cond; }
BODY(f, ONE + WAIT(ONE))`;
    expect(expanded(text)).toBe('static int f ( void ) { return one_of + ( { long r = one_of ; r ; } ) ; }');
    expect(expanded(text, { lazyBodies: true })).toBe('static int f ( void ) { return one_of + WAIT ( one_of ) ; }');
  });

  test('tells which macros it used', () => {
    const used = new Set<string>();
    run('#define A B\n#define B c\n#define D e\nA', { used });
    expect([...used].sort()).toEqual(['A', 'B']);
  });

  test('a runaway expansion stops, and says so', () => {
    const steps = Array.from(
      { length: 30 },
      (_, i) => `#define M${i + 1}(a, b) (M${i}(a, b) < M${i}(b, a) ? M${i}(a, b) : 0)`,
    );
    const result = run(`#define M0(a, b) min(a, b)\n${steps.join('\n')}\nM30(x, y)`);
    expect(result.complete).toBe(false);
    expect(result.toks.length).toBeLessThan(500_000);
    expect(run('#define A b\nA').complete).toBe(true);
  });
});

describe('two conditions as one', () => {
  test.each([
    [null, null, null],
    ['A', null, 'A'],
    [null, 'B', 'B'],
    ['A', 'A', 'A'],
    ['A', 'B', 'A && B'],
    ['A || B', 'C', '(A || B) && C'],
  ])('%s and %s', (a, b, expected) => {
    expect(both(a, b)).toBe(expected);
  });
});

test('tokens of a text alone', () => {
  expect(joinToks(toksOf('# x'))).toBe('#x');
  expect(toksOf('').length).toBe(0);
});
