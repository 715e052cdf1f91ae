import { expect, test } from 'vitest';
import { eventFrames, ftraceLine } from '../../../../../server/src/trace/formats/tracers/ftrace.ts';
import { cleanLine } from '../../../../../server/src/trace/lines/clean.ts';
import { parseTrace } from '../../../../../server/src/trace/parse.ts';

const LINE = ' cat-123 [001] d..2. 9.239393: ';

test('who, where, and where the event begins', () => {
  expect(ftraceLine(`${LINE}pipe_flush <-pipe_sync`)).toEqual({ task: 'cat', pid: 123, cpu: 1, at: LINE.length });
  expect(ftraceLine('usb [001] is no event')).toBeNull();
});

test('functions of events: the tracer of functions, kprobes, sites of allocations', () => {
  const read = (event: string) =>
    eventFrames(cleanLine(LINE + event)[0], 1, LINE.length).map((f) => `${f.kind} ${f.function}`);
  expect(read('pipe_flush <-pipe_sync')).toEqual(['event pipe_flush', 'call pipe_sync']);
  expect(read('probe: (pipe_flush+0x0/0x310)')).toEqual(['event pipe_flush']);
  expect(read('kfree: call_site=pipe_flush+0x10/0x20 ptr=0')).toEqual(['place pipe_flush']);
});

test('an event titles the stack behind it; probes in a row are one list, which another line ends', () => {
  const [stack] = parseTrace(`${LINE}my_event: n=1\n${LINE}<stack trace>\n => pipe_flush\n => pipe_sync`).stacks;
  expect(stack).toMatchObject({ kind: 'ftrace', heading: 'my_event: n=1', task: 'cat', pid: 123 });
  const probe = `${LINE}p: (f+0x0/0x3)`;
  expect(parseTrace(`${probe}\n${probe}\nother\n${probe}`).stacks.map((s) => s.frames.length)).toEqual([2, 1]);
});

test('beside stacks, the places of events are one list of their own, behind them', () => {
  const probe = `${LINE}p: (pipe_flush+0x0/0x3)`;
  const { stacks } = parseTrace(`${probe}\n${LINE}<stack trace>\n => pipe_sync\n => pipe_write\n${probe}\n${probe}`);
  expect(stacks.map((s) => [s.kind, s.frames.map((f) => f.line)])).toEqual([
    ['ftrace', [3, 4]],
    ['ftrace-events', [1, 5, 6]],
  ]);
});
