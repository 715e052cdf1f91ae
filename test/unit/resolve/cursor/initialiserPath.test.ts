import { expect, test } from 'vitest';
import { initialiserAt } from '../../../../server/src/resolve/cursor/initialiserPath.ts';
import { textView, tokenAt } from '../../../../server/src/resolve/cursor/textView.ts';

/** What the token behind `<>` is, as `type variable path`, a designator with a mark. */
function at(text: string): string | null {
  const view = textView(text.replace('<>', ''));
  const place = initialiserAt(view, null, tokenAt(view, text.indexOf('<>')));
  if (!place) return null;
  const path = place.path.map((s) =>
    'member' in s ? `.${s.member}` : 'index' in s ? `[${s.index}]` : `{${s.position}}`,
  );
  return `${place.type} ${place.variable} ${path.join('')}${place.designator ? ' *' : ''}`;
}

test.each([
  ['struct x v = { .<>a = f };', 'struct x v .a *'],
  ['struct x v = { .a = <>f };', 'struct x v .a'],
  ['struct x v = { .a.<>b = f };', 'struct x v .a.b *'],
  ['struct x v = { .a = { .<>b = f } };', 'struct x v .a.b *'],
  ['struct x v[] = { [N + 1] = { .<>b = f } };', 'struct x[] v [N+1].b *'],
  ['struct x v[] = { { 1 }, { <>f } };', 'struct x[] v {1}{0}'],
  ['struct x v[] = { [3] = a, <>b };', 'struct x[] v {4}'],
  ['struct x v = { <>a: f };', 'struct x v .a *'],
  ['struct x v = { g(1, 2), <>f };', 'struct x v {1}'],
  ['void f(void) { *p = (struct x){ .<>a = f }; }', 'struct x  .a *'],
  ['void f(void) { p->a = <>f; }', null],
  ['void f(void) { if (x) { <>y; } }', null],
])('%s', (text, expected) => expect(at(text)).toBe(expected));
