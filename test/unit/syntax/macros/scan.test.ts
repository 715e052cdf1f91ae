import { describe, expect, test } from 'vitest';
import { isOnlyDirectives, scanMacros } from '../../../../server/src/syntax/macros/scan.ts';

const scan = (text: string, file = 'include/linux/x.h') => scanMacros(file, Buffer.from(text, 'latin1'));

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

test('what a header takes back nobody else sees, but for what it defines anew, or in one configuration', () => {
  const names = (text: string) => scanMacros('include/linux/a.h', Buffer.from(text)).macros.map((m) => m.name);
  expect(names('#define MAP(a) (a + 1)\n#define M(x) MAP(x)\n#undef M\n#undef MAP\n#define KEPT(a) f(a)\n')).toEqual([
    'KEPT',
  ]);
  expect(names('#define A(x) f(x)\n#undef A\n#define A(x) g(x)\n')).toEqual(['A', 'A']);
  expect(names('#define A(x) f(x)\n#ifdef CONFIG_X\n#undef A\n#endif\n')).toEqual(['A']);
  expect(names('#define A(x) f(x)\n#include NAMED(A)\n#undef A\n')).toEqual(['A']);
});
