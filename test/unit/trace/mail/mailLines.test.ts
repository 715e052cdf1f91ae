import { expect, test } from 'vitest';
import { linesOf, quoteDepth, unquote } from '../../../../server/src/trace/mail/mailLines.ts';

test('quoting comes off level by level, one blank with it', () => {
  expect(unquote('> > +a', 1)).toEqual({ depth: 1, text: '> +a', column: 2 });
  expect(unquote('> > +a', 2)).toEqual({ depth: 2, text: '+a', column: 4 });
  expect(['+a', '>+a', '>> > +a'].map(quoteDepth)).toEqual([0, 1, 3]);
});

test('quoted-printable and entities are decoded, lines keep their numbers', () => {
  const mail = 'Content-Transfer-Encoding: quoted-printable\r\n\r\n+a =3D=\r\n b;\r\n';
  expect(linesOf(mail)).toEqual([
    { text: 'Content-Transfer-Encoding: quoted-printable', line: 1 },
    { text: '', line: 2 },
    { text: '+a = b;', line: 3 },
  ]);
  expect(linesOf('+if (a &lt; b)')[0].text).toBe('+if (a < b)');
});
