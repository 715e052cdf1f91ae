import { beforeAll, expect, test } from 'vitest';
import { hover } from '../../../../../server/src/features/source/hover/hover.ts';
import { askIn, type IndexedTree, indexTree } from '../../../support/marked.ts';

let tree: IndexedTree;

const at = (mark: string): string => {
  const { file, line, column } = tree.at(mark);
  const found = hover(askIn(tree, file), line, column)?.contents as { value: string } | undefined;
  // links as what they show
  return (found?.value ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
};

beforeAll(async () => {
  tree = await indexTree(`
//@ fs/a.c
struct ops { int (*run)(int n); };
static int a_run(int n) { return n; }
//         ^a_run
static const struct ops a_ops = { .run = a_run };
static const struct ops b_ops = { .run = a_run };
static int lonely(void) { return a_run(1); }
//         ^lonely
`);
});

test('a function in tables: its head, its slots', () => {
  const text = at('a_run');
  expect(text).toContain('static int a_run(int n)');
  expect(text).toMatch(/ops\.run/);
  expect(text).toContain('a_ops');
  expect(text).toContain('b_ops');
});

test('one that stands in no table says nothing of slots', () => {
  expect(at('lonely')).not.toContain('ops');
});
