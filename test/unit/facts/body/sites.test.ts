import { describe, expect, test } from 'vitest';
import type { Expression } from '../../../../server/src/facts/types.ts';
import { hashName } from '../../../../server/src/syntax/tokens.ts';
import { factsOf } from '../factsOf.ts';

/** An expression as short text. */
function show(e: Expression | null): string {
  if (!e) return '-';
  switch (e[0]) {
    case 'id':
      return e[1];
    case '.':
    case '->':
      return `${show(e[1])}${e[0]}${e[2]}`;
    case '[]':
      return `${show(e[1])}[]`;
    case '*':
    case '&':
      return `${e[0]}${show(e[1])}`;
    case 'call':
      return `${show(e[1])}(${e[2].map(show).join(',')})`;
    case 'cast':
      return `(${e[1]})${show(e[2])}`;
    case '?':
      return `{${show(e[1])} or ${show(e[2])}}`;
    default:
      return '…';
  }
}

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

describe('macros made of statements', () => {
  const WARN = `#define WARN_ON(x) ({ int __ret = !!(x); if (__ret) warn_slow(__FILE__, __ret); __ret; })
#define PICK(s) ({ (s)->chosen(1); })
`;

  test('given nothing of the file, they are passed over in the expansion of another', () => {
    const head = `${WARN}#define DO_TRACE(p, cond) do { int idle = 1; WARN_ON(idle && in_nmi()); (p)->probe(cond); } while (0)\n`;
    const facts = factsOf(`${head}void f(struct a *p)\n{\n  DO_TRACE(p, n);\n}\n`);
    expect(facts.sites.map((s) => [s.name, show(s.receiver)])).toEqual([['probe', '*p']]);
    // locals of the macro that no call depends on
    expect(facts.locals).toEqual([]);
  });

  test('given something of the file, or calling a member themselves, they are not', () => {
    expect(
      sitesOf('  TRACE(p);', `${WARN}#define TRACE(p) do { PICK(p); WARN_ON((p)->ops->bad(1)); } while (0)\n`),
    ).toEqual(['call *p : chosen @6:3 macro', 'call *p->ops : bad @6:3 macro']);
    expect(sitesOf('  TRACE(p);', `${WARN}#define TRACE(p) do { struct s *q = cur(); PICK(q); } while (0)\n`)).toEqual([
      'call *q : chosen @6:3 macro',
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

test('behind the brackets of an if begins a statement, no call of what it asks', () => {
  expect(sitesOf('  if (fn) (g)(n);\n  while (fn) (n)++;')).toEqual([]);
});

test('the types of the names a receiver depends on', () => {
  const facts = factsOf(
    'void f(void)\n{\n\tstruct a *p = get(), *q;\n\tq->ops->run(1);\n\tfor (;;) {\n\t\tstruct b *q = p;\n\t\tq->go();\n\t}\n}\n',
  );
  expect(facts.locals.map((l) => [l.name, l.type, l.line, l.endLine])).toEqual([
    ['q', 'struct a *', 3, 9],
    ['q', 'struct b *', 6, 8],
  ]);
});

test('nothing is lost on broken text', () => {
  for (const body of ['p->(', '(', '))(', 'p->a(p->b(', 'tbl[(', '->x(1)', '(((((a))))(1)', ')(1)', '](1)'])
    expect(() => sitesOf(body)).not.toThrow();
});

describe('what a body puts into members', () => {
  const assigned = (body: string, head = '') =>
    factsOf(`${head}void f(struct a *p)\n{\n${body}\n}\n`).assignments.map(
      (a) =>
        `${show(a.target)} = ${a.values.map((v) => `${v.address ? '&' : ''}${v.name}${v.member && `.${v.member}`}`).join()}${a.macro ? ' macro' : ''}`,
    );

  test('by a macro that assigns what it is given', () => {
    const head = `#define __INIT(w, fn) do { (w)->key = 0; (w)->func = (fn); } while (0)
#define INIT(w, fn) __INIT((w), fn)
#define LOG(w, fn) printk("%p", fn)
`;
    expect(assigned('  INIT(&p->work, handler);', head)).toEqual(['&p->work->func = handler macro']);
    expect(assigned('  LOG(&p->work, handler);', head)).toEqual([]);
    expect(assigned('  void (*handler)(int);\n  INIT(&p->work, handler);', head)).toEqual([]);
  });

  test("a static local's address, a part of an object, an address with a name in capitals", () => {
    const head = '#define THIS_MODULE (&__this_module)\n';
    expect(assigned('  static const struct ops o = { .x = g };\n  p->ops = &o;')).toEqual(['p->ops = &o']);
    expect(assigned('  p->class = &raid.class;')).toEqual(['p->class = &raid.class']);
    expect(assigned('  p->owner = THIS_MODULE;', head)).toEqual(['p->owner = &__this_module']);
    expect(assigned('  p->flags = SOME_FLAG;', '#define SOME_FLAG (1 << 3)\n')).toEqual([]);
  });
});
