import { expect, test } from 'vitest';
import { parseTrace } from '../../../server/src/trace/parse.ts';

test('what could not be read as it stands is said, with its line', () => {
  expect(parseTrace('fine\nbin\0ary\nagain\0').problems).toEqual([
    { line: 2, message: 'Binary data: control characters were left out.' },
  ]);
  expect(parseTrace('Call Trace:').problems).toEqual([
    { line: 1, message: 'The text ends before the frames of “Call Trace”.' },
  ]);
});

test("a console's line break inside a frame is taken out", () => {
  const { stacks, problems } = parseTrace('[    1.234567] Call Trace:\n[    1.234567]  pipe_flush+0x1\n0/0x20');
  expect(stacks[0].frames[0]).toMatchObject({ function: 'pipe_flush', offset: 0x10, size: 0x20 });
  expect(problems[0].message).toContain('line break');
});

test('a section is noted for the frames behind its marker', () => {
  const { stacks } = parseTrace('Call Trace:\n <IRQ>\n f+0x1/0x2\n </IRQ>\n g+0x1/0x2');
  expect(stacks[0].frames.map((f) => f.section)).toEqual(['IRQ', null]);
});
