import { beforeAll, expect, test } from 'vitest';
import { endNames, endProblem } from '../../../../server/src/features/source/pathEnds.ts';
import { askIn, type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;
beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/ops.h
struct page_ops { int (*fill)(int n); };
//@ mm/fill.c
#include <linux/ops.h>
int handle_page_fill(int n) { return n; }
int handle_page_drop(int n) { return n; }
int variable;
`);
});
const problem = (name: string, notYet: string | null = null) => endProblem(askIn(tree, 'mm/fill.c', { notYet }), name);

test('functions and slots are ends of a path', () => {
  expect(['handle_page_fill', 'page_ops.fill', 'struct page_ops.fill'].map((n) => problem(n))).toEqual([
    null,
    null,
    null,
  ]);
});

test('a name that is not there is told, with those like it', () => {
  expect(problem('handle_page_fil')).toMatch(
    /^There is no function handle_page_fil in this tree\. Is handle_page_fill or/,
  );
  expect(problem('zzz')).toBe('There is no function zzz in this tree.');
  expect(problem('variable')).toBe('There is no function variable in this tree.');
  expect(problem('page_ops.filled')).toBe('struct page_ops has no member filled in this tree.');
  expect(problem('no_ops.fill')).toBe('There is no struct no_ops in this tree.');
  expect(problem(' ')).toMatch(/^Name a function/);
});

test('an index that is being built can not know', () => {
  expect(problem('zzz', 'not indexed yet (15 %)')).toBe('zzz is not indexed yet (15 %).');
});

test('what is typed is completed: functions, macros and slots, those of several files by their file', () => {
  const names = (query: string) => endNames(askIn(tree, 'mm/fill.c'), query).map(({ text, kind }) => `${kind} ${text}`);
  expect(names('handle_page')).toEqual(['function handle_page_drop', 'function handle_page_fill']);
  expect(names('page_ops.')).toEqual(['slot page_ops.fill']);
  expect(names('mm/fill.c:handle_page_d')).toEqual(['function mm/fill.c:handle_page_drop']);
  expect(names('page_ops.x')).toEqual([]);
  expect(names('no_ops.fill')).toEqual([]);
  expect(names('variable')).toEqual([]);
  expect(names(' ')).toEqual([]);
});
