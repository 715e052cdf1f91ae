import { beforeAll, expect, test } from 'vitest';
import { callPaths, edgeText, noPathText } from '../../../../server/src/features/source/callPaths.ts';
import type { GraphEdge, GraphNode } from '../../../../server/src/resolve/graph/nodes.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { askIn, type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ fs/a.c
struct ops { int (*run)(void); };
static int a_run(void) { return 0; }
static const struct ops a_ops = { .run = a_run };
int use(const struct ops *o) { return o->run(); }
//                                       ^site
static int twin(void) { return 1; }
int first(void) { return twin(); }
//@ fs/b.c
static int twin(void) { return 2; }
int second(void) { return twin(); }
`);
});

const paths = (from: string, to: string) =>
  toEnd(callPaths(askIn(tree, 'fs/a.c'), { from, to, context: '' }, () => false));

test('a chain through a slot: each step with its place and how it is made', () => {
  const { chains, message } = paths('use()', 'a_run');
  expect(message).toBeNull();
  expect(chains.map((c) => c.map((s) => [s.name, s.how, s.place]))).toEqual([
    [
      ['use', '', 'fs/a.c:4'],
      ['->run · ops', '->run', `fs/a.c:${tree.at('site').line}`],
      ['a_run', 'in a_ops', 'fs/a.c:3'],
    ],
  ]);
});

test('no chain: what was searched, and what is no function', () => {
  expect(paths('a_run', 'use')).toMatchObject({
    chains: [],
    message: expect.stringMatching(/^No path from a_run to use/),
  });
  expect(paths('use', 'nobody').message).toBe('There is no function nobody in this tree.');
  const gaveUp = { found: [], searched: 3, depth: { from: 1, to: 2 }, complete: false, openEnds: [] };
  expect(noPathText(gaveUp, null, { from: 'use', to: 'a_run', help: 'more time' })).toBe(
    '3 functions and slots were searched, up to 1 step from use and 2 steps back from a_run; then a limit was hit, and there may be one. What may help: more time.',
  );
});

test('an edge in words', () => {
  const edge = { kind: 'registered', by: 'a_ops', through: [], condition: 'defined(CONFIG_A)' } as unknown as GraphEdge;
  expect(edgeText(edge)).toBe('in a_ops if defined(CONFIG_A)');
  const given = { definition: { name: 'helper' } as Extract<GraphNode, { kind: 'function' }>['definition'] };
  expect(edgeText({ ...edge, kind: 'argument', through: [given] } as unknown as GraphEdge)).toBe('handed to helper');
});

test('of several functions of a name, the one that fits the other end, which is told; or that of a file', () => {
  const { chains, message } = paths('second', 'twin');
  expect(chains[0].map((s) => s.place)).toEqual(['fs/b.c:2', 'fs/b.c:2']);
  expect(message).toBe('twin is that of fs/b.c:1, one of 2. Name another as FILE:NAME.');
  expect(paths('first', 'a.c:twin').message).toBeNull();
  expect(paths('first', 'b.c:twin').chains).toEqual([]);
});
