import { expect, test } from 'vitest';
import { assignments, describeBoth } from '../factsOf.ts';

describeBoth('macros in statements', (factsOf) => {
  test('what macros make in vain is not made a thousand times, what they make is', () => {
    const uses = Array.from({ length: 9 }, (_, i) => `make(e${i}, cb${i})`).join('\n');
    const facts = factsOf(`#define in_vain(n, f) do { (n)->count = 1; note(f); } while (0)
#define set(n, f) do { (n)->func = f; } while (0)
#define make(n, f) void n##_setup(struct dev *dev) { in_vain(dev, f); set(dev, f); }
${uses}`);
    expect(facts.functions).toHaveLength(9);
    expect(assignments(facts)).toHaveLength(9);
  });

  test('a wrapper macro around the value', () => {
    const facts = factsOf(`#define pm_ptr(x) (x)
void setup(struct dev *dev)
{
	dev->pm = pm_ptr(&my_pm);
	rcu_assign_pointer(dev->handler, my_handler);
}`);
    expect(assignments(facts)[0]).toBe('4 setup: dev->pm (pm) = &my_pm');
  });
});
