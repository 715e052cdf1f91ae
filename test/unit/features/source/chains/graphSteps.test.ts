import { expect, test } from 'vitest';
import { linkOfEdges, nodeOfGraph } from '../../../../../server/src/features/source/chains/graphSteps.ts';
import { newColumns } from '../../../../../server/src/features/source/hierarchy/items.ts';
import { edgesInto } from '../../../../../server/src/resolve/graph/graph.ts';
import { nodesNamed } from '../../../../../server/src/resolve/graph/named.ts';
import { openGraph } from '../../../../../server/src/resolve/graph/nodes.ts';
import { askIn, indexTree } from '../../../support/marked.ts';

const tree = await indexTree(`
//@ fs/a.c
struct ops { int (*run)(int n); };
static int a_run(int n) { return n; }
static const struct ops a_ops = { .run = a_run };
static const struct ops b_ops = { .run = a_run };
static const struct ops c_ops = { .run = a_run };
int use(const struct ops *o) { return o->run(1); }
//                                       ^site
`);
const request = askIn(tree, 'fs/a.c');
const graph = openGraph(request);

test('the same node for the same thing, with its place', () => {
  const [fn] = nodesNamed(graph, 'a_run').map((node) => nodeOfGraph(request, node, null));
  expect(fn).toMatchObject({ id: 'function a_run fs/a.c:2', kind: 'function', file: 'fs/a.c', group: 'fs' });
  const [slot] = nodesNamed(graph, 'ops.run').map((node) => nodeOfGraph(request, node, null));
  expect(slot).toMatchObject({
    id: 'slot ops.run',
    name: '->run',
    owner: 'ops',
    location: { range: { start: { line: 0 } } },
  });
});

test('a link tells how it leads on: the tables, the place of the dispatch', () => {
  const [fn, slot] = ['a_run', 'ops.run'].map((name) => nodesNamed(graph, name)[0]);
  const [from, to] = [slot, fn].map((node) => nodeOfGraph(request, node, null));
  const held = linkOfEdges(request, edgesInto(graph, fn), [from, to], newColumns(request));
  expect(held).toMatchObject({ kind: 'member', evidence: 'typed', how: 'in a_ops, b_ops + 1' });
  expect(held.why[0]).toBe('a_ops · fs/a.c:3');
  const [dispatch] = edgesInto(graph, slot);
  const caller = nodeOfGraph(request, dispatch.from, null);
  const { line, column } = tree.at('site');
  expect(linkOfEdges(request, [dispatch], [caller, from], newColumns(request))).toMatchObject({
    ...{ from: caller.id, to: from.id, kind: 'dispatch', how: '' },
    places: [{ range: { start: { line: line - 1, character: column - 1 } } }],
  });
});
