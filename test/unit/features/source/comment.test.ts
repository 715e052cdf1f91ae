import { beforeAll, expect, test } from 'vitest';
import { definition } from '../../../../server/src/features/source/definition.ts';
import { hover } from '../../../../server/src/features/source/hover/hover.ts';
import { askIn, type IndexedTree, indexTree, placesOf } from '../../support/marked.ts';

/** Comments are prose, in whatever language they are written. */
let tree: IndexedTree;
const TEXT = `#include <linux/ops.h>
/*
 * 缺页时会调用->fill,然后 page_fill() 读 mm/fill.c:5
 */
int page_fill(int n) { return n; } // see page_ops.fill here
struct page_ops some_ops = { .fill = page_fill };
#define N 1 /* page_fill */
`;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/ops.h
struct page_ops {
	int (*fill)(int n);
};
//@ mm/fill.c
${TEXT}`);
});

const at = (line: RegExp, word: string): [line: number, column: number] => {
  const lines = (tree.files.get('mm/fill.c') ?? '').split('\n');
  const n = lines.findIndex((l) => line.test(l));
  return [n + 1, Buffer.byteLength(lines[n].slice(0, lines[n].indexOf(word))) + 1];
};
const hoverAt = (line: RegExp, word: string) => hover(askIn(tree, 'mm/fill.c'), ...at(line, word));
const textAt = (line: RegExp, word: string) => (hoverAt(line, word)?.contents as { value: string } | undefined)?.value;
const definitionsAt = (line: RegExp, word: string) =>
  placesOf(tree, definition(askIn(tree, 'mm/fill.c'), ...at(line, word)));

test('a slot, a function and a file that a comment names', () => {
  expect(textAt(/缺页/, 'fill,')).toContain('page\\_ops.fill');
  expect(textAt(/缺页/, 'page_fill')).toContain('int page_fill(int n)');
  expect(definitionsAt(/缺页/, 'fill,')[0]).toMatch(/^include\/linux\/ops\.h:/);
  expect(definitionsAt(/缺页/, 'mm/fill.c')).toEqual(['mm/fill.c:5:1']);
  expect(textAt(/see page_ops/, 'fill here')).toContain('page\\_ops.fill');
  expect(textAt(/define N/, 'page_fill')).toContain('page\\_fill');
});

test('a hover lies over its word, in characters of the editor', () => {
  const line = at(/缺页/, 'page_fill')[0] - 1;
  const character = ((tree.files.get('mm/fill.c') ?? '').split('\n')[line] ?? '').indexOf('page_fill');
  expect(hoverAt(/缺页/, 'page_fill')?.range?.start).toEqual({ line, character });
});

test('words of no meaning have none, and code is no comment', () => {
  expect(textAt(/see page_ops/, 'here')).toBeUndefined();
  expect(textAt(/缺页/, '时会')).toBeUndefined();
  expect(definitionsAt(/^int page_fill/, 'return')).toEqual([]);
});
