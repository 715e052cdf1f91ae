import { expect, test } from 'vitest';
import { assignedByMacros, valuesGiven } from '../../../../server/src/resolve/dispatch/pointerValues.ts';
import { tokenize } from '../../../../server/src/syntax/tokens.ts';

const given = (text: string, writes: (callee: string) => boolean = () => false) => {
  const tokens = tokenize(Buffer.from(text, 'latin1'));
  return valuesGiven(tokens, { from: 0, to: tokens.count }, 'ops', writes)?.map((g) => JSON.stringify(g.value)) ?? null;
};

test('declarations, assignments and writers give values; reading gives none', () => {
  expect(given('const struct x *ops = &a; if (ops) ops = b; ops->f(ops->g); return READ_ONCE(ops);')).toEqual([
    '["&",["id","a"]]',
    '["id","b"]',
  ]);
  expect(given('WRITE_ONCE(ops, &a);')).toEqual(['["&",["id","a"]]']);
  expect(given('a->ops = 1; struct ops *p;')).toEqual([]);
});

test('where its address is taken, a macro writes or an #if splits a value, nothing is known', () => {
  expect(given('get(&ops);')).toBeNull();
  expect(given('swap_it(ops);', (callee) => callee === 'swap_it')).toBeNull();
  expect(given('use(ops);')).toEqual([]);
  expect(given('ops = \n#ifdef A\n&a\n#endif\n;')).toBeNull();
});

test("a file's own macro may assign by name", () => {
  const assigned = (text: string) => assignedByMacros(tokenize(Buffer.from(text, 'latin1')), 'ops');
  expect(assigned('#define SET ops = &a\n')).toBe(true);
  expect(assigned('#define SET x->ops = &a\n#define IS ops == &a\n')).toBe(false);
});
