import { expect, test } from 'vitest';
import { cleanLine, columnOf } from '../../../../server/src/trace/lines/clean.ts';

const texts = (line: string): string[] => cleanLine(line).map((s) => s.text);

test('stamps, levels, loggers and quote marks go; blanks of the message stay', () => {
  for (const line of [
    '[   12.345678]  pipe_flush+0x1/0x2',
    '<4>[   12.345678]  pipe_flush+0x1/0x2',
    'Jan  5 12:34:56 host kernel: [   12.345678]  pipe_flush+0x1/0x2',
    '2024-01-05T12:34:56+0100 host kernel:  pipe_flush+0x1/0x2',
    '> > [   12.345678]  pipe_flush+0x1/0x2',
  ])
    expect(texts(line)[0].trimStart()).toBe('pipe_flush+0x1/0x2');
  expect(texts('[   12.345678]  pipe_flush')).toEqual(['  pipe_flush']);
});

test("printk's caller is kept", () => {
  expect(cleanLine('[   12.345678][  T214] Call Trace:')[0]).toMatchObject({ caller: 'T214', stamped: true });
  expect(cleanLine('Call Trace:')[0]).toMatchObject({ caller: '', stamped: false });
});

test('a stamp in the middle begins another message', () => {
  expect(texts('[    1.234567] one[    1.234568][   C1] two')).toEqual([' one', ' two']);
});

test('escapes and entities are taken out, and columns still lead to the line', () => {
  const line = '\x1b[31m[ 1.234567]\x1b[0m f&lt;1&gt; x<br>';
  const [segment] = cleanLine(line);
  expect(segment.text).toBe(' f<1> x');
  expect(line[columnOf(segment, segment.text.indexOf('x'))]).toBe('x');
});
