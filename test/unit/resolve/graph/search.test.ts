import { expect, test } from 'vitest';
import { edgesInto } from '../../../../server/src/resolve/graph/graph.ts';
import { type Heap, pop, push } from '../../../../server/src/resolve/graph/heap.ts';
import { type GraphNode, nodeName, openGraph } from '../../../../server/src/resolve/graph/nodes.ts';
import { findPaths } from '../../../../server/src/resolve/graph/paths.ts';
import { findRoots } from '../../../../server/src/resolve/graph/roots.ts';
import { definitionsFrom, FUNCTION_KINDS } from '../../../../server/src/resolve/names/scope.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/o.h': 'struct ops { int (*f)(int n); };\nextern const struct ops *some;\n',
  'mm/a.c': `#include <linux/o.h>
int deep(int n) { return n; }
int short_way(int n) { return deep(n); }
int middle(int n) { return deep(n); }
int long_way(int n) { return middle(n); }
int start(int n) { return short_way(n) + long_way(n); }
int generic(int n) { return some->f(n); }
`,
  'fs/one/one.c': `#include <linux/o.h>
static int one_f(int n) { return deep(n); }
static const struct ops one_ops = { .f = one_f };
`,
  'fs/two/two.c': `#include <linux/o.h>
static int two_f(int n) { return deep(n); }
static const struct ops two_ops = { .f = two_f };
int two_own(int n) { return two_ops.f(n); }
`,
  'kernel/entry.c': `int enter_x32(int n) { return serve(n); }
int enter_x64(int n) { return serve(n); }
int enter(int n) { return enter_x32(n) || enter_x64(n); }
int serve(int n) { return n; }
`,
  'init/main.c': 'int exc_page_fault(int n) { return start(n); }\n',
});

const node = (name: string): GraphNode => {
  const [definition] = definitionsFrom(world, name, '', FUNCTION_KINDS).length
    ? definitionsFrom(world, name, '', FUNCTION_KINDS)
    : ['mm/a.c', 'fs/one/one.c', 'fs/two/two.c'].flatMap((f) => definitionsFrom(world, name, f, FUNCTION_KINDS));
  return { kind: 'function', definition };
};
const OPTIONS = { max: 3, context: [] as string[], timeLimit: 5000 };
const paths = (from: string, to: string, context: string[] = []) =>
  findPaths(openGraph(world), [node(from)], [node(to)], { ...OPTIONS, context }).found.map((c) =>
    c.edges.map((e) => nodeName(e.to)).join(' '),
  );

test('a heap gives the least first', () => {
  const heap: Heap = { items: [] };
  for (const n of [5, 1, 4, 2, 3]) push(heap, n, String(n));
  expect(Array.from({ length: 6 }, () => pop(heap)?.[1])).toEqual(['1', '2', '3', '4', '5', undefined]);
});

test('the shortest chain first, then others', () => {
  expect(paths('start', 'deep')).toEqual(['short_way deep', 'long_way middle deep']);
  expect(paths('deep', 'start')).toEqual([]);
});

test('through a slot, by the tables of the context', () => {
  expect(paths('generic', 'deep', ['one'])[0]).toBe('ops.f one_f deep');
  expect(paths('generic', 'deep', ['two'])[0]).toBe('ops.f two_f deep');
});

test('a dispatch of a table that is named gets to its functions only', () => {
  expect(paths('two_own', 'two_f')).toEqual(['ops.f two_f']);
  expect(paths('two_own', 'one_f')).toEqual([]);
  // though the graph, which knows slots as a whole, has both steps
  const into = edgesInto(openGraph(world), { kind: 'slot', owner: 'ops', member: 'f' });
  expect(into.map((e) => nodeName(e.from)).sort()).toEqual(['generic', 'two_own']);
});

test('entries that a function is reached from', () => {
  const { found } = findRoots(openGraph(world), node('deep'), OPTIONS);
  expect(found.map((r) => `${r.kind} ${nodeName(r.node)}`)).toEqual(['exception exc_page_fault']);
});

test("of two ways alike, that of the kernel's own word size comes first", () => {
  expect(paths('enter', 'serve')).toEqual(['enter_x64 serve', 'enter_x32 serve']);
});
