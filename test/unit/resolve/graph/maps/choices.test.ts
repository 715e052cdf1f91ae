import { expect, test } from 'vitest';
import {
  add,
  addBetween,
  addChoices,
  addTargets,
  type Drawn,
  firstInText,
} from '../../../../../server/src/resolve/graph/maps/choices.ts';
import { nodesNamed } from '../../../../../server/src/resolve/graph/named.ts';
import { nodeName, openGraph } from '../../../../../server/src/resolve/graph/nodes.ts';
import { findPaths } from '../../../../../server/src/resolve/graph/paths.ts';
import { toEnd } from '../../../../../server/src/resolve/steps.ts';
import { indexTree } from '../../../support/marked.ts';

const many = Array.from({ length: 50 }, (_, n) => n);
const tree = await indexTree(`
//@ include/linux/ops.h
struct job { int n; };
struct ops { int (*run)(struct job *job); };
struct runner { const struct ops *ops; };
int common_run(struct job *job);
//@ lib/run.c
#include <linux/ops.h>
int common_run(struct job *job) { return 0; }
static int count(int n) { return n; }
static int dispatch(struct job *job, struct runner *r) { return r->ops->run(job); }
static int slow(struct job *job) { return dispatch(job, 0); }
static int quick(struct job *job) { return dispatch(job, 0); }
int start(struct job *job)
{
	trace_start(job);
	count(1);
	if (job->n)
		return slow(job);
	return quick(job);
}
static int trace_start(struct job *job) { return 0; }
//@ drivers/many/many.c
#include <linux/ops.h>
${many.map((n) => `static int run_${n}(struct job *job) { return ${n}; }\nstatic const struct ops ops_${n} = { .run = run_${n} };`).join('\n')}
static const struct ops first_common = { .run = common_run };
static const struct ops second_common = { .run = common_run };
`);

function drawn(): Drawn {
  const graph = openGraph({ index: tree.index, architecture: 'x86' });
  const [from, to] = ['start', 'ops.run'].map((name) => nodesNamed(graph, name));
  const { found } = findPaths(graph, from, to, { max: 1, context: [], timeLimit: 5000 });
  const of: Drawn = { graph, edges: new Map(), remarks: [] };
  add(of, found[0].edges);
  return of;
}

const stepsOf = ({ edges }: Drawn): string[] =>
  [...edges.values()].map((e) => `${nodeName(e.from)} > ${nodeName(e.to)}`);

test('choices have the prototype of what is called beside them; tracepoints are none', () => {
  const of = drawn();
  toEnd(addChoices(of));
  expect(
    stepsOf(of)
      .filter((step) => step.startsWith('start >'))
      .sort(),
  ).toEqual(['start > quick', 'start > slow']);
  toEnd(addBetween(of));
  expect(stepsOf(of)).toEqual(expect.arrayContaining(['slow > dispatch', 'quick > dispatch']));
  const way = firstInText(
    of,
    [...of.edges.values()].filter((e) => nodeName(e.from) === 'quick' || nodeName(e.to) === 'quick'),
  );
  expect(way.map((e) => nodeName(e.to))).toEqual(['slow', 'dispatch']);
});

test('of what stands in a slot the common comes first, by all of its tables; what is too much is counted', () => {
  const of = drawn();
  const more = new Map<string, number>();
  toEnd(addTargets(of, [], more));
  const held = [...of.edges.values()].filter((e) => e.kind === 'registered');
  expect(new Set(held.map((e) => nodeName(e.to))).size).toBe(40);
  expect(held.filter((e) => nodeName(e.to) === 'common_run').map((e) => e.by)).toContain('first_common');
  expect([...more.values()]).toEqual([11]);
});
