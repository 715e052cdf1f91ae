import { expect, test } from 'vitest';
import { parseTrace } from '../../../server/src/trace/parse.ts';

const stacksOf = (text: string) => parseTrace(text).stacks;

test('a title, a heading and a task belong to the frames below them', () => {
  const [stack] = stacksOf(
    'BUG: kernel NULL pointer dereference\nCPU: 1 PID: 431 Comm: reader Not tainted 6.1.0 #1\nCall Trace:\n f+0x1/0x2\n g+0x1/0x2',
  );
  expect(stack).toMatchObject({
    kind: 'oops',
    title: 'Call Trace',
    task: 'reader',
    pid: 431,
    cpu: 1,
    version: '6.1.0',
  });
  expect(stack.frames.map((f) => f.function)).toEqual(['f', 'g']);
});

test("two callers' lines among each other are two stacks", () => {
  const lines = ['[ 1.234567][ T1] Call Trace:', '[ 1.234567][ T2] Call Trace:'];
  lines.push('[ 1.234568][ T1]  f+0x1/0x2', '[ 1.234568][ T2]  g+0x1/0x2', '[ 1.234569][ T1]  h+0x1/0x2');
  expect(stacksOf(lines.join('\n')).map((s) => s.frames.map((f) => f.function))).toEqual([['f', 'h'], ['g']]);
});

test('a few foreign lines do not part a titled stack, many do', () => {
  const text = (n: number) => `Call Trace:\n f+0x1/0x2\n${'usb 1-1: new device\n'.repeat(n)} g+0x1/0x2`;
  expect(stacksOf(text(3)).length).toBe(1);
  expect(stacksOf(text(20)).length).toBe(2);
});

test('an end mark ends the stack, and the task that it was of', () => {
  const [, second] = stacksOf(
    'CPU: 1 PID: 431 Comm: reader Not tainted 6.1.0 #1\nCall Trace:\n f+0x1/0x2\n---[ end trace 0 ]---\nCall Trace:\n g+0x1/0x2',
  );
  expect(second).toMatchObject({ task: null, pid: null });
});
