import { expect, test } from 'vitest';
import { bodiesOf, contextFor, newTraceContext } from '../../../server/src/backtrace/resolvedTrace.ts';
import { parseTrace } from '../../../server/src/trace/parse.ts';
import { memoryIndex } from '../support/memoryIndex.ts';

const world = await memoryIndex({ 'fs/pipes.c': 'int drain(int n) { return n; }\n' });
const contextOf = (text: string) => newTraceContext(world, parseTrace(text));

test('what a trace shows as a frame of its own: neither what was inlined there nor a part of a function', () => {
  const { outOfLine } = contextOf(`Call Trace:
 drain_some fs/pipes.c:3 [inline]
 drain_all+0x10/0x40 fs/pipes.c:9
 fill.part.0+0x8/0x20
Call Trace:
 pour+0x8/0x20
`);
  expect([...outOfLine]).toEqual(['drain_all', 'pour']);
});

test('a stack of another architecture has a context of its own, and shares what is found out', () => {
  const context = contextOf('Call Trace:\n drain+0x1/0x10\n');
  expect(contextFor(context, null)).toBe(context);
  expect(contextFor(context, 'x86')).toBe(context);
  const other = contextFor(context, 'riscv');
  expect([other.architecture, context.architecture]).toEqual(['riscv', 'x86']);
  expect(other.successors).toBe(context.successors);
});

test('bodies are opened once for each architecture, by whichever trace asks first', () => {
  const first = contextOf('Call Trace:\n drain+0x1/0x10\n');
  const second = newTraceContext(world, parseTrace(''), first.bodies);
  expect(bodiesOf(second)).toBe(bodiesOf(first));
  const onArm = bodiesOf(contextFor(second, 'arm64'));
  expect(onArm.architecture).toBe('arm64');
  expect(bodiesOf(contextFor(first, 'arm64'))).toBe(onArm);
});
