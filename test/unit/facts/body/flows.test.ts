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
    ['  use(n ? one_fn : two_fn, 1);', ['one_fn -> use #0', 'two_fn -> use #0']],
    ['  fn_t *cbs[2] = { one_fn, [1] = two_fn };\n  cbs[0](1);', ['one_fn -> cbs', 'two_fn -> cbs']],
    [
      '  int (*cbs[2])(int);\n  cbs[0] = one_fn;\n  use(cbs);\n  p->hook = cbs[1];',
      ['cbs -> use #0', 'cbs -> p->hook', 'one_fn -> cbs'],
    ],
    ['  use(table[1]);', []],
    ['  use(&p->hook);', []],
    ['  use(p->count);', []],
  ])('%s', (body, expected) => expect(flowsOf(body)).toEqual(expected));

  test('a local whose type is one of functions holds one on its way', () => {
    const head = 'typedef int (*hook_t)(int);\ntypedef int hook_fn(int);\n';
    expect(flowsOf('  hook_t h = one_fn;\n  request(1, h);', head)).toEqual(['h -> request #1', 'one_fn -> h']);
    expect(flowsOf('  hook_fn *h = one_fn;\n  request(1, h);', head)).toEqual(['h -> request #1', 'one_fn -> h']);
    expect(flowsOf('  count_t h = one_fn;\n  request(1, h);', head)).toEqual([]);
  });

  test('what a macro is given in front of its message goes on, what is behind it is printed', () => {
    const head = '#define run(fn, data, fmt, ...) start_on(fn, data, -1, fmt, ##__VA_ARGS__)\n';
    expect(flowsOf('  run(one_fn, p, "flush-%d", two_fn);', head)).toEqual([
      'one_fn -> start_on #0',
      'two_fn -> start_on #4',
    ]);
    expect(flowsOf('  run(0, p, "flush-%d", two_fn);', head)).toEqual([]);
  });

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
