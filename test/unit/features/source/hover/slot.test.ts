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
//                                   ^unused
static int a_run(void) { return 0; }
static int b_run(void) { return 1; }
static const struct ops a_ops = { .run = a_run };
static const struct ops b_ops = { .run = b_run };
int use(const struct ops *o) { return o->run(); }
//                                       ^site
`);
});

test('a slot at its dispatch: what may be called, and through which tables', () => {
  const text = at('site');
  expect(text).toContain('ops.run');
  for (const name of ['a_run', 'b_run', 'a_ops', 'b_ops']) expect(text).toContain(name);
});

test('a slot that nothing is put into says so', () => {
  const text = at('unused');
  expect(text).toContain('ops.stop');
  expect(text).not.toContain('a_run');
});
