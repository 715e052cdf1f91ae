import { expect, test } from 'vitest';
import { targetsAt } from '../../../../server/src/resolve/dispatch/targets.ts';
import { callersOf } from '../../../../server/src/resolve/graph/callers.ts';
import { graphOf, nodeName } from '../../../../server/src/resolve/graph/nodes.ts';
import { definitionsFrom, FUNCTION_KINDS } from '../../../../server/src/resolve/names/scope.ts';
import { tracepointTree } from '../../support/tracepointTree.ts';

const world = await tracepointTree();
const EVENTS = 'include/trace/events/pond.h';

const callers = (name: string, file: string) => {
  const [definition] = definitionsFrom(world, name, file, FUNCTION_KINDS);
  if (!definition) throw new Error(`no ${name}`);
  const node = { kind: 'function' as const, definition };
  return callersOf(graphOf(world, node), node)
    .filter((e) => e.kind !== 'registered')
    .map((e) => `${nodeName(e.from)} ${e.place.file}:${e.place.line} by ${e.by} (${e.evidence})`);
};

test('a class of events: its probe is called by the iterators of its own tracepoints', () => {
  expect(callers('ring_write_ripple', EVENTS)).toEqual([
    `__traceiter_drop ${EVENTS}:5 by tracepoint(drop) (typed)`,
    `__traceiter_splash ${EVENTS}:6 by tracepoint(splash) (typed)`,
  ]);
  expect(callers('ring_write_freeze', EVENTS)).toEqual([
    `__traceiter_freeze ${EVENTS}:7 by tracepoint(freeze) (typed)`,
  ]);
});

test('a probe that code registers: one tracepoint is meant; taking it back registers nothing', () => {
  expect(callers('watch', 'kernel/pond.c')).toEqual([`__traceiter_splash ${EVENTS}:6 by tracepoint(splash) (flow)`]);
  expect(callers('leave', 'kernel/pond.c')).toEqual([]);
});

test('what a tracepoint calls', () => {
  const facts = world.index.facts(EVENTS);
  if (!facts) throw new Error('no facts');
  const targets = (line: number) =>
    targetsAt(world, facts, line, 0).flatMap((site) => site.targets.map((t) => t.definition.name));
  expect(targets(5)).toEqual(['ring_write_ripple']);
  expect(targets(6)).toEqual(['ring_write_ripple', 'watch']);
});

test('the code of an event is that of its function', () => {
  expect(callers('note_depth', 'kernel/pond.c')).toEqual([`ring_write_ripple ${EVENTS}:3 by  (typed)`]);
  expect(definitionsFrom(world, 'check_drop', EVENTS, FUNCTION_KINDS)).toEqual([]);
});
