import { describe, expect, test } from 'vitest';
import {
  addHeaderMacros,
  includeCandidates,
  isConstantBody,
  isOnlyDirectives,
  macroView,
  newMacroKnowledge,
  normalize,
  parseDefine,
  scanMacros,
} from '../../../../server/src/syntax/macros/macros.ts';
import { readSource } from '../../../../server/src/syntax/source.ts';

const scan = (text: string, file = 'include/linux/x.h') => scanMacros(file, Buffer.from(text, 'latin1'));

function knowledge(headers: Record<string, string>, architecture = 'x86') {
  const known = newMacroKnowledge(architecture);
  for (const [file, text] of Object.entries(headers)) addHeaderMacros(known, scan(text, file));
  return known;
}

/** What `name` means at the mark `<>` of a file, as `body (condition)`. */
function at(text: string, name: string, headers: Record<string, string> = {}, path = 'drivers/x/x.c'): string | null {
  const pos = text.indexOf('<>');
  const source = readSource(path, Buffer.from(text.replace('<>', '  '), 'latin1'), knowledge(headers));
  const macro = source.macros.lookup(name, pos < 0 ? text.length : pos);
  return macro && `${macro.body}${macro.condition === null ? '' : ` (${macro.condition})`}`;
}

describe('a #define', () => {
  test.each([
    ['A', { name: 'A', params: null, variadic: false, body: '' }],
    ['A 1 + 2', { name: 'A', params: null, variadic: false, body: '1 + 2' }],
    ['A (x)', { name: 'A', params: null, variadic: false, body: '(x)' }],
    ['A(x) x', { name: 'A', params: ['x'], variadic: false, body: 'x' }],
    ['A() x', { name: 'A', params: [], variadic: false, body: 'x' }],
    ['A( a , b ) a b', { name: 'A', params: ['a', 'b'], variadic: false, body: 'a b' }],
    [
      'A(fmt, ...) f(fmt, ##__VA_ARGS__)',
      { name: 'A', params: ['fmt', '__VA_ARGS__'], variadic: true, body: 'f(fmt, ##__VA_ARGS__)' },
    ],
    ['A(args...) f(args)', { name: 'A', params: ['args'], variadic: true, body: 'f(args)' }],
    ['1', null],
    ['', null],
  ])('%j', (rest, expected) => {
    expect(parseDefine(rest)).toEqual(expected);
  });

  test.each([
    ['12', true],
    ['0x10', true],
    ['"text"', true],
    ['(A | B)', true],
    ['(1 << BIT_A)', true],
    ['', false],
    ['other', false],
    ['__attribute__((x))', false],
    ['(f)', false],
    ['NULL', false],
  ])('is the body %j a plain constant? %s', (body, expected) => {
    expect(isConstantBody(body)).toBe(expected);
  });
});

describe('a scan of a header', () => {
  test('finds definitions that matter, with their condition, and includes', () => {
    const { macros, includes } = scan(`#ifndef _X_H
#define _X_H
#include <linux/a.h>
#include "b.h"
#define CONST 12
#define MASK 0xff
#define empty
#define call(x) real(x)
#ifdef CONFIG_A
# define choice(x) (x)
#else
# define choice(x) NULL
#endif
#if 0
#define gone(x) x
#endif
#define long_one(a) \\
	do_a(a); \\
	do_b(a)
#endif
`);
    expect(includes).toEqual(['<linux/a.h>', '"b.h"']);
    expect(
      macros.map(
        (m) =>
          `${m.name}(${m.params ?? ''}) = ${m.body.replace(/\s+/g, ' ')}${m.condition === null ? '' : ` if ${m.condition}`}`,
      ),
    ).toEqual([
      '_X_H() = ',
      'empty() = ',
      'call(x) = real(x)',
      'choice(x) = (x) if defined(CONFIG_A)',
      'choice(x) = NULL if !defined(CONFIG_A)',
      'long_one(a) = do_a(a); do_b(a)',
    ]);
  });

  test('a # in a comment or in a line is none', () => {
    expect(scan('/*\n *#define no x\n */\nint a; #define no2 y\n#define yes z\n').macros.map((m) => m.name)).toEqual([
      'yes',
    ]);
  });

  test('knows a header that is nothing but macro calls', () => {
    expect(scan('HOOK(int, a)\nHOOK(int, b)\n').template).toBe('HOOK(int, a)\nHOOK(int, b)\n');
    expect(scan('HOOK(int, a)\nint b;\n').template).toBeNull();
    expect(scan('#ifndef _X\n#define _X\nHOOK(a)\nHOOK(b)\n#endif\n').template).toBeNull();
  });

  test('knows a header that is nothing but preprocessor lines', () => {
    const only = (text: string) => isOnlyDirectives(Buffer.from(text));
    expect(only('/* c */\n#ifndef A\n#define A 0x1\n#define B \\\n  C(x)\n// x\n#endif\n')).toBe(true);
    expect(only('#define A 0x1 /* one\nint x; */\nint y;')).toBe(false);
    expect(only('#define A 0x1\nint x;')).toBe(false);
    expect(only('')).toBe(true);
  });
});

