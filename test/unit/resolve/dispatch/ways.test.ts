import { expect, test } from 'vitest';
import { targetsAt } from '../../../../server/src/resolve/dispatch/targets.ts';
import {
  openWays,
  type Stop,
  stepsFrom,
  stepsInto,
  stopKey,
  walk,
  wayTo,
} from '../../../../server/src/resolve/dispatch/ways.ts';
import { callersOf } from '../../../../server/src/resolve/graph/callers.ts';
import { graphOf, nodeName } from '../../../../server/src/resolve/graph/nodes.ts';
import { definitionsFrom, FUNCTION_KINDS } from '../../../../server/src/resolve/names/scope.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

/** A thread, a timer, a queue and a table of operations: every way that a function pointer takes in a kernel. */
const world = await memoryIndex({
  'include/linux/work.h': `
typedef void (*work_fn)(int n);
typedef int filter_fn(int n);
struct work { work_fn func; };
struct worker { work_fn current_func; };
struct create { int (*threadfn)(void *data); };
struct queue_ops { int (*setup)(int n, work_fn done); int (*busy)(int n); };
struct queue { const struct queue_ops *ops; work_fn done; };
#define INIT(w, f) do { (w)->func = (f); } while (0)
#define start_thread(fn, fmt, ...) create_thread(fn, 0, fmt, ##__VA_ARGS__)
int create_thread(int (*fn)(void *data), int node, const char *fmt, ...);
int wait_for(int n, filter_fn *filter);
int nap(int n);
static inline int wait_nap(int n) { return wait_for(n, nap); }
void queue_later(struct work *w, work_fn f);
`,
  'kernel/thread.c': `#include <linux/work.h>
static int thread(struct create *create)
{
	int (*threadfn)(void *data) = create->threadfn;
	return threadfn(0);
}
int create_thread(int (*fn)(void *data), int node, const char *fmt, ...)
{
	struct create create = { .threadfn = fn };
	return thread(&create);
}
int wait_for(int n, filter_fn *filter) { return (*filter)(n); }
int nap(int n) { return n; }
`,
  'kernel/work.c': `#include <linux/work.h>
void queue_later(struct work *w, work_fn f) { INIT(w, f); }
void process(struct worker *worker, struct work *w)
{
	worker->current_func = w->func;
	worker->current_func(1);
}
static int ring_setup(int n, work_fn done) { struct queue q; q.done = done; return 0; }
static int ring_busy(int n) { return 0; }
static const struct queue_ops ring_ops = { .setup = ring_setup, .busy = ring_busy };
int setup_all(struct queue *q, work_fn cbs[]) { return q->ops->setup(1, cbs[0]); }
void ring(struct queue *q) { q->done(3); }
int probe(struct queue *q)
{
	int (*busy)(int n) = q->ops->busy;
	return busy(1);
}
`,
  'mm/daemon.c': `#include <linux/work.h>
static int daemon(void *data) { return 0; }
static void flush(int n) { }
static void drain(int n) { }
static void unused(int n) { }
int start(struct work *w, struct queue *q)
{
	work_fn cbs[2];
	work_fn handler = flush;
	cbs[0] = drain;
	queue_later(w, handler);
	setup_all(q, cbs);
	wait_nap(2);
	return start_thread(daemon, "daemon/%d", 1);
}
`,
});

const definitionOf = (name: string) => {
  const found =
    definitionsFrom(world, name, 'mm/daemon.c', FUNCTION_KINDS)[0] ??
    definitionsFrom(world, name, 'kernel/work.c', FUNCTION_KINDS)[0];
  if (!found) throw new Error(`no ${name}`);
  return found;
};

const callers = (name: string) => {
  const node = { kind: 'function' as const, definition: definitionOf(name) };
  return callersOf(graphOf(world, node), node);
};

const shown = (name: string) =>
  callers(name).map(
    (e) =>
      `${nodeName(e.from)} ${e.place.file}:${e.place.line} ${e.kind}, by ${e.through.map((t) => t.definition.name).join(', ')}`,
  );

test('each answer is the call, with the places on the way there', () => {
  expect(shown('daemon')).toEqual(['thread kernel/thread.c:5 dispatch, by start, create_thread']);
  expect(shown('flush')).toEqual(['process kernel/work.c:6 dispatch, by start, queue_later, process']);
  expect(shown('nap')).toEqual(['wait_for kernel/thread.c:12 pointer, by wait_nap']);
  expect(shown('drain')).toEqual(['ring kernel/work.c:12 dispatch, by start, setup_all, ring_ops, ring_setup']);
  expect(shown('ring_busy')).toEqual(['probe kernel/work.c:16 dispatch, by ring_ops']);
  expect(shown('unused')).toEqual([]);
});

test('callers and targets are one relation', () => {
  const names = ['daemon', 'flush', 'drain', 'nap', 'unused', 'ring_setup', 'ring_busy'];
  const fromFunctions = names.flatMap((name) =>
    callers(name).flatMap(({ kind, place: p }) =>
      kind === 'call' ? [] : [`${name} at ${p.file}:${p.line}:${p.column}`],
    ),
  );
  const fromCalls = Object.keys(world.files).flatMap((file) => {
    const facts = world.index.facts(file);
    return (facts?.sites ?? []).flatMap((site) =>
      targetsAt(world, facts as NonNullable<typeof facts>, site.line, site.column).flatMap((s) =>
        s.targets.map((t) => `${t.definition.name} at ${file}:${site.line}:${site.column}`),
      ),
    );
  });
  expect([...new Set(fromFunctions)].sort()).toEqual([...new Set(fromCalls)].sort());
  expect(fromCalls.length).toBeGreaterThan(5);
});

test('a walk goes through each stop once, from either end', () => {
  const ways = openWays(world, 'mm/daemon.c');
  const start: Stop = { kind: 'function', definition: definitionOf('drain') };
  const forward = [...walk([start], (stop) => stepsFrom(ways, stop).steps)];
  const slot = forward.find((v) => stopKey(v.stop) === 'queue.done');
  expect(slot && wayTo(slot).map((s) => s.by)).toEqual(['start', 'setup_all', 'ring_ops', 'ring_setup']);
  const back = [...walk([{ kind: 'slot', owner: 'queue', member: 'done' }], (stop) => stepsInto(ways, stop))];
  expect(back.flatMap(({ stop }) => (stop.kind === 'function' ? [stop.definition.name] : []))).toEqual(['drain']);
});
