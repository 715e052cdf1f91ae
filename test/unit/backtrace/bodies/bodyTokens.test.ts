import { beforeAll, expect, test } from 'vitest';
import { functionFactOf } from '../../../../server/src/backtrace/bodies/bodies.ts';
import { isWritten, madeBody, writtenBody } from '../../../../server/src/backtrace/bodies/bodyTokens.ts';
import { bodiesIn, brief, type TreeOfBodies } from '../../support/bodies.ts';

let tree: TreeOfBodies;

beforeAll(async () => {
  tree = await bodiesIn(`
//@ include/linux/defs.h
int f(int n);
int g(int n);
#define __sched __attribute__((__section__(".sched.text")))
#define TWICE(n) f(n) + f(n)
#define MAKE(name) static noinline int make_##name(int n) { return f(n); } int name(int n)
//@ kernel/a.c
#include <linux/defs.h>
static __sched int waits(int n)
{
#if 0
	g(n);
#endif
	return TWICE(
		n);
}
MAKE(outer)
{
	return g(n);
}
`);
});

/** What a function's text is read with. */
function partsOf(name: string) {
  const { reader } = tree;
  const place = tree.place(name);
  const fact = functionFactOf(reader.index, place);
  const source = reader.sources.file(place.file);
  if (!fact || !source) throw new Error(`${name} is not there`);
  return { reader, source, macros: reader.sources.macros(place.file, 'x86'), fact };
}

test('a function is written where its name stands as its own, and made where it is an argument of a macro', () => {
  const written = (name: string): boolean => {
    const { source, fact } = partsOf(name);
    return isWritten(source.tokens, fact);
  };
  expect([written('waits'), written('outer'), written('make_outer')]).toEqual([true, false, false]);
});

test('a written body has its macros expanded, where they are used, and no arm that is off', () => {
  const { reader, source, macros, fact } = partsOf('waits');
  const body = writtenBody(reader, source, macros, fact);
  const HEAD = ['static', 'attribute', 'section', '".sched.text"', 'int'];
  expect(body?.toks.map((t) => t.text).join(' ')).toBe('return f ( n ) + f ( n ) ;');
  expect(body?.toks.map((t) => t.pos).filter((line) => line !== 7)).toEqual([8]);
  expect(body).toMatchObject({ open: 3, size: 6, head: new Set(HEAD) });
});

test("a made body stands in the macro's expansion, the last one's in the text behind", () => {
  const words = (name: string) => {
    const { reader, source, macros, fact } = partsOf(name);
    return madeBody(reader, source, macros, fact)?.toks.map((t) => t.text);
  };
  expect(words('make_outer')).toEqual(['return', 'f', '(', 'n', ')', ';']);
  expect(words('outer')).toEqual(['return', 'g', '(', 'n', ')', ';']);
});

test('functions that a macro makes', () => {
  expect(tree.body('make_outer').calls.map(brief)).toEqual(['call f tail']);
  expect(tree.body('make_outer').never).toBe(true);
  expect(tree.body('outer').calls.map(brief)).toEqual(['call g tail']);
});
