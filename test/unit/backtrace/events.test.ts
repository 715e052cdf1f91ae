import { expect, test } from 'vitest';
import { eventsOfFunction, isProbeOf, traceEvents } from '../../../server/src/backtrace/events.ts';
import { writeTree } from '../support/marked.ts';
import { memoryIndex } from '../support/memoryIndex.ts';

const FILES = {
  'include/trace/events/a.h': `
TRACE_EVENT(opened,
	TP_PROTO(int n));
DECLARE_EVENT_CLASS(moves, TP_PROTO(int n));
DEFINE_EVENT(moves, moved_up, TP_PROTO(int n));
	DEFINE_EVENT(moves, moved_down, TP_PROTO(int n));
`,
  'tools/trace/b.h': 'TRACE_EVENT(of_tools, TP_PROTO(int n));\n',
};
// the headers themselves are read off the disk
const { root } = writeTree(
  Object.entries(FILES)
    .map(([path, text]) => `//@ ${path}\n${text}`)
    .join(''),
);
const index = { ...(await memoryIndex(FILES)).index, root };

test('events and classes of the kernel, at their macros', () => {
  const { events, classes } = traceEvents(index);
  expect([...events.keys()]).toEqual(['opened', 'moved_up', 'moved_down']);
  expect([...classes.keys()]).toEqual(['opened', 'moves']);
  expect(events.get('moved_down')?.[0]).toMatchObject({ className: 'moves', line: 6, column: 2 });
});

test('the functions that an event makes', () => {
  const names = (fn: string) => eventsOfFunction(index, fn).map((e) => e.name);
  expect(names('trace_opened')).toEqual(['opened']);
  expect(names('__traceiter_moved_up')).toEqual(['moved_up']);
  expect(names('trace_event_raw_event_moves')).toEqual(['moves']);
  expect(names('trace_nothing')).toEqual([]);
  const [event] = eventsOfFunction(index, 'trace_moved_up');
  expect(['__traceiter_moved_up', 'perf_trace_moves', 'trace_moved_up'].map((n) => isProbeOf(event, n))).toEqual([
    true,
    true,
    false,
  ]);
});
