import { expect, test } from 'vitest';
import { factsOf } from '../factsOf.ts';

const initsOf = (text: string) =>
  Object.fromEntries(factsOf(text).variables.map((v) => [v.name, v.inits.map((i) => i.value.name)]));

test('lists of constants keep their variable, and hold nothing', () => {
  const facts = factsOf(`#define REG(n, v) { .addr = (n), .value = (v) | BIT(3) }
static const struct reg regs[] = {
	REG(0x10, 0xff),
	{ .addr = sizeof(struct reg), .value = FOO_MASK, },
};
int after;
`);
  expect(facts.variables.map((v) => [v.name, v.type, v.line, v.endLine, v.inits])).toEqual([
    ['regs', 'const struct reg[]', 2, 5, []],
    ['after', 'int', 6, 6, []],
  ]);
});

test('a function is found wherever it stands: written out, in a macro, in a macro of a macro, pasted', () => {
  expect(
    initsOf(`#define INNER(n) .probe = default_probe, .id = n
#define OUTER(n) { INNER(n) }
#define EACH(F, a, b) F(a) F(b)
#define ONE(n) run_##n,
#define PASTED(n) { .id = 1, .probe = n##_probe }
static struct x a = { .id = 1, .probe = my_probe };
static struct x b = { .id = 1, INNER(2) };
static struct x c[] = { OUTER(1), OUTER(2) };
static struct x d[] = { PASTED(foo) };
static fn_t list[] = { EACH(ONE, 1, 2) };
static struct x e = { .id = 1, .ops = &my_ops };
static struct x f = { .id = 1, .probe = (probe_t)cast_probe };
static struct x g[] = { { 1, (void *)positional } };
`),
  ).toEqual({
    a: ['my_probe'],
    b: ['default_probe'],
    c: ['default_probe', 'default_probe'],
    d: ['foo_probe'],
    list: ['run_1', 'run_2'],
    e: ['my_ops'],
    f: ['cast_probe'],
    g: ['positional'],
  });
});

test('a function that is a macro for NULL in one arm', () => {
  expect(
    initsOf(`#ifdef CONFIG_PM
static int my_suspend(void) { return 0; }
#else
#define my_suspend NULL
#endif
static struct ops o = { .suspend = my_suspend };
`).o,
  ).toEqual(['my_suspend']);
});

test('a macro of a list of constants counts as used', () => {
  const text = '#define REG(n) { .addr = n }\nstatic struct reg r[] = { REG(1) };\n';
  expect(factsOf(text).macrosUsed).toHaveLength(1);
});

test('more than one declarator, and what stands behind the list', () => {
  expect(initsOf('static struct x a = { .id = 1 }, b = { .probe = my_probe };\n')).toEqual({ a: [], b: ['my_probe'] });
});
