import { expect, test } from 'vitest';
import {
  graphsOf,
  macroNode,
  meaningsOf,
  means,
  nodeKey,
  nodeName,
  openGraph,
} from '../../../../server/src/resolve/graph/nodes.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/a.h': '#define everywhere(n) (n)\n',
  'fs/one/a.h': '#define inside(n) (n)\n',
  'fs/one/a.c': 'int a(int n) { return inside(n); }\n',
  'fs/two/b.c': 'int b(int n) { return inside(n); }\n',
  'mm/slab.c': 'void release(int n) { }\n',
  'mm/slob.c': 'void release(int n) { }\n',
});

test('a macro of a header that only its own folder sees is none elsewhere', () => {
  const file = (name: string, from: string) => {
    const node = macroNode(world, name, from);
    return node && node.kind !== 'slot' ? node.definition.file : null;
  };
  expect(file('inside', 'fs/one/a.c')).toBe('fs/one/a.h');
  expect(file('inside', 'fs/two/b.c')).toBeNull();
  expect(file('everywhere', 'fs/two/b.c')).toBe('include/linux/a.h');
});

test('a name may mean the functions of several configurations', () => {
  const graph = openGraph(world);
  const all = meaningsOf(graph, 'release', 'fs/one/a.c');
  expect(all.map((d) => d.file)).toEqual(['mm/slab.c', 'mm/slob.c']);
  expect(all.every((d) => means(graph, 'release', 'fs/one/a.c', d))).toBe(true);
  expect(means(graph, 'release', 'mm/slab.c', all[1])).toBe(false);
});

test('nodes of one architecture share a graph', () => {
  const [definition] = meaningsOf(openGraph(world), 'release', 'fs/one/a.c');
  const graph = graphsOf(world);
  const own = { kind: 'function' as const, definition };
  const other = { ...own, definition: { ...definition, file: 'arch/arm64/a.c' } };
  expect(graph(own)).toBe(graph({ ...own }));
  expect(graph(other)).not.toBe(graph(own));
  expect(graph(other).architecture).toBe('arm64');
});

test('nodes by what tells them apart, and by what they are called', () => {
  const [definition, other] = meaningsOf(openGraph(world), 'release', 'fs/one/a.c');
  expect(nodeKey({ kind: 'function', definition })).not.toBe(nodeKey({ kind: 'function', definition: other }));
  expect(nodeName({ kind: 'function', definition })).toBe('release');
  expect(nodeName({ kind: 'slot', owner: 'ops', member: 'f' })).toBe('ops.f');
  expect(nodeName({ kind: 'slot', owner: '', member: 'hook' })).toBe('hook');
});
