import { expect, test } from 'vitest';
import { Mark, marksOf, segmentFrom } from '../../../../server/src/trace/formats/format.ts';
import { cleanLine } from '../../../../server/src/trace/lines/clean.ts';

const marks = (text: string): number => marksOf(text, text.trim());

test('marks: characters anywhere, and how a line begins and ends', () => {
  expect(marks('plain words')).toBe(0);
  expect(marks('f+0x1: [a|b]') & (Mark.Plus | Mark.X | Mark.Colon | Mark.Square | Mark.Bar)).toBe(
    Mark.Plus | Mark.X | Mark.Colon | Mark.Square | Mark.Bar,
  );
  expect(marks('  #1 (a)  ')).toBe(Mark.Indent | Mark.FirstHash | Mark.LastParen);
  expect(marks('a #1 (a) b') & (Mark.FirstHash | Mark.LastParen | Mark.Indent)).toBe(0);
  expect(marks('12us later') & Mark.Micro).toBe(Mark.Micro);
  expect(marks('=> f') & Mark.FirstEquals).toBe(Mark.FirstEquals);
});

test('a segment without its front still knows its columns', () => {
  const [segment] = cleanLine('[    1.234567] <IRQ> f');
  expect(segmentFrom(segment, 6)).toMatchObject({ text: ' f', base: segment.base + 6 });
});
