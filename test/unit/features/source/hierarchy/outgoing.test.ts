import { expect, test } from 'vitest';
import { prepareCallHierarchy } from '../../../../../server/src/features/source/callHierarchy.ts';
import { outgoingCalls } from '../../../../../server/src/features/source/hierarchy/outgoing.ts';
import { toEnd } from '../../../../../server/src/resolve/steps.ts';
import { memoryIndex, requestIn } from '../../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/o.h': `
struct ops { int (*open)(int n); int (*close)(int n); };
struct dev { const struct ops *ops; };
#define twice(n) (once(n), once(n))
#define lowest(a, b) ((a) < (b) ? (a) : (b))
int once(int n);
`,
  'fs/a.c': `#include <linux/o.h>
static int a_open(int n) { return n; }
static const struct ops a_ops = { .open = a_open };
static int b_open(int n) { return n; }
static const struct ops b_ops = { .open = b_open };
int once(int n) { return n; }
int each(int (*fn)(int n)) { return fn(1); }
int both(struct dev *d)
{
	a_ops.open(1);
	d->ops->open(2);
	return each(a_open);
}
int macros(int n) { twice(lowest(n, 1)); return once(n); }
`,
});
const request = requestIn(world, 'fs/a.c');
const open = (name: string) => {
  const { line, column } = world.at('fs/a.c', name);
  const [item] = prepareCallHierarchy(request, line, column) ?? [];
  return toEnd(outgoingCalls(request, item));
};
const show = (calls: ReturnType<typeof open>) => calls.map((c) => `${c.to.name} · ${c.to.detail}`);

test('dispatches of one slot are one item, which opens into what any of them may call', () => {
  const calls = open('both');
  expect(show(calls)).toEqual(['->open · ops · 2 implementations', 'each · fs/a.c']);
  expect(calls[0].fromRanges.map((r) => r.start.line + 1)).toEqual([10, 11]);
  expect(show(toEnd(outgoingCalls(request, calls[0].to)))).toEqual([
    'a_open · a_ops · fs/a.c',
    'b_open · b_ops · fs/a.c',
  ]);
});

test('a dispatch that has moved since stands for its whole slot', () => {
  const [{ to }] = open('both');
  const moved = { ...to, data: { ...to.data, sites: [{ line: 99, column: 1 }] } };
  expect(toEnd(outgoingCalls(request, moved)).map((c) => c.to.name)).toEqual(['a_open', 'b_open']);
});

test('a pointer opens into what it was handed; a macro that leads nowhere is none', () => {
  const [pointer] = open('each');
  expect(show([pointer])).toEqual(['(*fn) · pointer in each']);
  expect(toEnd(outgoingCalls(request, pointer.to)).map((c) => c.to.name)).toEqual(['a_open']);
  expect(show(open('macros'))).toEqual(['once · fs/a.c', 'twice · macro · include/linux/o.h']);
});
