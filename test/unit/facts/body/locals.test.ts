import { expect, test } from 'vitest';
import { assignments, describeBoth } from '../factsOf.ts';

describeBoth('names that a body declares', (factsOf) => {
  test('locals that an assignment needs come with their type and range', () => {
    const facts = factsOf(`void f(struct dev *dev)
{
	struct x_ops *ops = dev->ops, *unused;
	int n;

	if (n) {
		struct y_ops *ops = get();
		ops->y = y_fn;
	}
	ops->x = x_fn;
}`);
    expect(assignments(facts)).toEqual(['8 f: ops->y (y) = y_fn', '10 f: ops->x (x) = x_fn']);
    expect(facts.locals).toEqual([
      { function: 'f', name: 'ops', type: 'struct x_ops *', line: 3, endLine: 11 },
      { function: 'f', name: 'ops', type: 'struct y_ops *', line: 7, endLine: 9 },
    ]);
  });
});
