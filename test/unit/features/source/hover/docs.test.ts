import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { hover } from '../../../../../server/src/features/source/hover/hover.ts';
import { askIn, type IndexedTree, indexTree } from '../../../support/marked.ts';

let tree: IndexedTree;

const at = (mark: string): string => {
  const { file, line, column } = tree.at(mark);
  const found = hover(askIn(tree, file), line, column)?.contents as { value: string } | undefined;
  return found?.value ?? '';
};

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/area.h
/*
 * int (*stop)(int n);
 *	Called to end.
 */
struct area_operations {
	int (*fill)(int n);	/* puts pages there */
	int (*stop)(int n);
	int (*drop)(int n);
};
//@ fs/a.c
#include <linux/area.h>
// puts é there
static int put(int n) { return n; }
//         ^put
static const struct area_operations ops = {
	.fill = put,
	//^fill
	.stop = put,
	//^stop
	.drop = put,
	//^drop
};
`);
  const folder = join(tree.root, 'Documentation/filesystems');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'locking.rst'),
    'area_operations\n===============\n\n====\t====\nops\tlock\n====\t====\nfill:\tyes\n====\t====\n\n->fill() may sleep.\n',
  );
});

test('a member: its own comment, and what Documentation/ says, with its place', () => {
  expect(at('fill')).toContain('\n\nputs pages there\n\n**Locking** lock: yes · [filesystems/locking.rst:7](file:///');
  expect(at('fill')).toContain('Documentation/filesystems/locking.rst#L7)');
  expect(at('fill')).toMatch(
    /\n\n\*\*Documented\*\*\n- `->fill\(\)` may sleep\. · \[filesystems\/locking\.rst:10\]\([^)]*\)$/,
  );
  expect(at('stop')).toContain('\n\nCalled to end.');
  expect(at('drop')).not.toContain('Called to end.');
});

test('a comment in any script is shown as it is', () => {
  expect(at('put')).toContain('puts é there');
});
