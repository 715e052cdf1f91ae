import { expect, test } from 'vitest';
import { isTail, spansOf } from '../../../../server/src/backtrace/bodies/callShape.ts';
import { toksOf } from '../../support/bodies.ts';

/** Is the first call of `f` in a body its tail? */
function tail(body: string, isVoid = false): boolean {
  const toks = toksOf(body);
  const at = toks.findIndex((t) => t.text === 'f');
  return isTail(toks, at, at + 1, isVoid, (name) => name === 'nothing');
}

test('a tail call is returned, or the last thing that is done', () => {
  expect(tail('return f(x);')).toBe(true);
  expect(tail('return a ? f(x) : g(x);')).toBe(true);
  expect(tail('r = f(x); if (a) { } else g(); return r;')).toBe(false);
  expect(tail('if (a) { r = f(x); } else { r = g(x); } return r;')).toBe(true);
  expect(tail('r = f(x); return r + 1;')).toBe(false);
  expect(tail('f(x); nothing();', true)).toBe(true);
  expect(tail('f(x); g(x);', true)).toBe(false);
  expect(tail('f(x);', false)).toBe(false);
});

/** The words of a body that are marked. */
const marked = (body: string, kind: 'cold' | 'asm' | 'leaves'): string[] => {
  const toks = toksOf(body);
  const spans = spansOf(toks);
  return toks.filter((t, i) => spans[kind][i] === 1 && /^\w/.test(t.text)).map((t) => t.text);
};

test('what is seldom done, what is assembly, what leaves early', () => {
  expect(marked('if (unlikely(a)) { f(x); } g(x);', 'cold')).toEqual(['f', 'x']);
  expect(marked('if (likely(a)) f(x); g(x);', 'cold')).toEqual([]);
  expect(marked('asm volatile("nop" : : "i" (n)); g(x);', 'asm')).toContain('n');
  expect(marked('if (a) { f(x); goto out; } g(x); h(x);', 'leaves')).toContain('f');
  expect(marked('if (a) { f(x); } g(x); h(x);', 'leaves')).toEqual([]);
  expect(marked('switch (a) { case 1: f(x); goto out; case 2: g(x); break; }', 'leaves')).toEqual([
    'case',
    '1',
    'f',
    'x',
  ]);
});
