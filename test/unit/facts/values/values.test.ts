import { expect, test } from 'vitest';
import { describeBoth } from '../factsOf.ts';

describeBoth('expressions of assignments, as data', (factsOf) => {
  const target = (left: string) => {
    const [assignment] = factsOf(`void f(struct x *x, int i)\n{\n\t${left} = some_fn;\n}`).assignments;
    return assignment?.target;
  };

  test('members, elements, pointers', () => {
    expect(target('x->a.b')).toEqual(['.', ['->', ['id', 'x'], 'a'], 'b']);
    expect(target('x->list[i + 1].fn')).toEqual(['.', ['[]', ['->', ['id', 'x'], 'list']], 'fn']);
    expect(target('(*x)->fn')).toEqual(['->', ['*', ['id', 'x']], 'fn']);
    expect(target('(&x->y)->fn')).toEqual(['->', ['&', ['->', ['id', 'x'], 'y']], 'fn']);
    expect(target('*x->slot')).toEqual(['*', ['->', ['id', 'x'], 'slot']]);
  });

  test('calls, casts and choices', () => {
    expect(target('get(x, i)->fn')).toEqual([
      '->',
      [
        'call',
        ['id', 'get'],
        [
          ['id', 'x'],
          ['id', 'i'],
        ],
      ],
      'fn',
    ]);
    expect(target('((struct y *)x)->fn')).toEqual(['->', ['cast', 'struct y *', ['id', 'x']], 'fn']);
    expect(target('(i ? x : other)->fn')).toEqual(['->', ['?', ['id', 'x'], ['id', 'other']], 'fn']);
  });

  test('a macro that only passes its argument on is expanded', () => {
    const facts = factsOf(`#define to_y(p) ((p)->y)
void f(struct x *x)
{
	to_y(x)->fn = some_fn;
}`);
    expect(facts.assignments.map((a) => [a.member, a.target])).toEqual([
      ['fn', ['->', ['->', ['id', 'x'], 'y'], 'fn']],
    ]);
  });
});
