import { expect, test } from 'vitest';
import {
  isHardWidth,
  isTooLong,
  LONGEST_LINE,
  newTraceText,
  rawLine,
} from '../../../../server/src/trace/lines/text.ts';

const linesOf = (text: string): string[] => {
  const source = newTraceText(text);
  return source.starts.map((_, i) => rawLine(source, i));
};

test('lines end in any of the ways that systems know', () => {
  expect(linesOf('a\r\nb\r\r\nc\n')).toEqual(['a', 'b', 'c']);
  expect(linesOf('\n\nx')).toEqual(['', '', 'x']);
  expect(linesOf('')).toEqual([]);
});

test('of a very long line the front is read', () => {
  const source = newTraceText(`${'x'.repeat(LONGEST_LINE + 10)}\ny`);
  expect([rawLine(source, 0).length, isTooLong(source, 0), isTooLong(source, 1)]).toEqual([LONGEST_LINE, true, false]);
});

test('many lines of one length were cut by a terminal; lines of many lengths were not', () => {
  const cut = newTraceText(Array.from({ length: 8 }, () => 'x'.repeat(77)).join('\n'));
  expect([isHardWidth(cut, 77), isHardWidth(cut, 80)]).toEqual([true, false]);
  const broken = newTraceText(Array.from({ length: 9 }, (_, i) => 'x'.repeat(70 + i)).join('\n'));
  expect(isHardWidth(broken, 78)).toBe(false);
  expect([80, 132, 77, 20].map((w) => isHardWidth(newTraceText('x'), w))).toEqual([true, true, false, false]);
});
