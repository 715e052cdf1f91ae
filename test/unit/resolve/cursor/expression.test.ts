import { describe, expect, test } from 'vitest';
import { describe as textOf } from '../../../../server/src/index/link/link.ts';
import { postfixStart, readExpression } from '../../../../server/src/resolve/cursor/expression.ts';
import { textView } from '../../../../server/src/resolve/cursor/textView.ts';
import { toksBetween } from '../../../../server/src/syntax/toks.ts';

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
    expect(read('container_of(p, struct x, m)')).toEqual([
      'call',
      ['id', 'container_of'],
      [
        ['id', 'p'],
        ['cast', 'struct x', ['other', '']],
        ['id', 'm'],
      ],
    ]);
  });

  test.each(['', '(', ')', '->', 'a->', '((((', 'a ? ', '? :', '"x"'])('never fails: %s', (text) =>
    expect(() => read(text)).not.toThrow(),
  );
});

test('a postfix expression is found backwards from its end', () => {
  const start = (text: string) => {
    const { tokens } = textView(text);
    return tokens.text.slice(tokens.start[postfixStart(tokens, tokens.count - 1)]);
  };
  expect(start('return file_inode(file)->i_sb')).toBe('file_inode(file)->i_sb');
  expect(start('x = *a->b[i + 1].c')).toBe('a->b[i + 1].c');
  expect(start('if (x) (p)')).toBe('(p)');
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
