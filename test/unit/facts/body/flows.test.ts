import { describe, expect, test } from 'vitest';
import { isCallbackType, isTableType } from '../../../../server/src/facts/body/flows.ts';
import { factsOf, show } from '../factsOf.ts';

/** `from -> to`, with the argument's position where it is one. */
const flowsOf = (body: string, head = '') =>
  factsOf(`${head}struct a { int (*hook)(int); };\nint f(struct a *p, int (*fn)(int))\n{\n${body}\n}\n`).flows.map(
    (f) => `${show(f.from)} -> ${show(f.to)}${f.argument === -1 ? '' : ` #${f.argument}`}`,
  );

describe('pointers to functions on their way', () => {
  test.each([
    ['  use(fn, 1);', ['fn -> use #0']],
    ['  use(1, (cast)handler);', ['handler -> use #1']],
    ['  p->run(handler);', ['handler -> p->run #0']],
    ['  p->hook = fn;', ['fn -> p->hook']],
    ['  p->hook = q->hook;', ['q->hook -> p->hook']],
    ['  int (*cb)(int) = n ? one_fn : two_fn;\n  cb(1);', ['one_fn -> cb', 'two_fn -> cb']],
    ['  use(&p->hook);', []],
    ['  use(p->count);', []],
  ])('%s', (body, expected) => expect(flowsOf(body)).toEqual(expected));

  test('what a function gives back', () => {
    const facts = factsOf('fn_t pick(int n)\n{\n\treturn n ? fast_read : slow_read;\n}\n');
    expect(facts.flows.map((f) => [show(f.from), show(f.to), f.argument])).toEqual([
      ['fast_read', 'pick', -2],
      ['slow_read', 'pick', -2],
    ]);
  });
});

test('types that may hold a function or a table', () => {
  const types = ['int (*)(int)', 'fn_t', 'int', 'struct x *', 'u32', 'const struct x_ops *', 'struct x_ops *'];
  expect(types.filter(isCallbackType)).toEqual(['int (*)(int)', 'fn_t']);
  expect(types.filter(isTableType)).toEqual(['const struct x_ops *', 'struct x_ops *']);
});
