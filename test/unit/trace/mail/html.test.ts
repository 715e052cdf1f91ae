import { expect, test } from 'vitest';
import { newHtml, readHtml } from '../../../../server/src/trace/mail/html.ts';

function shown(source: string): string[] {
  const html = newHtml<{ text: string }>();
  const out: string[] = [];
  for (const line of source.split('\n'))
    for (const chars of readHtml(
      html,
      line.split('').map((text) => ({ text })),
    ))
      out.push(chars.map((c) => c.text).join(''));
  return [...out, html.line.map((c) => c.text).join('')].filter((l) => l.trim() !== '');
}

test('what breaks a line, and what does not', () => {
  expect(shown('<p>one<br>two</p><div>three\nfour</div>')).toEqual(['one', 'two', 'three four']);
  expect(shown('<pre>one\n  two</pre>')).toEqual(['one', '  two']);
  expect(shown('a <b>bold</b> word')).toEqual(['a bold word ']);
});

test('entities, comments and what is never shown', () => {
  expect(shown('&lt;TASK&gt; &amp;x &#43;&#x30; &unknown; & more')).toEqual(['<TASK> &x +0 &unknown; & more ']);
  expect(shown('<!-- a > b\n--><style>x</style>c<a href="x\ny">d</a>')).toEqual(['cd ']);
});
