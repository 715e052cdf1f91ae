import { expect, test } from 'vitest';
import { parseTrace } from '../../../../../server/src/trace/parse.ts';

const brief = (text: string) =>
  parseTrace(text).stacks.map((s) => `${s.kind} ${s.frames.map((f) => f.function).join(' ')}`);

test('each key of a map is a stack; names alone are frames only in there', () => {
  expect(brief('@[\n    pipe_flush+1\n    pipe_sync\n]: 7\n@[\n    pipe_poll+1\n]: 3')).toEqual([
    'bpf pipe_flush pipe_sync',
    'bpf pipe_poll',
  ]);
  expect(brief('    pipe_flush\nand more prose')).toEqual([]);
});

test('a decimal offset on an indented line is a frame, but not in a stamped log', () => {
  expect(brief('    pipe_flush+12\n    pipe_sync+3\n')).toEqual(['bpf pipe_flush pipe_sync']);
  expect(brief('[    1.234567]    pipe_flush+12')).toEqual([]);
});
