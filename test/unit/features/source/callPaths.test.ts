import { beforeAll, expect, test } from 'vitest';
import { callPaths, edgeText, noPathText, reachedFrom } from '../../../../server/src/features/source/callPaths.ts';
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
static int given(void) { return 1; }
int each(int (*fn)(void)) { return fn(); }
int hands(void) { return each(given); }
static int inner(void) { return 0; }
int exc_fault(void) { return inner(); }
//@ fs/b.c
static int twin(void) { return 2; }
int second(void) { return twin(); }
`);
});

const paths = (from: string, to: string) =>
  toEnd(callPaths(askIn(tree, 'fs/a.c'), { from, to, context: '' }, () => false));

/** Steps as name, link and the line of its first place. */
const stepsOf = ({ chains }: ReturnType<typeof paths>) =>
  chains.map(({ steps }) =>
    steps.map(({ node, link }) => [
      node.name,
      link ? `${link.kind} ${link.how}`.trim() : '',
      (link?.places[0] ?? node.location).range.start.line + 1,
    ]),
  );

test('a chain through a slot: each step with its place and how it is made', () => {
  const found = paths('use()', 'a_run');
  expect(found.message).toBeNull();
  expect(stepsOf(found)).toEqual([
    [
      ['use', '', 4],
      ['->run', 'dispatch', tree.at('site').line],
      ['a_run', 'member in a_ops', 3],
    ],
  ]);
});

test('a function that calls what it is handed is a step of its own', () => {
  expect(stepsOf(paths('hands', 'given'))).toEqual([
    [
      ['hands', '', 10],
      ['each', 'call', 10],
      ['given', 'argument calls what hands hands it', 9],
    ],
  ]);
});

test('the entries that a function is reached from, each with its chain', () => {
  const question = { to: 'twin', context: '' };
  const { chains, message } = toEnd(reachedFrom(askIn(tree, 'fs/a.c'), { ...question, to: 'inner' }, () => false));
  expect([chains.map((c) => [c.kind, ...c.steps.map((s) => s.node.name)]), message]).toEqual([
    [['exception', 'exc_fault', 'inner']],
    null,
  ]);
  const none = toEnd(reachedFrom(askIn(tree, 'fs/a.c'), question, () => false));
  expect(none).toMatchObject({ chains: [], message: expect.stringMatching(/^No entry that leads to twin/) });
  expect(toEnd(reachedFrom(askIn(tree, 'fs/a.c'), { to: 'nobody', context: '' }, () => false)).message).toBe(
    'There is no function nobody in this tree.',
  );
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
  expect(chains[0].steps.map((s) => `${s.node.file}:${s.node.location.range.start.line + 1}`)).toEqual([
    'fs/b.c:2',
    'fs/b.c:1',
  ]);
  expect(message).toBe('twin is that of fs/b.c:1, one of 2. Name another as FILE:NAME.');
  expect(paths('first', 'a.c:twin').message).toBeNull();
  expect(paths('first', 'b.c:twin').chains).toEqual([]);
});
