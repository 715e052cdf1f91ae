import { expect, test } from 'vitest';
import { initialiserAt } from '../../../../server/src/resolve/cursor/initialiserPath.ts';
import { textView } from '../../../../server/src/resolve/cursor/textView.ts';

/** The path to the token that stands behind `@`. */
function pathIn(marked: string) {
  const offset = marked.indexOf('@');
  const view = textView(marked.replace('@', ''));
  let at = 0;
  while (view.tokens.start[at] < offset) at++;
  const found = initialiserAt(view, null, at);
  if (!found) return null;
  const path = found.path.map((s) =>
    'member' in s ? `.${s.member}` : 'index' in s ? `[${s.index}]` : `#${s.position}`,
  );
  return `${found.variable || '(literal)'}: ${found.type} ${path.join('')}${found.designator ? ' designated' : ''}`;
}

test('designators: by a dot, by a colon, in brackets, inside each other', () => {
  expect(pathIn('static struct a x = { .@open = f };')).toBe('x: struct a .open designated');
  expect(pathIn('static struct a x = { @open: f };')).toBe('x: struct a .open designated');
  expect(pathIn('struct a x[2] = { [1] = { .in = { .@open = f } } };')).toBe('x: struct a[2] [1].in.open designated');
});

test('values: by position, and behind a designator', () => {
  expect(pathIn('struct a x = { f, @g };')).toBe('x: struct a #1');
  expect(pathIn('struct a x = { .open = @f };')).toBe('x: struct a .open');
  expect(pathIn('struct a x[] = { [3] = { f }, { @g } };')).toBe('x: struct a[] #4#0');
  expect(pathIn('struct a x = { call(@f, g), h };')).toBe('x: struct a #0');
});

test('a compound literal has a type of its own; a body is no initialiser', () => {
  expect(pathIn('struct a x = { .ops = &(struct o){ .@f = g } };')).toBe('(literal): struct o .f designated');
  expect(pathIn('int f(void) { return @g; }')).toBeNull();
  expect(pathIn('struct a x = { f }; int @y;')).toBeNull();
});
