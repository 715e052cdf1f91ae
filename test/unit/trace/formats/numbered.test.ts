import { expect, test } from 'vitest';
import { parseTrace } from '../../../../server/src/trace/parse.ts';

const framesOf = (...lines: string[]) => parseTrace(lines.join('\n')).stacks[0].frames;

test('a frame that was wrapped between words is one, and stands where its name does', () => {
  const frames = framesOf(
    '#0  pipe_flush (pipe=0x0) at a.c:1',
    '#1  0xffffffff811b6288 in',
    'pipe_sync (pipe=0x0,',
    '    n=1) at fs/pipes.c:31',
  );
  expect(frames[1]).toMatchObject({ function: 'pipe_sync', line: 3, start: 0, end: 9, source: { line: 31 } });
  expect(frames).toHaveLength(2);
});

test('prose behind a whole frame is not joined to it', () => {
  const frames = framesOf(
    '#0  pipe_flush (pipe=0x0) at a.c:1',
    'at least that is what I saw',
    '#1  pipe_sync () at a.c:2',
  );
  expect(frames.map((f) => f.source?.line)).toEqual([1, 2]);
});
