import { expect, test } from 'vitest';
import { parseTrace } from '../../../../server/src/trace/parse.ts';
import { brief, frames } from '../support.ts';

test("arm's `callee from caller` gives the callee once", () => {
  expect(frames('Backtrace:\n dump from show+0x1/0x2\n show from panic+0x3/0x4')).toEqual([
    '2 dump',
    '2 show+0x1/0x2',
    '3 panic+0x3/0x4',
  ]);
});

test('a place in an unstamped sentence is none; in a stamped message it is', () => {
  expect(frames('it hangs in pipe_flush+0x1/0x2, I think')).toEqual([]);
  expect(frames('[    1.234567] it hangs in pipe_flush+0x1/0x2')).toEqual(['1 place pipe_flush+0x1/0x2']);
});

test('an address without a name counts in a stack alone', () => {
  expect(frames(' 0xffffffffc025f0c8')).toEqual([]);
  const [stack] = parseTrace('Call Trace:\n f+0x1/0x2\n 0xffffffffc025f0c8').stacks;
  expect(stack.frames.map(brief)).toEqual(['2 f+0x1/0x2', '3 ']);
});
