import { describe, expect, test } from 'vitest';
import { decodeMail } from '../../../../server/src/trace/mail/decode.ts';
import { parseTrace } from '../../../../server/src/trace/parse.ts';
import { brief, cutOut, only } from '../support.ts';

const decoded = (text: string): string[] | null => decodeMail(text)?.map((l) => l.text) ?? null;
const HEAD = 'Subject: gears\nContent-Type: text/plain; charset=utf-8\n';

describe('quoted-printable', () => {
  const QP = `${HEAD}Content-Transfer-Encoding: quoted-printable\n\n`;

  test('soft breaks, bytes of several, and what is no sequence', () => {
    expect(decoded(`${QP}a=3Db =C3=A9=E2=82=AC =xy\none l=\nine=20\n`)?.slice(4)).toEqual(['a=b é€ =xy', 'one line ']);
  });

  test('frames stand where their names do, also behind a soft break', () => {
    const text = `${QP}Call Trace:
 gear_tu=
rn_slowly+0xa7/0xd0 [gears]
 gear_stop+0x190/0=
x2c0 [gears]
 caf=C3=A9 =3D>
`;
    const stack = only(text);
    expect(stack.frames.map(brief)).toEqual([
      '6 gear_turn_slowly+0xa7/0xd0 [gears]',
      '8 gear_stop+0x190/0x2c0 [gears]',
    ]);
    expect(stack.frames.map((f) => cutOut(text, f))).toEqual(['gear_tu', 'gear_stop']);
    expect([stack.line, stack.endLine]).toEqual([5, 8]);
  });

  test('a body that was pasted without its headers', () => {
    const long = 'x'.repeat(74);
    expect(decoded(`${long}=\ny =3D z\n${long}=\n=3D> gear_turn\n`)).toEqual([`${long}y = z`, `${long}=> gear_turn`]);
    expect(decoded('a = b; c =\nd;\n')).toBe(null);
  });

  test('a part without an encoding follows', () => {
    const text = `Content-Type: multipart/mixed; boundary="XX"

--XX
Content-Type: text/plain
Content-Transfer-Encoding: quoted-printable

a=3Db
--XX
Content-Type: text/plain

a=3Db
--XX--
a=3Dc`;
    expect(decoded(text)).toEqual(expect.arrayContaining(['a=b', 'a=3Db', 'a=3Dc']));
  });
});

test('base64: each character stands where its four letters do', () => {
  const body = 'Call Trace:\n gear_turn+0x1/0x20\n gear_stop+0x2/0x20\n';
  const letters = Buffer.from(body).toString('base64').replace(/.{40}/g, '$&\n');
  const text = `${HEAD}Content-Transfer-Encoding: base64\n\n${letters}\n`;
  const stack = only(text);
  expect(stack.frames.map((f) => f.text)).toEqual(['gear_turn', 'gear_stop']);
  const [first] = stack.frames;
  const letter = Math.floor((body.indexOf('gear_turn') * 4) / 3);
  expect([first.line, first.start]).toEqual([5 + Math.floor(letter / 40), letter % 40]);
});

test('HTML, unless a plain text says the same', () => {
  const html = `<html><head><style>p { a: b }</style></head><body><div>Call Trace:</div>
<div>&nbsp;gear_turn+0x1/0x20&nbsp;[gears]<br>
&#63; gear_stop+0x2/0x20
</div><pre>
 a+0x1/0x2
 b+0x1/0x2</pre></body></html>`;
  const text = `Content-Type: text/html; charset=utf-8\n\n${html}\n`;
  const stack = only(text);
  expect(stack.frames.map((f) => f.text)).toEqual(['gear_turn', 'gear_stop', 'a', 'b']);
  expect(stack.frames[1].reliable).toBe(false);
  for (const f of stack.frames) expect(cutOut(text, f)).toBe(f.text);
  const both = `Content-Type: multipart/alternative; boundary=YY

--YY
Content-Type: text/plain

 gear_turn+0x1/0x20
--YY
Content-Type: text/html

<p> gear_turn+0x1/0x20</p>
--YY--
`;
  expect(parseTrace(both).stacks.flatMap((s) => s.frames).length).toBe(1);
});

test('any text is decoded in linear time', () => {
  for (const piece of ['=\n', '=3D', '<', '&', '<!--', 'a\n', '--X\n']) {
    const head = 'Content-Type: text/html; boundary=X\nContent-Transfer-Encoding: quoted-printable\n\n';
    const start = performance.now();
    decodeMail(head + piece.repeat(20_000));
    expect(performance.now() - start).toBeLessThan(8000);
  }
});
