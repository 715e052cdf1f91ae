import { expect, test } from 'vitest';
import { cleanLine, columnOf } from '../../../../server/src/trace/lines/clean.ts';
import { callerEnd, prefixAt, stampEnd } from '../../../../server/src/trace/lines/prefixes.ts';

const rest = (line: string): string => {
  const [segment] = cleanLine(line);
  expect(line.slice(columnOf(segment, 0)).startsWith(segment.text.slice(0, 5))).toBe(true);
  return segment.text.trim();
};

test('loggers of many kinds, with a host and without', () => {
  for (const front of [
    'Jan 15 00:53:02 kernel: ',
    'Jan 15 00:53:02 mill kernel: ',
    'Jan 15 00:53:02 mill kernel: [   12.000001] ',
    '2025-01-21T12:07:18.015541+01:00 mill kernel: ',
    '2025-01-21T12:07:18.015541+01:00 kernel: ',
    '<6>1 2025-01-21T12:07:18Z mill kernel - - - ',
    '6,339,5140900,-;',
    '12,340,5140901,-,caller=T77;',
    '12:07:18.015 [   12.000001] ',
    '> [ T4711] ',
    '<4>[   12.000001][    C3] ',
    '[   12.000001] c1 ',
    '[   12.000001] c1   1234 ',
  ])
    expect(rest(`${front} gear_turn+0x1/0x2`)).toBe('gear_turn+0x1/0x2');
});

test('a caller id without a time, and a vendor’s CPU column, tell interleaved stacks apart', () => {
  expect(cleanLine('[ T4711] Call trace:')[0]).toMatchObject({ caller: 'T4711', stamped: true });
  expect(cleanLine('[   12.000001] c3 Call trace:')[0]).toMatchObject({ caller: 'C3' });
  // no CPU without a stamp before it
  expect(rest('c3 gear_turn')).toBe('c3 gear_turn');
});

test('no sender is made of what a message begins with', () => {
  expect(prefixAt('Jan 15 00:53:02 BUG: bad', 0)).toBe(null);
  expect(stampEnd('[end]', 0)).toBe(-1);
  expect(callerEnd('[Txt]', 0)).toBe(-1);
});

test('line breaks that syslog or JSON wrote out', () => {
  expect(cleanLine('#012-> #2 (a){+.+.}:').map((s) => s.text)).toEqual(['-> #2 (a){+.+.}:']);
  const line = 'x kernel: Call Trace:#012 a+0x1/0x2#012 b+0x3/0x4';
  const parts = cleanLine(line);
  expect(parts.map((s) => s.text.trim())).toEqual(['x kernel: Call Trace:', 'a+0x1/0x2', 'b+0x3/0x4']);
  expect(columnOf(parts[2], 1)).toBe(line.indexOf('b+'));
  expect(cleanLine('Call Trace:\\n[  1.234567]  a+0x1/0x2\\n').map((s) => s.text.trim())).toEqual([
    'Call Trace:',
    'a+0x1/0x2',
  ]);
});

test('blanks that mailers change, and characters that take no room', () => {
  expect(cleanLine('\u00a0\u00a0? gear_turn+0x1/0x2')[0].text).toBe('  ? gear_turn+0x1/0x2');
  const [segment] = cleanLine('gear\u200b_turn+0x1/0x2');
  expect([segment.text, columnOf(segment, 5)]).toEqual(['gear_turn+0x1/0x2', 6]);
});
