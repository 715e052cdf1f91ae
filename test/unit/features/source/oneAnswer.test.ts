import { expect, test } from 'vitest';
import { prepareCallHierarchy } from '../../../../server/src/features/source/callHierarchy.ts';
import { incomingCalls } from '../../../../server/src/features/source/hierarchy/incoming.ts';
import { outgoingCalls } from '../../../../server/src/features/source/hierarchy/outgoing.ts';
import { hover } from '../../../../server/src/features/source/hover/hover.ts';
import { implementation } from '../../../../server/src/features/source/implementation.ts';
import { targetsAt } from '../../../../server/src/resolve/dispatch/targets.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { type MemoryWorld, memoryIndex, requestIn } from '../../support/memoryIndex.ts';

const OPS = `
struct dev;
struct dev_ops { int (*start)(struct dev *d); int (*stop)(struct dev *d); };
struct dev { const struct dev_ops *ops; };
struct hooks { int (*run)(struct dev *d); };
`;

const FILES = {
  'include/linux/dev.h': OPS,
  'drivers/one/one.c': `#include <linux/dev.h>
static int one_start(struct dev *d) { return 1; }
static int one_stop(struct dev *d) { return 1; }
static const struct dev_ops one_ops = { .start = one_start, .stop = one_stop };
void one_probe(struct dev *d) { d->ops = &one_ops; }
int one_restart(struct dev *d) { return one_ops.start(d); }
`,
  'drivers/two/two.c': `#include <linux/dev.h>
static int two_start(struct dev *d) { return 2; }
static const struct dev_ops two_ops = { .start = two_start };
static const struct dev_ops spare_ops = { .start = two_start };
void two_probe(struct dev *d) { d->ops = &two_ops; }
`,
  'drivers/three/three.c': `#include <linux/dev.h>
static int three_start(struct dev *d) { return 3; }
static const struct dev_ops three_ops = { .start = three_start };
int three_test(struct dev *d)
{
	const struct dev_ops *ops = &three_ops;
	return ops->start(d);
}
`,
  'drivers/base/core.c': `#include <linux/dev.h>
int start_dev(struct dev *d)
{
	if (d->ops->start)
		return d->ops->start(d);
	return 0;
}
void set_hook(struct hooks *h, int (*fn)(struct dev *d)) { h->run = fn; }
static int late(struct dev *d) { return 0; }
void init_hooks(struct hooks *h) { set_hook(h, late); }
int run_hook(struct hooks *h, struct dev *d) { return h->run(d); }
#define call_op(d, op, ...) ((d)->ops->op ? (d)->ops->op(__VA_ARGS__) : 0)
int by_macro(struct dev *d) { return call_op(d, stop, d); }
int stop_unknown(void *p) { return whose(p)->stop(p); }
`,
};

/** What each way of asking says of the dispatch at a text of a file: the functions' names, in order. */
function answers(world: MemoryWorld, path: string, text: string) {
  const at = world.at(path, text);
  const place = { line: at.line, column: at.column + text.lastIndexOf('>') + text.lastIndexOf('.') + 2 };
  const request = requestIn(world, path);
  const facts = world.index.facts(path);
  if (!facts) throw new Error(path);
  const cli = targetsAt(world, facts, place.line, place.column, () => world.view(path)).flatMap((s) =>
    s.targets.map((t) => t.definition.name),
  );
  const [item] = prepareCallHierarchy(request, place.line, place.column) ?? [];
  const hierarchy = item ? toEnd(outgoingCalls(request, item)).map((c) => c.to.name) : [];
  const names = (line: number, uri: string) =>
    world.files[uri.slice(uri.indexOf('/nowhere/') + 9)].split('\n')[line].match(/\w+(?=\()/)?.[0] ?? '';
  const implementations = toEnd(implementation(request, place.line, place.column)).map((l) =>
    names(l.range.start.line, l.uri),
  );
  const shown = hover(request, place.line, place.column);
  const text_ = JSON.stringify(shown?.contents ?? '');
  const hovered = [...text_.matchAll(/\\n\| \[`(\w+)`\]/g)].map((m) => m[1]);
  return { cli, hierarchy, implementations, hovered };
}

const same = (names: string[]) => ({ cli: names, hierarchy: names, implementations: names, hovered: names });

test('a dispatch has one answer, whoever asks', async () => {
  const world = await memoryIndex(FILES);
  // out of a pointer that tables are put into: those first
  expect(answers(world, 'drivers/base/core.c', 'd->ops->start(')).toEqual(
    same(['two_start', 'one_start', 'three_start']),
  );
  // a table by its name, and a pointer that holds one
  expect(answers(world, 'drivers/one/one.c', 'one_ops.start')).toEqual(same(['one_start']));
  expect(answers(world, 'drivers/three/three.c', 'ops->start')).toEqual(same(['three_start']));
  // what another function puts there
  expect(answers(world, 'drivers/base/core.c', 'h->run(')).toEqual(same(['late']));
  // a member that a macro is handed
  expect(answers(world, 'drivers/base/core.c', 'stop, d)')).toEqual(same(['one_stop']));
  // a struct that nobody knows: by the arguments
  expect(answers(world, 'drivers/base/core.c', '->stop')).toEqual(same(['one_stop']));
});

test('a caller in the hierarchy opens into what its own dispatches may call', async () => {
  const world = await memoryIndex(FILES);
  const request = requestIn(world, 'drivers/three/three.c');
  const { line, column } = world.at('drivers/three/three.c', 'three_test');
  const [item] = prepareCallHierarchy(request, line, column) ?? [];
  const [slot] = toEnd(outgoingCalls(request, item));
  expect(slot.to.detail).toBe('dev_ops · 1 implementation');
  expect(toEnd(outgoingCalls(request, slot.to)).map((c) => c.to.name)).toEqual(['three_start']);
});

test('only who may get to a function calls the slot that it stands in', async () => {
  const world = await memoryIndex(FILES);
  const callers = (path: string, name: string) => {
    const request = requestIn(world, path);
    const { line, column } = world.at(path, name);
    const [item] = prepareCallHierarchy(request, line, column) ?? [];
    const [slot] = toEnd(incomingCalls(request, item));
    return toEnd(incomingCalls(request, slot.from))
      .map((c) => c.from.name)
      .sort();
  };
  expect(callers('drivers/one/one.c', 'one_start')).toEqual(['one_restart', 'start_dev']);
  expect(callers('drivers/two/two.c', 'two_start')).toEqual(['start_dev']);
  expect(callers('drivers/three/three.c', 'three_start')).toEqual(['start_dev', 'three_test']);
});

test('a definition that went away since is no answer, and none is made up', async () => {
  const world = await memoryIndex(FILES);
  const request = requestIn(world, 'drivers/one/one.c');
  const { line, column } = world.at('drivers/one/one.c', 'one_start');
  const [item] = prepareCallHierarchy(request, line, column) ?? [];
  const moved = { ...item, data: { ...item.data, line: line + 1 } };
  expect(toEnd(incomingCalls(request, item))).toHaveLength(1);
  expect(toEnd(incomingCalls(request, moved))).toEqual([]);
});
