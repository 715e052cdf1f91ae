import { beforeAll, describe, expect, test } from 'vitest';
import type { Request } from '../../../server/src/features/request.ts';
import { prepareCallHierarchy } from '../../../server/src/features/source/callHierarchy.ts';
import { callPaths } from '../../../server/src/features/source/callPaths.ts';
import { codeLenses, type LensData, resolveCodeLens } from '../../../server/src/features/source/codeLens.ts';
import { incomingCalls } from '../../../server/src/features/source/hierarchy/incoming.ts';
import { outgoingCalls } from '../../../server/src/features/source/hierarchy/outgoing.ts';
import { hover } from '../../../server/src/features/source/hover/hover.ts';
import { wantedAt } from '../../../server/src/features/source/wanted.ts';
import { toEnd } from '../../../server/src/resolve/steps.ts';
import { askIn, type IndexedTree, indexTree } from '../support/marked.ts';

/** While an index is being built, nothing is called absent: each phrase that would say so. */
const NOT_YET = 'not indexed yet (15 %)';
let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/ops.h
struct page_ops {
	int (*fill)(int n);
	int (*drop)(int n);
	int count;
};
int fill_late(int n);
//@ mm/fill.c
#include <linux/ops.h>
int fill_all(struct page_ops *ops)
//  ^lonely
{
	ops->count = fill_late(1);
	//   ^plain-member
	//           ^declared
	somewhere_else(2);
	//^unknown
	return ops->fill(3);
	//          ^dispatch
}
struct page_ops none;
//     ^record
static int early(int n) { return n; }
static struct page_ops early_ops = { .drop = early };
static struct page_ops late_ops = { .drop = early, .fill = elsewhere, .count = LIMIT };
//                     ^late
`);
});

const ask = (mark: string, notYet: string | null): [Request, number, number] => {
  const { file, line, column } = tree.at(mark);
  const index = notYet === null ? tree.index : { ...tree.index, isWhole: () => false };
  return [askIn(tree, file, { index, notYet }), line, column];
};

const text = (mark: string, notYet: string | null = NOT_YET): string =>
  (hover(...ask(mark, notYet))?.contents as { value: string } | undefined)?.value ?? '';

describe('hovers', () => {
  test('a slot in which nothing is known to stand', () => {
    expect(text('dispatch')).toContain(`Its functions are ${NOT_YET}.`);
    expect(text('dispatch')).not.toContain('No function');
    expect(text('dispatch', null)).toContain('No function is put here.');
  });

  test('a member that can hold no function is as it is', () => {
    expect(text('plain-member')).not.toContain('not indexed');
  });

  test('a function without callers, one without a body, one never heard of', () => {
    expect(text('lonely')).toContain(`Its callers are ${NOT_YET}.`);
    expect(text('declared')).toContain(`Its definition is ${NOT_YET}.`);
    expect(text('unknown')).toBe(`**somewhere\\_else** · ${NOT_YET}`);
    for (const mark of ['lonely', 'declared', 'unknown']) expect(text(mark, null)).not.toContain('not indexed');
  });

  test('what is looked for in the text of the tree', () => {
    expect(['lonely', 'declared', 'unknown', 'dispatch'].map((m) => wantedAt(...ask(m, NOT_YET))?.word)).toEqual([
      undefined,
      'fill_late',
      'somewhere_else',
      undefined,
    ]);
    expect(wantedAt(...ask('unknown', null))).toBeNull();
  });
});

test('a lens without places', () => {
  const [request] = ask('lonely', NOT_YET);
  const commands = { references: 'r', implementations: 'i' };
  const [lens] = toEnd(codeLenses(request, { tables: true, functions: true }));
  const gone = { ...(lens.data as LensData), line: 1 };
  expect(resolveCodeLens(request, lens, gone, commands).command).toEqual({ title: NOT_YET, command: '' });
});

test('a lens counts what a table is given, known or not', () => {
  const titles = (notYet: string | null) => {
    const [request] = ask('late', notYet);
    const commands = { references: 'r', implementations: 'i' };
    return toEnd(codeLenses(request, { tables: true, functions: false }))
      .filter((l) => (l.data as LensData).name === 'late_ops')
      .map((l) => resolveCodeLens(request, l, l.data as LensData, commands).command?.title);
  };
  expect(titles(NOT_YET)).toEqual(['2 slots']);
  expect(titles(null)).toEqual(['1 slot']);
});

test('call hierarchy: an item that says that more may come, and opens into nothing', () => {
  const items = (notYet: string | null) => {
    const [request, line, column] = ask('lonely', notYet);
    const [item] = prepareCallHierarchy(request, line, column) ?? [];
    return [
      toEnd(incomingCalls(request, item)).map((c) => c.from),
      toEnd(outgoingCalls(request, item)).map((c) => c.to),
    ];
  };
  const [callers, calls] = items(NOT_YET);
  for (const pending of [callers.at(-1), calls.at(-1)]) {
    expect(pending).toMatchObject({ detail: `the rest is ${NOT_YET}` });
    const [request] = ask('lonely', NOT_YET);
    if (pending)
      expect([toEnd(incomingCalls(request, pending)), toEnd(outgoingCalls(request, pending))]).toEqual([[], []]);
  }
  expect(
    items(null)
      .flat()
      .some((i) => i.detail?.includes('not indexed')),
  ).toBe(false);
});

test('Find Path: a name, and a path', () => {
  const message = (to: string) => {
    const [request] = ask('lonely', NOT_YET);
    return toEnd(callPaths(request, { from: 'fill_all', to, context: '' }, () => false)).message;
  };
  expect(message('nobody')).toBe(`nobody: ${NOT_YET}.`);
  expect(message('early')).toContain(NOT_YET);
});
