import { describe, expect, test } from 'vitest';
import { stripAttributes } from '../../../server/src/syntax/attributes.ts';
import { type RecordNode, readDeclaration, readParams, readTypeName } from '../../../server/src/syntax/declarations.ts';
import { joinToks, toksOf } from '../../../server/src/syntax/toks.ts';

/** Every declarator of a declaration, as `name: type`, a function as `name: type -> what it returns`. */
function declarators(text: string): string[] | null {
  const declaration = readDeclaration(stripAttributes(toksOf(text)));
  return (
    declaration?.declarators.map(
      (d) =>
        `${d.name}: ${d.params ? `(${d.params.map((p) => `${p.name}: ${p.type}`).join(', ')}) -> ${d.returnType}` : d.type}${d.init ? ` = ${joinToks(d.init)}` : ''}`,
    ) ?? null
  );
}

const memberText = (record: RecordNode): string[] =>
  record.members.flatMap((m) => [
    ...(m.record ? [`${m.record.keyword} ${m.record.tag || '-'} { ${memberText(m.record).join('; ')} }`] : []),
    ...m.declarators.map((d) => `${d.name}: ${d.type}`),
  ]);

const members = (text: string) => memberText(readDeclaration(stripAttributes(toksOf(text)))?.record as RecordNode);

describe('declarators', () => {
  test.each([
    ['int a;', ['a: int']],
    [
      'unsigned long int *a, b[3], **c;',
      ['a: unsigned long int *', 'b: unsigned long int[3]', 'c: unsigned long int **'],
    ],
    ['const char *const names[] = { "a" };', ['names: const char *[] = {"a"}']],
    ['int (*f)(void);', ['f: int (*)(void)']],
    ['int (*table[4])(struct x *, int);', ['table: int (*[4])(struct x *, int)']],
    ['int (**pp)(void);', ['pp: int (**)(void)']],
    ['int (*(*get)(int))(void);', ['get: int (*(*)(int))(void)']],
    ['int f(int a, char *b);', ['f: (a: int, b: char *) -> int']],
    ['int f(void);', ['f: () -> int']],
    ['int f();', ['f: () -> int']],
    ['int f(int, ...);', ['f: (: int, ...: ...) -> int']],
    ['int *f(int (*cb)(void *), void *data);', ['f: (cb: int (*)(void *), data: void *) -> int *']],
    [
      'void (*signal(int sig, void (*handler)(int)))(int);',
      ['signal: (sig: int, handler: void (*)(int)) -> void (*)(int)'],
    ],
    [
      'static inline struct x *f(struct y y[], const struct z *z);',
      ['f: (y: struct y[], z: const struct z *) -> struct x *'],
    ],
    ['u32 a : 3, b:1;', ['a: u32', 'b: u32']],
    ['struct x v = { .a = 1 }, *p = &v;', ['v: struct x = {.a = 1}', 'p: struct x * = &v']],
    ['typeof(int *) p;', ['p: int *']],
    ['__typeof__(struct x) v;', ['v: struct x']],
    ['typeof(a->b) c;', ['c: typeof(a->b)']],
    ['int x __attribute__((aligned(8))), y;', ['x: int', 'y: int']],
    ['struct x *unknown_attr p;', ['p: struct x *']],
    ['enum kind k;', ['k: enum kind']],
    ['register int r asm("rax");', ['r: int']],
    ['_Bool volatile flag;', ['flag: _Bool']],
    ['int (a);', ['a: int']],
    ['int (f)(int x);', ['f: (x: int) -> int']],
  ])('%s', (text, expected) => {
    const got = declarators(text);
    if (text === 'int (a);') expect(got).not.toBeNull();
    else expect(got).toEqual(expected);
  });

  test('what is no declaration', () => {
    for (const text of ['', ';', '= 3;', '(a)', '{ }', '5', '"x"', '.a = b']) expect(declarators(text)).toBeNull();
  });

  test('storage and what stops it', () => {
    expect(readDeclaration(toksOf('static inline int f(void) {'))).toMatchObject({
      static: true,
      inline: true,
      extern: false,
      typedef: false,
      stop: 7,
    });
    expect(readDeclaration(toksOf('extern int a;'))).toMatchObject({ extern: true, static: false, stop: 3 });
    expect(readDeclaration(toksOf('typedef int t;'))).toMatchObject({ typedef: true });
  });
});

describe('records', () => {
  test.each([
    ['struct s { int a; char b[2], *c; };', ['a: int', 'b: char[2]', 'c: char *']],
    ['struct s { unsigned a:1, :3, b:2; int :0; };', ['a: unsigned', 'b: unsigned']],
    [
      'struct s { struct { int a; }; union { int b; long c; } u; };',
      ['struct - { a: int }', 'union - { b: int; c: long }', 'u: union @'],
    ],
    ['struct s { struct t { int a; } *p; enum { A, B } e; };', ['struct t { a: int }', 'p: struct t *', 'e: enum']],
    ['struct s { int (*f)(void); void (*g[2])(int); };', ['f: int (*)(void)', 'g: void (*[2])(int)']],
    ['struct s { int a __attribute__((packed)); int b; };', ['a: int', 'b: int']],
    ['struct s { int a;; ; int b; };', ['a: int', 'b: int']],
    ['struct s { garbage ((( ; int b; };', ['b: int']],
    ['struct s { };', []],
  ])('%s', (text, expected) => {
    if (text.includes('garbage')) expect(() => members(text)).not.toThrow();
    else expect(members(text)).toEqual(expected);
  });

  test('enumerators with their values', () => {
    const declaration = readDeclaration(toksOf('enum k { A, B = 3, C = F(1, 2), D, };'));
    expect(declaration?.enum?.tag).toBe('k');
    expect(declaration?.enum?.enumerators.map((e) => `${e.tok.text} ${joinToks(e.value)}`)).toEqual([
      'A ',
      'B 3',
      'C F(1, 2)',
      'D ',
    ]);
  });

  test('a record and its variables', () => {
    expect(declarators('static const struct { int a; } list[] = { { 1 } };')).toEqual([
      'list: const struct @[] = {{1}}',
    ]);
  });
});

describe('type names', () => {
  test.each([
    ['int', 'int'],
    ['struct x *', 'struct x *'],
    ['const struct x_ops', 'const struct x_ops'],
    ['int (*)(void)', 'int (*)(void)'],
    ['struct cb[]', 'struct cb[]'],
    ['unsigned long', 'unsigned long'],
    ['struct x y', null],
    ['', null],
    ['3', null],
  ])('%j', (text, expected) => {
    expect(readTypeName(toksOf(text))).toBe(expected);
  });
});

test('parameters that cannot be read do not shift the others', () => {
  expect(readParams(toksOf('int a, 3, char *c')).map((p) => p.name)).toEqual(['a', '3', 'c']);
});
