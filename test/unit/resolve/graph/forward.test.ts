import { expect, test } from 'vitest';
import { onwardSteps, resolved } from '../../../../server/src/resolve/graph/forward.ts';
import { edgesInto } from '../../../../server/src/resolve/graph/graph.ts';
import { nodesNamed } from '../../../../server/src/resolve/graph/named.ts';
import { type GraphEdge, nodeKey, nodeName, openGraph } from '../../../../server/src/resolve/graph/nodes.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/o.h': `struct ops { int (*run)(int n); int (*end)(int n); };
struct thing { const struct ops *ops; int (*later)(int n); };
#define finish(t) really_finish(t)
`,
  'lib/a.c': `#include <linux/o.h>
int really_finish(struct thing *t) { return 0; }
void walk_all(int (*each)(int n)) { each(1); }
void put_later(struct thing *t, int (*fn)(int n)) { t->later = fn; }
int run_later(struct thing *t) { return t->later(1); }
`,
  'fs/one/one.c': `#include <linux/o.h>
static int one_run(int n) { return n; }
static int one_each(int n) { return n; }
static const struct ops one_ops = { .run = one_run };
int use(struct thing *t)
{
	int (*fn)(int n) = t->ops->end;
	t->ops->run(1);
	fn(2);
	walk_all(one_each);
	put_later(t, one_each);
	one_run(3);
	return finish(t);
}
`,
});

const graph = openGraph(world);
const node = (name: string) => {
  const [found] = nodesNamed(world, name);
  if (!found) throw new Error(`no ${name}`);
  return found;
};
const out = (name: string): GraphEdge[] =>
  toEnd(onwardSteps(graph, node(name))).flatMap((onward) => resolved(graph, onward));
const show = (e: GraphEdge) =>
  `${e.kind} ${nodeName(e.to)}${e.through.length ? ` through ${e.through.map((t) => t.definition.name).join(', ')}` : ''}`;

test('a function: what it calls by name, through slots and locals, and what it hands on', () => {
  expect(out('use').map(show).sort()).toEqual([
    'argument one_each through walk_all',
    'call finish',
    'call one_run',
    'call put_later',
    'call walk_all',
    'dispatch ops.end',
    'dispatch ops.run',
  ]);
});

test('a macro: what its body calls', () => {
  expect(out('finish').map(show)).toEqual(['macro really_finish']);
});

test('a slot: what stands in its tables, and what is put there', () => {
  expect(out('ops.run').map(show)).toEqual(['registered one_run']);
  expect(out('thing.later').map(show)).toEqual(['registered one_each through put_later']);
});

test('each of these steps is one backwards, too', () => {
  for (const name of ['use', 'finish', 'ops.run', 'thing.later', 'run_later'])
    for (const edge of out(name))
      expect(edgesInto(graph, edge.to).map((e) => `${nodeKey(e.from)} ${show(e)}`)).toContain(
        `${nodeKey(edge.from)} ${show(edge)}`,
      );
});