describe('what a name means', () => {
  test("the file's own definition before a header's", () => {
    const headers = { 'include/linux/x.h': '#define op(x) header(x)\n' };
    expect(at('#define op(x) own(x)\n', 'op', headers)).toBe('own(x)');
    expect(at('<>\n#define op(x) own(x)\n', 'op', headers)).toBe('header(x)');
  });

  test('the last definition before the use', () => {
    const text = '#define op first\n#undef op\n#define op second\n';
    expect(at(text, 'op')).toBe('second');
    expect(at(text.replace('#undef', '<>\n#undef'), 'op')).toBe('first');
  });

  test('#undef ends it', () => {
    expect(at('#define op first\n#undef op\n<>', 'op', { 'include/linux/x.h': '#define op other\n' })).toBeNull();
  });

  test('of two arms the one that says more', () => {
    expect(at('#ifdef CONFIG_A\n#define op(x) real(x)\n#else\n#define op(x)\n#endif\n', 'op')).toBe(
      'real(x) (defined(CONFIG_A))',
    );
    expect(at('#ifdef CONFIG_A\n#define op(x)\n#else\n#define op(x) real(x)\n#endif\n', 'op')).toBe(
      'real(x) (!defined(CONFIG_A))',
    );
    expect(
      at('x', 'op', { 'include/linux/x.h': '#ifdef A\n#define op(x)\n#else\n#define op(x) real(x)\n#endif\n' }),
    ).toBe('real(x) (!defined(A))');
  });

  test('likely() is what it is without the branch profiler', () => {
    const knowledge = newMacroKnowledge('x86');
    const text = `#if defined(CONFIG_TRACE_BRANCH_PROFILING) && !defined(__CHECKER__)
#define likely(x) profile(x)
#else
#define likely(x) expect(x)
#endif
#ifdef CONFIG_PROFILE_ALL_BRANCHES
#define counted(x) profile(x)
#endif
`;
    addHeaderMacros(knowledge, scanMacros('include/linux/compiler.h', Buffer.from(text)));
    const view = macroView(knowledge, 'mm/x.c', [], []);
    expect(view.lookup('likely', 1)).toMatchObject({ body: 'expect(x)', condition: null });
    expect(view.lookup('counted', 1)).toBeNull();
  });

  test('a definition under #if 0 is none', () => {
    expect(at('#if 0\n#define op gone\n#endif\n', 'op')).toBeNull();
  });

  test('the nearest header', () => {
    const headers = {
      'include/linux/x.h': '#define op from_linux\n',
      'include/asm-generic/x.h': '#define op from_generic\n',
      'arch/x86/include/asm/x.h': '#define op from_x86\n',
      'arch/arm64/include/asm/x.h': '#define op from_arm64\n',
      'drivers/x/local.h': '#define op from_local\n',
      'drivers/other/other.h': '#define op from_other\n',
      'tools/include/x.h': '#define op from_tools\n',
    };
    expect(at('#include "local.h"\n', 'op', headers)).toBe('from_local');
    expect(at('x', 'op', headers)).toBe('from_x86');
    expect(at('x', 'op', headers, 'arch/arm64/mm/x.c')).toBe('from_arm64');
    const { 'arch/x86/include/asm/x.h': _, ...rest } = headers;
    expect(at('x', 'op', rest)).toBe('from_linux');
  });

  test("another folder's private header is out of sight", () => {
    expect(at('x', 'op', { 'drivers/other/other.h': '#define op from_other\n' })).toBeNull();
    expect(at('x', 'op', { 'tools/include/x.h': '#define op from_tools\n' })).toBeNull();
    expect(at('#include "../other/other.h"\n', 'op', { 'drivers/other/other.h': '#define op from_other\n' })).toBe(
      'from_other',
    );
  });

  test('through the includes of a local header', () => {
    const headers = { 'drivers/x/a.h': '#include "deep/b.h"\n', 'drivers/x/deep/b.h': '#define op from_b\n' };
    expect(at('#include "a.h"\n', 'op', headers)).toBe('from_b');
  });

  test('a name that nobody defines', () => {
    expect(at('x', 'op')).toBeNull();
    expect(macroView(newMacroKnowledge('x86'), 'a.c', [], []).lookup('constructor', 0)).toBeNull();
    expect(macroView(newMacroKnowledge('x86'), 'a.c', [], []).lookup('__proto__', 0)).toBeNull();
  });
});

describe('paths of an #include', () => {
  test('beside the file first for quotes', () => {
    expect(includeCandidates('drivers/x/x.c', '"y.h"', 'x86').slice(0, 3)).toEqual([
      'drivers/x/y.h',
      'include/y.h',
      'arch/x86/include/y.h',
    ]);
  });

  test('of the architecture of the file', () => {
    expect(includeCandidates('arch/arm64/mm/x.c', '<asm/page.h>', 'x86')).toEqual([
      'include/asm/page.h',
      'arch/arm64/include/asm/page.h',
      'include/uapi/asm/page.h',
      'arch/arm64/include/uapi/asm/page.h',
      'include/asm-generic/page.h',
      'include/asm-arm64/page.h',
    ]);
  });

  test('dots', () => {
    expect(['a/./b/../c.h', '../x.h', 'a//b'].map(normalize)).toEqual(['a/c.h', 'x.h', 'a/b']);
  });
});
