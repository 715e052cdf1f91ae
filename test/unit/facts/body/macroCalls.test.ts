import { describe, expect, test } from 'vitest';
import { namesCalled } from '../../../../server/src/facts/body/macroCalls.ts';
import { factsOf, show } from '../factsOf.ts';

const sitesOf = (body: string, head = '') =>
  factsOf(`${head}int f(struct a *p, int (*fn)(int), int n)\n{\n${body}\n}\n`).sites.map(
    (s) =>
      `${s.kind} ${s.receiver ? `${show(s.receiver)} : ` : ''}${s.name} @${s.line}:${s.column}${s.macro ? ' macro' : ''}`,
  );

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

test.each([
  ['a ? call(x) : other(y)', ['call', 'other']],
  ['real', ['real']],
  ['x->member(y) + set_##x(y) + param(1)', []],
  ['sizeof(x) + self(1)', []],
])('names that a body calls: %s', (body, expected) =>
  expect(namesCalled({ name: 'self', params: ['x', 'y', 'param'], body })).toEqual(expected),
);
