import { expect, test } from 'vitest';
import { occurrencesOf } from '../../../../server/src/syntax/text/occurrences.ts';
import { roleOf } from '../../../../server/src/syntax/text/role.ts';

/** Roles of the word `it` in a text, in order. */
const roles = (text: string, isAssembly = false): string[] => {
  const bytes = Buffer.from(text, 'utf8');
  return occurrencesOf(bytes, 'it', isAssembly ? '#' : '').map((o) => roleOf(bytes, o, 2, isAssembly));
};

test('members, tags and labels by what stands beside them', () => {
  expect(roles('a.it = b->it; c /* of c */ -> /* a member */ it; x = { .it = f };')).toEqual(Array(4).fill('member'));
  expect(roles('struct it *a; enum it b; sizeof(union it)')).toEqual(['tag', 'tag', 'tag']);
  expect(roles('f(); it: g(); goto it; switch (a) { case 1: it: h(); }')).toEqual(['label', 'label', 'label']);
  expect(roles('p = &&it; table = { &&it };')).toEqual(['label', 'label']);
  expect(roles('a = b ? it : 0; a = b ? c : it; case it: case 1 ... it: a && it; if (a && it) b &it;')).toEqual(
    Array(7).fill('plain'),
  );
});

test('names that may be declared right there', () => {
  expect(roles('int it; struct a *it = b; int a, it; u8 it[4], c;')).toEqual(Array(4).fill('declarator'));
  expect(roles('int f(int a, char *it)\n{\n}\nint g(int it, int b);')).toEqual(['declarator', 'declarator']);
  expect(roles('int (*it)(void); unsigned it : 3;')).toEqual(['declarator', 'declarator']);
});

test('names that are not', () => {
  expect(roles('\tf(a, it);\n\tx = a * it;\n\tg(n * it);\n\treturn it;\n\treturn a * it;\n\tsizeof it;')).toEqual(
    Array(6).fill('plain'),
  );
  expect(roles('\tit(a);\n\tint it(void);\n\tx = it;\n\tx = { a, it, b };\n\tit *p;\n\tenum { A, it, B };')).toEqual(
    Array(6).fill('plain'),
  );
});

test('the word of a directive', () => {
  expect(roles('#it x\n # it y\n#define a it')).toEqual(['path', 'path', 'plain']);
});

test('preprocessor lines', () => {
  expect(roles('#define it 1\n#define it(a) a\n#undef it\n#ifdef it\n#if defined(it) && it')).toEqual([
    'macro',
    'macro',
    'plain',
    'plain',
    'plain',
    'plain',
  ]);
  expect(roles('#include <linux/it.h>\n#error use it\n#include "it.h"')).toEqual(['path', 'path']);
  expect(roles('#define f(it) ((it)->it + it)\n#define g(a) \\\n\tit((a)->it, struct it)')).toEqual([
    'parameter',
    'parameter',
    'parameter',
    'parameter',
    'plain',
    'member',
    'tag',
  ]);
});

test('assembly: labels are functions, local ones and sections are nothing', () => {
  expect(roles('it:\n\tcall it\n\tjmp .it\n\tmov it(%rip), %rax\n', true)).toEqual([
    'plain',
    'plain',
    'label',
    'plain',
  ]);
});
