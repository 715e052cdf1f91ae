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
struct ops { int (*run)(void); int (*stop)(void); };
struct dev { const struct ops *ops; };
static int a_run(void) { return 0; }
static const struct ops a_ops = { .run = a_run };
//                      ^table
static void probe(struct dev *d) { d->ops = &a_ops; }
static const int number = 3;
//               ^number
`);
});

test('a table: its functions, what it leaves unset, where it is installed', () => {
  const text = at('table');
  expect(text).toContain('1 slot set');
  expect(text).toMatch(/\.run.*a_run.*line 3/);
  expect(text).toContain('1 more slot unset: stop');
  expect(text).toMatch(/dev\.ops/);
  expect(text).toContain('probe');
});

test('a variable that is no table has no slots', () => {
  expect(at('number')).not.toContain('slot');
});
