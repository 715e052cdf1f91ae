import { describe, expect, test } from 'vitest';
import { hashName } from '../../../../server/src/syntax/tokens.ts';
import { factsOf, show } from '../factsOf.ts';

const sitesOf = (body: string, head = '') =>
  factsOf(`${head}int f(struct a *p, int (*fn)(int), int n)\n{\n${body}\n}\n`).sites.map(
    (s) =>
      `${s.kind} ${s.receiver ? `${show(s.receiver)} : ` : ''}${s.name} @${s.line}:${s.column}${s.macro ? ' macro' : ''}`,
  );

const callsOf = (body: string) =>
  factsOf(`int f(struct a *p)\n{\n${body}\n}\n`).calls.flatMap((c) => {
    let line = 0;
    return c.names.split(' ').map((name, i) => {
      line += c.steps[i];
      return `${name} @${line}`;
    });
  });

describe('calls through members', () => {
  test.each([
    ['ret = p->ops->fault(n);', ['call *p->ops : fault @3:17']],
    ['p->ops.open(n);', ['call p->ops : open @3:10']],
    ['(*p->ops->fault)(n);', ['call *p->ops : fault @3:13']],
    ['p->tbl[n].probe(n);', ['call p->tbl[] : probe @3:13']],
    ['p->handlers[n](n);', ['call *p : handlers @3:6']],
    ['get(p)->ops->run(n);', ['call *get(p)->ops : run @3:16']],
    ['((struct b *)p)->run(n);', ['call *(struct b *)p : run @3:20']],
    ['container_of(p, struct b, m)->run(n);', ['call *(struct b *)p : run @3:33']],
    ['x = p->ops->get ? p->ops->get(n) : 0;', ['call *p->ops : get @3:29']],
    ['if (p->a(p->b(n))) return p->c(n);', ['call *p : a @3:10', 'call *p : b @3:15', 'call *p : c @3:32']],
    ['(p + 1)->run(n);', ['call *p : run @3:12']],
    ['(n ? p : q)->run(n);', ['call *{p or q} : run @3:16']],
    ['if (p->ops) (p)->ops->run(n);', ['call *p->ops : run @3:25']],
    ['while (n) (p)->run(n);', ['call *p : run @3:18']],
    ['emit(.long (n), x.word (n));', ['call x : word @3:21']],
    ['p->get(n)->put(n);', ['call *p : get @3:6', 'call *p->get(n) : put @3:14']],
  ])('%s', (body, expected) => {
    expect(sitesOf(`  ${body}`).map((s) => s.replace('->get(n)', '->get(n)'))).toEqual(expected);
  });
});

describe('calls through pointers', () => {
  test.each([
    ['return fn(n);', ['pointer fn @3:10']],
    ['return (*fn)(n);', ['pointer fn @3:12']],
    ['return (fn)(n);', ['pointer fn @3:11']],
    ['tbl[n](n);', ['pointer tbl @3:3']],
    ['int (*g)(int) = p->ops->g; g(n);', ['pointer g @3:30']],
    ['x = (u32)(n);', []],
    ['x = (struct b *)(p);', []],
  ])('%s', (body, expected) => {
    expect(sitesOf(`  ${body}`)).toEqual(expected);
  });
});

describe('macros in a receiver', () => {
  const head = `#define to_b(x) container_of(x, struct b, m)
#define READ_ONCE(x) ({ typeof(x) __v = *(const volatile typeof(x) *)&(x); __v; })
#define B_OPS(s) ((struct b *)(s)->info)
#define deref(p) ({ typeof(*p) *__l = (typeof(*p) *)READ_ONCE(p); ((typeof(*p) *)(__l)); })
`;
  test.each([
    ['to_b(p)->run(n);', ['call *(struct b *)p : run @7:12']],
    ['B_OPS(p)->run(n);', ['call *(struct b *)p->info : run @7:13']],
    ['READ_ONCE(p->ops)->run(n);', ['call *p->ops : run @7:22']],
    ['READ_ONCE(p->ops->fn)(n);', ['call *p->ops : fn @7:21']],
    ['deref(p->ops)->run(n);', ['call *p->ops : run @7:18']],
  ])('%s', (body, expected) => {
    expect(sitesOf(`  ${body}`, head)).toEqual(expected);
  });
});

describe('direct calls', () => {
  test('each with its line, keywords and casts left out', () => {
    expect(
      callsOf(`  int x = sizeof(int);
  if (first(second(x)))
    return third();
  asm volatile("nop" : "=r"(x) : "0"(x));
  WARN_ON(fourth(
    fifth()));
#ifdef CONFIG_A
  sixth();
#endif
  return (int)(x);`),
    ).toEqual(['first @4', 'second @4', 'third @5', 'WARN_ON @7', 'fourth @7', 'fifth @8', 'sixth @10']);
  });

  test('in a body that a macro gives a head', () => {
    const facts = factsOf('#define SYSCALL(n) long sys_##n(void)\nSYSCALL(read)\n{\n\treturn do_read();\n}\n');
    expect(facts.calls.map((c) => [facts.functions[c.function].name, c.names, c.steps])).toEqual([
      ['sys_read', 'do_read', [4]],
    ]);
  });
});

test('an if that a header defines anew is an if', () => {
  const headers = {
    'include/linux/compiler.h':
      '#define if(cond, ...) if ( trace_if(!!(cond , ## __VA_ARGS__)) )\n#define TRY(p) do { if ((p)->ready) (p)->go(1); } while (0)\n',
  };
  const facts = factsOf('void f(struct a *p)\n{\n  if (p->ops->may(p))\n    TRY(p);\n}\n', { headers });
  expect(facts.sites.map((s) => s.name)).toEqual(['may', 'go']);
  expect(facts.calls.map((c) => c.names)).toEqual(['TRY']);
  expect(facts.macrosUsed).toEqual([hashName('TRY')]);
});

test('nothing is lost on broken text', () => {
  for (const body of ['p->(', '(', '))(', 'p->a(p->b(', 'tbl[(', '->x(1)', '(((((a))))(1)', ')(1)', '](1)'])
    expect(() => sitesOf(body)).not.toThrow();
});

test('behind the brackets of an if begins a statement, no call of what it asks', () => {
  expect(sitesOf('  if (fn) (g)(n);\n  while (fn) (n)++;')).toEqual([]);
});

test('calls that a list of macro calls makes in a body', () => {
  const facts = factsOf(
    '#define CALL(nr, f) case nr: return my_##f(regs);\nlong pick(void *regs, int nr)\n{\n\tswitch (nr) {\n#include <linux/calls.h>\n\tdefault: return my_none(regs);\n\t}\n}\n',
    { headers: { 'include/linux/calls.h': 'CALL(0, look)\nCALL(1, poke)\n' } },
  );
  expect(facts.calls).toEqual([{ function: 0, names: 'my_look my_poke my_none', steps: [5, 0, 1] }]);
});
