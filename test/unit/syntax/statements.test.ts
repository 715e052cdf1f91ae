import { describe, expect, test } from 'vitest';
import { findStatements } from '../../../server/src/syntax/statements.ts';
import { tokenize, tokenText } from '../../../server/src/syntax/tokens.ts';

/** Statements of a body, as `kind: text → line its block ends`. */
function statements(body: string): string[] {
  const tokens = tokenize(Buffer.from(`{\n${body}\n}`, 'latin1'));
  return findStatements(tokens, 1, tokens.count - 1).map((s) => {
    const words = [];
    for (let i = s.start; i < s.end; i++) words.push(tokenText(tokens, i));
    return `${s.kind}: ${words.join(' ')} → ${tokens.line[s.scopeEnd]}`;
  });
}

describe('statements', () => {
  test('declarations and expressions', () => {
    expect(
      statements('int a;\nstruct x *p = &q;\nfoo_t b, *c;\nfoo_t *d = e;\na = b * c;\nf(a);\n*p = q;\n(void)x;'),
    ).toEqual([
      'declaration: int a → 10',
      'declaration: struct x * p = & q → 10',
      'declaration: foo_t b , * c → 10',
      'declaration: foo_t * d = e → 10',
      'expression: a = b * c → 10',
      'expression: f ( a ) → 10',
      'expression: * p = q → 10',
      'expression: ( void ) x → 10',
    ]);
  });

  test('pointers to functions are declared by any type; a macro may make a type', () => {
    expect(
      statements(
        'ssize_t (*write)(const char *buf, size_t n);\nirqreturn_t (*fns[2])(int) = { f };\nwarn(*p);\nmember_of(a, b) c;',
      ),
    ).toEqual([
      'declaration: ssize_t ( * write ) ( const char * buf , size_t n ) → 6',
      'declaration: irqreturn_t ( * fns [ 2 ] ) ( int ) = { f } → 6',
      'expression: warn ( * p ) → 6',
      'expression: member_of ( a , b ) c → 6',
    ]);
    const tokens = tokenize(Buffer.from('{ member_of(a, b) c; }', 'latin1'));
    expect(findStatements(tokens, 1, tokens.count - 1, () => true)[0].kind).toBe('declaration');
  });

  test('control statements give what stands in their parentheses, and what they control', () => {
    expect(
      statements(
        'if (a = f()) b = c; else d = e;\nwhile (x) y();\ndo z(); while (w);\nfor (i = 0; i < n; i++)\n\tg(i);\nswitch (s) {\ncase A: h(); break;\ndefault: k();\n}',
      ),
    ).toEqual([
      'control: a = f ( ) → 11',
      'expression: b = c → 11',
      'expression: d = e → 11',
      'control: x → 11',
      'expression: y ( ) → 11',
      'expression: z ( ) → 11',
      'control: w → 11',
      'control: i = 0 ; i < n ; i ++ → 11',
      'expression: g ( i ) → 11',
      'control: s → 11',
      'expression: h ( ) → 10',
      'expression: k ( ) → 10',
    ]);
  });

  test('blocks and where they end', () => {
    expect(statements('{\n\tint a;\n\t{ int b; }\n}\nint c;')).toEqual([
      'declaration: int a → 5',
      'declaration: int b → 4',
      'declaration: int c → 7',
    ]);
  });

  test('labels, goto, return', () => {
    expect(statements('out:\n\tfree(x);\ngoto out;\nreturn f(x);\nreturn;')).toEqual([
      'expression: free ( x ) → 7',
      'return: f ( x ) → 7',
    ]);
  });

  test('loops made by macros', () => {
    expect(statements('list_for_each_entry(a, b, c)\n\tx->f = g;\nfor_each_cpu(i, m) {\n\th(i);\n}')).toEqual([
      'control: list_for_each_entry ( a , b , c ) → 7',
      'expression: x -> f = g → 7',
      'control: for_each_cpu ( i , m ) → 7',
      'expression: h ( i ) → 6',
    ]);
  });

  test('initialisers and statement expressions are one statement', () => {
    expect(statements('static struct x y = { .a = b, };\nx = ({ int t = f(); t; });')).toEqual([
      'declaration: static struct x y = { . a = b , } → 4',
      'expression: x = ( { int t = f ( ) ; t ; } ) → 4',
    ]);
  });

  test('broken bodies end', () => {
    for (const body of ['if (', 'case', 'return', '((((', '}}}}', 'for (;;', 'a:', 'switch', '{{{{', '= = ='])
      expect(Array.isArray(statements(body))).toBe(true);
  });
});
