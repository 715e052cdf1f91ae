import { expect, test } from 'vitest';
import { factsOf } from '../factsOf.ts';

test('the types of the names a receiver depends on', () => {
  const facts = factsOf(
    'void f(void)\n{\n\tstruct a *p = get(), *q;\n\tq->ops->run(1);\n\tfor (;;) {\n\t\tstruct b *q = p;\n\t\tq->go();\n\t}\n}\n',
  );
  expect(facts.locals.map((l) => [l.name, l.type, l.line, l.endLine])).toEqual([
    ['q', 'struct a *', 3, 9],
    ['q', 'struct b *', 6, 8],
  ]);
});
