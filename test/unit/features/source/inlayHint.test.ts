import { beforeAll, expect, test } from 'vitest';
import type { InlayHint } from 'vscode-languageserver';
import type { Request } from '../../../../server/src/features/request.ts';
import { type HintData, inlayHints, resolveInlayHint } from '../../../../server/src/features/source/inlayHint.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { askIn, type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/fs.h
struct inode;
struct inode_ops { int (*open)(struct inode *i); int (*close)(struct inode *i); int (*sync)(struct inode *i); };
struct inode { const struct inode_ops *ops; };
#define sync_of(i) (i)->ops->sync(i)

//@ fs/a.c
#include <linux/fs.h>
static int a_open(struct inode *i) { return 0; }
static int a_close(struct inode *i) { return 0; }
static int a_sync(struct inode *i) { return 0; }
const struct inode_ops a_ops = { .open = a_open, .close = a_close, .sync = a_sync };

//@ fs/b.c
#include <linux/fs.h>
static int b_open(struct inode *i) { return 0; }
const struct inode_ops b_ops = { .open = b_open };

//@ fs/core.c
#include <linux/fs.h>
int core(struct inode *i, int (*lost)(int))
{
	i->ops->open(i);
	//      ^open
	i->ops->close(i);
	//      ^close
	sync_of(i);
	lost(1);
	return i->ops->open(i);
}
`);
});

const ALL = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
const textOf = ({ label }: InlayHint) => (typeof label === 'string' ? label : label.map((p) => p.value).join(''));
const hintsIn = (range = ALL, more: Partial<Request> = {}) => toEnd(inlayHints(askIn(tree, 'fs/core.c', more), range));

test('behind a call stands the function that runs, or how many may; what a macro hides or nobody knows has none', () => {
  const [open, close] = [tree.at('open'), tree.at('close')];
  expect(hintsIn().map((h) => `${h.position.line + 1}:${h.position.character + 1} ${textOf(h)}`)).toEqual([
    `${open.line}:${open.column + 'open'.length} → 2`,
    `${close.line}:${close.column + 'close'.length} → a_close`,
    `${open.line + 6}:${'\treturn i->ops->open'.length + 1} → 2`,
  ]);
  const [, one] = hintsIn();
  expect(Array.isArray(one.label) && one.label[1].location?.uri).toMatch(/fs\/a\.c$/);
});

test('only of the lines asked for', () => {
  const line = tree.at('close').line - 1;
  const range = { start: { line, character: 0 }, end: { line, character: 9 } };
  expect(hintsIn(range).map(textOf)).toEqual(['→ a_close']);
});

test('an index that grows has no last word', () => {
  expect(hintsIn(ALL, { notYet: 'not indexed yet (3 %)' }).map(textOf)).toEqual(['→ 2…', '→ 1…', '→ 2…']);
});

test('who points at one is told the functions, and a click lists them', () => {
  const resolved = (hint: InlayHint, data = hint.data as HintData) =>
    resolveInlayHint(askIn(tree, 'fs/core.c'), hint, data, 'peek');
  const [two, one] = hintsIn();
  const { label, tooltip } = resolved(two);
  expect(tooltip).toMatchObject({
    value: expect.stringMatching(/`inode_ops.open` may call 2 functions.*a_open.*b_open/s),
  });
  const command = Array.isArray(label) ? label[0].command : undefined;
  expect(command).toMatchObject({ title: 'List 2 functions', command: 'peek' });
  expect(command?.arguments?.[2]).toHaveLength(2);
  expect(textOf(resolved(one))).toBe('→ a_close');
  expect(Array.isArray(resolved(one).label) && resolved(one).label).not.toContainEqual(
    expect.objectContaining({ command: expect.anything() }),
  );
  // the text has changed meanwhile
  expect(resolved(two, { ...(two.data as HintData), line: 1 })).toBe(two);
});
