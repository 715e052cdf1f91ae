import { expect, test } from 'vitest';
import { linesOf, placeIn, quoteDepth, unquote } from '../../../../server/src/trace/mail/mailLines.ts';

test('quoting comes off level by level, one blank with it', () => {
  expect(unquote('> > +a', 1)).toEqual({ depth: 1, text: '> +a', column: 2 });
  expect(unquote('> > +a', 2)).toEqual({ depth: 2, text: '+a', column: 4 });
  expect(['+a', '>+a', '>> > +a'].map(quoteDepth)).toEqual([0, 1, 3]);
});

test('quoted-printable and entities are decoded, lines keep their numbers', () => {
  const mail = 'Content-Transfer-Encoding: quoted-printable\r\n\r\n+a =3D=\r\n b;\r\n';
  expect(linesOf(mail)).toMatchObject([
    { text: 'Content-Transfer-Encoding: quoted-printable', line: 1 },
    { text: '', line: 2 },
    { text: '+a = b;', line: 3 },
  ]);
  expect(linesOf('+if (a &lt; b)')[0].text).toBe('+if (a < b)');
});

test('the places of decoded characters', () => {
  const [, , line] = linesOf('Content-Transfer-Encoding: quoted-printable\n\n+a =3D=\n b;\n');
  expect([0, 3, 4, 5].map((at) => placeIn(line, at))).toEqual([
    { line: 3, column: 0 },
    { line: 3, column: 3 },
    { line: 4, column: 0 },
    { line: 4, column: 1 },
  ]);
});

test('a header at the end of a line that its hunk wants is parted from it', () => {
  const hunk = '> @@ -2,2 +2,3 @@\n>  one\n> +two\n>  * three @@ -9,1 +10,2 @@ more\n>  four';
  expect(linesOf(hunk).map((l) => [l.line, l.text])).toEqual([
    [1, '> @@ -2,2 +2,3 @@'],
    [2, '>  one'],
    [3, '> +two'],
    [4, '>  * three'],
    [4, '> @@ -9,1 +10,2 @@ more'],
    [5, '>  four'],
  ]);
  expect(linesOf('@@ -2,2 +2,2 @@\n a @@ -9,1 +10,2 @@\n b').length).toBe(3);
});

test('the dashes of a signed mail', () => {
  expect(linesOf('-----BEGIN PGP SIGNED MESSAGE-----\n\n- --- a/x\n+++ b/x\n- -old')[2].text).toBe('--- a/x');
});
