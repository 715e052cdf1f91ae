import { expect, test } from 'vitest';
import { hunkOfHeader, readHunk } from '../../../../server/src/trace/mail/hunk.ts';
import { linesOf } from '../../../../server/src/trace/mail/mailLines.ts';

function read(text: string) {
  const lines = linesOf(text);
  const hunk = hunkOfHeader(lines[0].text, 1) ?? expect.fail('no header');
  const next = readHunk({ lines, depth: 0 }, 0, hunk);
  return { hunk, next, sides: hunk.lines.map((l) => `${l.kind[0]} ${l.text}`) };
}

test('a header, a count left out, what is no header', () => {
  expect(hunkOfHeader('@@ -3 +4,2 @@ int f(void)', 7)).toMatchObject({
    oldCount: 1,
    newStart: 4,
    newCount: 2,
    section: 'int f(void)',
  });
  expect(hunkOfHeader('@@ something else', 7)).toBeNull();
});

test('a whole hunk ends where its counts do, before the signature', () => {
  const { next, sides, hunk } = read('@@ -1,2 +1,2 @@\n a\n-b\n+c\n-- \n2.39.2');
  expect([next, sides, hunk.damage]).toEqual([4, ['c a', 'r b', 'a c'], []]);
});

test('what mailers did to a hunk is undone where the counts tell, and said', () => {
  const wrapped = read('@@ -1,2 +1,2 @@\n int a = 1 +\n2;\n-b\n+c');
  expect([wrapped.sides[0], wrapped.hunk.damage]).toEqual(['c int a = 1 + 2;', ['lines were wrapped']]);
  const stripped = read('@@ -1,3 +1,3 @@\na\nb\n-x\n+y');
  expect([stripped.sides.length, stripped.hunk.damage]).toEqual([4, ['leading white space was stripped']]);
  expect(read('@@ -1,5 +1,5 @@\n a\n-b').hunk.damage[0]).toContain('5 old and 5 new lines, 2 and 1 are there');
});
