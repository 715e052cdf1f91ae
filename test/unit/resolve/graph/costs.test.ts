import { expect, test } from 'vitest';
import {
  degreeOf,
  ownParts,
  passCost,
  type Subject,
  stepCost,
  subjectOf,
} from '../../../../server/src/resolve/graph/costs.ts';
import { edgesInto } from '../../../../server/src/resolve/graph/graph.ts';
import { nodesNamed } from '../../../../server/src/resolve/graph/named.ts';
import { nodeName, openGraph } from '../../../../server/src/resolve/graph/nodes.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const callers = Array.from({ length: 60 }, (_, i) => `void caller${i}(void) { everywhere(); }`).join('\n');
const world = await memoryIndex({
  'include/linux/o.h': 'struct ops { void (*run)(void); };\nvoid everywhere(void);\nvoid seldom(void);\n',
  'lib/a.c': `#include <linux/o.h>\nvoid everywhere(void) { }\nvoid seldom(void) { }\n${callers}\n`,
  'fs/one/one.c': `#include <linux/o.h>
static void helper(void) { seldom(); everywhere(); }
static void one_run(void) { helper(); }
static const struct ops one_ops = { .run = one_run };
`,
  'fs/two/two.c': `#include <linux/o.h>
static void helper(void) { }
static void two_run(void) { helper(); }
static const struct ops two_ops = { .run = two_run };
`,
});
const graph = openGraph(world);
const node = (name: string) => nodesNamed(world, name)[0];
const cost = (to: string, from: string, subject: Subject): number => {
  const edge = edgesInto(graph, node(to)).find((e) => nodeName(e.from) === from);
  if (!edge) throw new Error(`no step from ${from} to ${to}`);
  return stepCost(graph, edge, subject);
};
const about = (own: string[], ...ends: string[]): Subject => subjectOf(own, ends.map(node));

test('callers are counted by name, those of a static function in its own file', () => {
  expect(degreeOf(graph, node('everywhere'))).toBe(61);
  expect(degreeOf(graph, node('one.c:helper'))).toBe(1);
  expect(degreeOf(graph, node('ops.run'))).toBe(2);
});

test('what many call is a detour, unless it is what was asked for', () => {
  const pass = (name: string, subject: Subject) => passCost(graph, node(name), subject);
  expect(pass('everywhere', about(['fs/one']))).toBeGreaterThan(pass('seldom', about(['fs/one'])) + 1);
  expect(pass('everywhere', about(['fs/one'], 'everywhere'))).toBe(0);
});

test("of a slot's functions, those of the question's own part of the tree", () => {
  expect(ownParts([node('one_run')], ['two'])).toEqual(['fs/one', 'two']);
  expect(cost('one_run', 'ops.run', about(['fs/one']))).toBeLessThan(cost('two_run', 'ops.run', about(['fs/one'])));
  expect(cost('two_run', 'ops.run', about(['two']))).toBe(cost('one_run', 'ops.run', about(['one'])));
});

test('a way through a part that nobody asked about', () => {
  expect(cost('seldom', 'helper', about(['fs/two']))).toBeGreaterThan(cost('seldom', 'helper', about(['fs/one'])));
});

test('a tracepoint is looked at, not gone through', () => {
  const slot = (member: string) => ({ kind: 'slot' as const, owner: '', member });
  const pass = (member: string) => passCost(graph, slot(member), about(['fs/one']));
  expect(pass('tracepoint(drop)')).toBeGreaterThan(pass('*drop') + 2);
});
