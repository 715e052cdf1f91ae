import { beforeAll, expect, test } from 'vitest';
import { kerntrailIn, rowsOf } from '../../support/kerntrail.ts';
import { type Tree, writeTree } from '../../support/marked.ts';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(`
//@ include/linux/copy.h
#ifdef INLINE_COPY
static inline long _copy(void *to) { return 1; }
#else
extern long _copy(void *to);
#endif
static inline long copy(void *to) { return _copy(to); }
//@ lib/copy.c
#include <linux/copy.h>
#ifndef INLINE_COPY
long _copy(void *to) { return 0; }
#endif
//@ net/one.c
#include <linux/copy.h>
static int replace(void *p) { return copy(p); }
int one(void *p) { return replace(p); }
//@ net/two.c
static int replace(void *p) { return 2; }
int two(void *p) { return replace(p); }
`);
});

const kerntrail = (...args: string[]) => kerntrailIn(tree, args);

test('alternatives share their callers, each with its condition', () => {
  const { out, err } = kerntrail('callers', '_copy');
  expect(out.split('\n')).toEqual([
    'lib/copy.c:3: _copy if !defined(INLINE_COPY) is called by',
    'include/linux/copy.h:2: _copy if defined(INLINE_COPY) is called by',
    'include/linux/copy.h:6:  copy  call',
    '',
  ]);
  expect(err).toContain('_copy is defined in 2 places');
});

test('a name of several files is answered for each, or for the one of the file that is named', () => {
  const { out } = kerntrail('callers', 'replace');
  expect(out).toMatch(/net\/one\.c:2: replace is called by\nnet\/one\.c:3: +one +call\nnet\/two\.c:1: replace/);
  expect(rowsOf(kerntrail('callers', 'two.c:replace', '--json').out)).toEqual([
    expect.objectContaining({ from: 'two', toFile: 'net/two.c', toLine: 1 }),
  ]);
});

test('between two ends, the one that fits the other', () => {
  expect(kerntrail('path', 'two', 'replace')).toMatchObject({
    code: 0,
    out: expect.stringContaining('net/two.c:2'),
    err: expect.stringContaining('replace is that of net/two.c:1, one of 2'),
  });
  expect(kerntrail('path', 'replace', '_copy').out).toContain('copy');
});
