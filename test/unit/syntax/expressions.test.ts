import { describe, expect, test } from 'vitest';
import { describe as textOf } from '../../../server/src/index/link/link.ts';
import { textView } from '../../../server/src/resolve/cursor/textView.ts';
import { type Conditions, findConditions } from '../../../server/src/syntax/conditions.ts';
import { postfixStart, readExpression } from '../../../server/src/syntax/expressions.ts';
import { toksBetween } from '../../../server/src/syntax/toks.ts';

const read = (text: string) => {
  const { tokens } = textView(text);
  return readExpression(toksBetween(tokens, 0, tokens.count));
};

describe('an expression is read as far as its type depends on it', () => {
  test.each([
    ['a->b.c', 'a->b.c'],
    ['f(x, y)->g', 'f(x, y)->g'],
    ['(*p)->q[1].r', '*p->q[].r'],
    ['&x.y', '&x.y'],
    ['p + 1', 'p'],
    ['(a, b)', 'b'],
    ['a ? b : c', 'b'],
    ['a ?: c', 'a'],
    ['++p', 'p'],
  ])('%s', (text, expected) => expect(textOf(read(text))).toBe(expected));

  test('casts, and types as arguments', () => {
    expect(read('(struct x *)p')).toEqual(['cast', 'struct x *', ['id', 'p']]);
    expect(read('(u32)n')).toEqual(['cast', 'u32', ['id', 'n']]);
    expect(read('(n)')).toEqual(['id', 'n']);
    expect(read('va_arg(ap, struct x *)')).toEqual(['cast', 'struct x *', ['id', 'ap']]);
    expect(read('(handle)n')).toEqual(['cast', 'handle', ['id', 'n']]);
    expect(read('(handle)(n)')[0]).toBe('call');
    expect(read('(u32)-1')).toEqual(['cast', 'u32', ['other', '']]);
    expect(read('(struct x *[]){ a, b }')[0]).toBe('cast');
    // a type behind the first argument is the result's
    expect(read('container_of(p, struct x, m)')).toEqual(['cast', 'struct x *', ['id', 'p']]);
    expect(read('alloc_percpu(struct x)')).toEqual([
      'call',
      ['id', 'alloc_percpu'],
      [['cast', 'struct x', ['other', '']]],
    ]);
  });

  test.each([
    ['({ struct x *__p = p; g(); __p; })', ['cast', 'struct x *', ['other', '']]],
    ['({ g(); p->q; })', ['->', ['id', 'p'], 'q']],
    ['(typeof(*p) *)q', ['id', 'p']],
    ['(typeof(p))q', ['id', 'p']],
    ['*(const volatile typeof(_Generic((p), char: (char)0, default: (p))) *)&(p)', ['id', 'p']],
    ['__builtin_choose_expr(1, a, b)', ['id', 'a']],
  ])('what macros are made of: %s', (text, expected) => expect(read(text)).toEqual(expected));

  test.each([
    ['0', ['other', '0']],
    ['a == b', ['other', '']],
    ['!p', ['other', '']],
    ['sizeof(p)', ['other', '']],
    ['"x"', ['other', '']],
  ])('what is worth nothing that has a name: %s', (text, expected) => expect(read(text)).toEqual(expected));

  test.each(['', '(', ')', '->', 'a->', '((((', 'a ? ', '? :', '"x"'])('never fails: %s', (text) =>
    expect(() => read(text)).not.toThrow(),
  );
});

describe('a postfix expression is found backwards from its end', () => {
  test.each([
    ['return file_inode(file)->i_sb', 'file_inode(file)->i_sb'],
    ['x = *a->b[i + 1].c', 'a->b[i + 1].c'],
    ['if (x) (p)', '(p)'],
    ['for (;;) p->q', 'p->q'],
    ['return (p)', '(p)'],
    ['f(x)(y)', 'f(x)(y)'],
    ['a ? b->c', 'b->c'],
    [')', ')'],
  ])('%s', (text, expected) => {
    const { tokens } = textView(text);
    expect(tokens.text.slice(tokens.start[postfixStart(tokens, tokens.count - 1)])).toBe(expected);
  });

  test('no further than told, and over dead arms', () => {
    const { tokens } = textView('a\n#if 0\n->b\n#endif\n->c');
    const conditions = findConditions(tokens, () => {});
    const at = (from: number, arms: Conditions | null) => postfixStart(tokens, tokens.count - 1, from, arms);
    expect(at(0, conditions)).toBe(0);
    expect(at(tokens.count - 1, conditions)).toBe(tokens.count - 1);
  });
});

test('chains, nests and choices without end are read up to a bound', () => {
  /** parts in each other, as the brackets of its text nest */
  const depthOf = (e: unknown): number => {
    let depth = 0;
    let most = 0;
    for (let level = [e]; level.length > 0; depth++) {
      level = level.flatMap((part) => (Array.isArray(part) ? part : []));
      most = depth;
    }
    return most;
  };
  const n = 5000;
  for (const text of [
    `p${'->next'.repeat(n)}`,
    `p${'[0]'.repeat(n)}`,
    `${'*'.repeat(n)}p`,
    `${'('.repeat(n)}p${')'.repeat(n)}`,
    'a ? b : '.repeat(n),
    `${'f('.repeat(n)}p${')'.repeat(n)}`,
  ]) {
    const { tokens } = textView(text);
    expect(depthOf(readExpression(toksBetween(tokens, 0, tokens.count)))).toBeLessThan(300);
  }
});
