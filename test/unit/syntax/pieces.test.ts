import { describe, expect, test } from 'vitest';
import { findConditions } from '../../../server/src/syntax/conditions.ts';
import { findPieces, type MacroRole } from '../../../server/src/syntax/pieces.ts';
import { tokenize, tokenText } from '../../../server/src/syntax/tokens.ts';

/** Pieces of a text as their first and last tokens, with what they are. */
function pieces(text: string, role: MacroRole = 'unknown'): string[] {
  const tokens = tokenize(Buffer.from(text, 'latin1'));
  const conditions = findConditions(tokens, () => {});
  return findPieces(tokens, conditions, () => role).map((p) => {
    const words = [];
    for (let i = p.start; i < p.end; i++) words.push(tokenText(tokens, i));
    const shown = words.length > 8 ? [...words.slice(0, 4), '…', ...words.slice(-2)] : words;
    return `${p.body >= 0 ? 'function ' : ''}${p.assign >= 0 ? 'init ' : ''}${p.open ? 'open ' : ''}| ${shown.join(' ')}`;
  });
}

describe('pieces of a file', () => {
  test('declarations, functions, records, initialisers', () => {
    expect(
      pieces(`int a;
struct s { int x; struct { int y; } z; };
int f(int x) { if (x) { return 1; } return 0; }
struct s v = { .x = 1, };
enum { A, B };
typedef int (*fn)(void);
union u { int a; } w[2] = { { 1 } };`),
    ).toEqual([
      '| int a ;',
      '| struct s { int … } ;',
      'function | int f ( int … ; }',
      'init | struct s v = … } ;',
      '| enum { A , B } ;',
      '| typedef int ( * … ) ;',
      'init | union u { int … } ;',
    ]);
  });

  test('attributes between head and body', () => {
    expect(
      pieces(
        'struct s __aligned(8) { int x; };\nint f(void) __attribute__((x)) { }\nint g(int (*cb)(void)) __must_hold(&l) { }',
      ),
    ).toEqual(['| struct s __aligned ( … } ;', 'function | int f ( void … { }', 'function | int g ( int … { }']);
  });

  test('a function that returns a struct is a function', () => {
    expect(pieces('struct s *f(struct t *t)\n{\n}\nstruct s g(void) { return x; }')).toEqual([
      'function | struct s * f … { }',
      'function | struct s g ( … ; }',
    ]);
  });

  test('macro calls without a semicolon, by what the macro stands for', () => {
    const text = 'MODULE_X("a")\nint a;\nDEFINE(b)\n\nint f(void) { }';
    expect(pieces(text, 'whole')).toEqual([
      '| MODULE_X ( "a" )',
      '| int a ;',
      '| DEFINE ( b )',
      'function | int f ( void ) { }',
    ]);
    expect(pieces('PREFIX(1)\nint a;', 'prefix')).toEqual(['| PREFIX ( 1 ) int a ;']);
    expect(pieces(text, 'unknown')).toEqual(pieces(text, 'whole'));
    expect(pieces('lower_case(1)\nint a;')).toEqual(['| lower_case ( 1 ) int a ;']);
    expect(pieces('SYSCALL_DEFINE1(x, int, y)\n{\n}')).toEqual(['function | SYSCALL_DEFINE1 ( x , … { }']);
  });

  test('stray semicolons and closing braces', () => {
    expect(pieces(';;\n}\nint a;;')).toEqual(['| int a ;']);
  });

  test('arms that do not balance: each opens the brace that comes once', () => {
    expect(
      pieces(`int f(int a)
{
#ifdef X
	if (a) {
#else
	while (a) {
#endif
		g();
	}
}
int b;`),
    ).toEqual(['function | int f ( int … } }', '| int b ;']);
  });

  test('a head in each arm, one body', () => {
    expect(pieces('static int\n#ifdef X\nf(int a)\n#else\nf(long a)\n#endif\n{\n}\nint b;')).toEqual([
      'function | static int #ifdef X f … { }',
      '| int b ;',
    ]);
    const calls = 'DEF(a, b)\n#elif Y\n#if Z\nDEF(b)\n#else\nDEF(c)\n#endif\n#else\nDEF(d)\n#endif\n';
    expect(pieces(`#ifdef X\n${calls}{\n}\nint b;`)).toEqual(['function | DEF ( a , … { }', '| int b ;']);
    // definitions by themselves, in arms
    expect(pieces(`#ifdef X\n${calls}int b;`)).toHaveLength(5);
  });

  test('an arm that ends the piece, the other one ends it too', () => {
    expect(
      pieces(`int f(void)
#ifdef X
;
#else
{ return 0; }
#endif
int b;`),
    ).toEqual(['| int f ( void ) #ifdef X ;', '| int b ;']);
  });

  test('a dead arm does not count', () => {
    expect(pieces('int f(void)\n{\n#if 0\n\tif (x) {\n#endif\n}\nint b;')).toEqual([
      'function | int f ( void … #endif }',
      '| int b ;',
    ]);
  });

  test('a missing brace: the function ends at the last one in the first column', () => {
    expect(pieces('int f(void)\n{\n\tif (x) {\n}\n\nint g(void)\n{\n}\nint b;')).toEqual([
      'function open | int f ( void … { }',
      'function | int g ( void ) { }',
      '| int b ;',
    ]);
  });

  test('the last piece of a broken file is open', () => {
    expect(pieces('int a = ')).toEqual(['init open | int a =']);
    expect(pieces('int f(void)\n{\n\tif (x) {\n}\n')).toEqual(['function open | int f ( void … { }']);
    expect(pieces('')).toEqual([]);
  });
});
