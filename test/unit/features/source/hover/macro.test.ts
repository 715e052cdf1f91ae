import { beforeAll, expect, test } from 'vitest';
import { hover } from '../../../../../server/src/features/source/hover/hover.ts';
import { codeLines } from '../../../../../server/src/features/source/hover/macro.ts';
import { toksOf } from '../../../../../server/src/syntax/toks.ts';
import { askIn, type IndexedTree, indexTree } from '../../../support/marked.ts';

let tree: IndexedTree;

const at = (mark: string): string => {
  const { file, line, column } = tree.at(mark);
  const found = hover(askIn(tree, file), line, column)?.contents as { value: string } | undefined;
  return (found?.value ?? '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
};

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/m.h
struct ops { int (*open)(int n); int (*close)(int n); };
/**
 * DEFINE_OPS() - make a table
 * @name: of what
 */
#define DEFINE_OPS(name) \\
	static int name##_open(int n) { return name##_show(n); } \\
	static const struct ops name##_ops = { .open = name##_open, .close = name##_show }
#define NOTHING(x)
#define BIG(x) { ${Array.from({ length: 30 }, (_, n) => `STEP(x, ${n});`).join(' ')} }
#define STEP(x, n) step(x, n)
//@ fs/a.c
#include <linux/m.h>
static int size_show(int n) { return n; }
DEFINE_OPS(size);
//^make
int f(int n)
{
	NOTHING(n);
	//^nothing
	BIG(n)
	//^big
}
`);
});

test('what a macro stands for here, and what it makes', () => {
  expect(at('make')).toBe(`**DEFINE\\_OPS** · macro · include/linux/m.h:6

make a table more

Expands here to

\`\`\`c
static int size_open(int n) {
	return size_show(n);
}
static const struct ops size_ops = {
	.open = size_open,
	.close = size_show
}
\`\`\`

**Makes** \`size_ops\` (2 slots) · \`size_open\``);
});

test('nothing, and more than can be read', () => {
  expect(at('nothing')).toContain('Expands to nothing here.');
  expect(at('big')).toContain('Expands here, by one step, to');
  expect(at('big')).toContain('STEP(n, 1);');
  expect(at('big')).toContain('… 16 more lines');
});

test('statements stand on lines of their own', () => {
  expect(codeLines(toksOf('do { a(b); if (c) { d = e; } } while (0)'))).toEqual([
    'do {',
    '\ta(b);',
    '\tif (c) {',
    '\t\td = e;',
    '\t}',
    '}',
    'while (0)',
  ]);
});
