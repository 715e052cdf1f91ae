import { beforeAll, expect, test } from 'vitest';
import { entityAt } from '../../../../server/src/resolve/cursor/cursor.ts';
import type { FileView } from '../../../../server/src/resolve/cursor/fileView.ts';
import { expansionOf, macroUseAt, madeBy } from '../../../../server/src/resolve/cursor/macroUse.ts';
import { offsetOf, tokenAt } from '../../../../server/src/resolve/cursor/textView.ts';
import { joinToks } from '../../../../server/src/syntax/toks.ts';
import { askIn, type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;
let file: FileView;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/m.h
#define DEFINE_CLASS(name) const struct class name##_class
#define CALL1(name, t, a) static int __meta_##name; static int __do_##name(t a)
#define ATTR(n) static struct attr attr_##n = { .show = n##_show }
#define TWICE(x) ADD(x, x)
#define ADD(a, b) ((a) + (b))
struct class { int (*pick)(int n); };
struct attr { int (*show)(int n); };
//@ fs/a.c
#include <linux/m.h>
static int pick_fair(int n) { return TWICE(n); }
//                                   ^twice
DEFINE_CLASS(fair) = { .pick = pick_fair };
//           ^fair
//                             ^plain
CALL1(read, int, fd)
//^call
//    ^read
{
	return fd;
}
static int size_show(int n) { return n; }
ATTR(size);
//   ^size
int fair_use(int fair) { return fair; }
//                              ^local
`);
  file = askIn(tree, 'fs/a.c').file;
});

const entity = (mark: string) => {
  const { line, column } = tree.at(mark);
  const found = entityAt(askIn(tree, 'fs/a.c'), file, line, column);
  return found && 'definition' in found ? `${found.kind} ${found.definition?.name}` : found?.kind;
};
const useAt = (mark: string) => {
  const { line, column } = tree.at(mark);
  return macroUseAt(askIn(tree, 'fs/a.c'), file, tokenAt(file.text, offsetOf(file.text, line, column)));
};

test('an argument is what a macro makes of it', () => {
  expect(entity('fair')).toBe('variable fair_class');
  expect(entity('read')).toBe('function __do_read');
  expect(entity('size')).toBe('variable attr_size');
  expect(entity('local')).toBe('local');
});

test('a use as a whole, and by one step', () => {
  expect(useAt('plain')).toBeNull();
  const use = useAt('twice');
  const shown = (full: boolean) => use && joinToks(expansionOf(askIn(tree, 'fs/a.c'), file, use, full));
  expect(shown(true)).toBe('((n)+(n))');
  expect(shown(false)).toBe('ADD(n, n)');
});

test('what stands within a use was made by it', () => {
  const { facts } = file;
  const use = useAt('call');
  const made = facts && use && madeBy(facts, file.text, use);
  expect(made?.functions.map((n) => facts?.functions[n].name)).toEqual(['__do_read']);
});
