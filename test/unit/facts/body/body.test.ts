import { expect, test } from 'vitest';
import { assignments, describeBoth } from '../factsOf.ts';

describeBoth('statements of a body', (factsOf) => {
  test('several in one statement, with commas between them', () => {
    const facts = factsOf(`
static int dev_add(struct sensor *s)
{
	int ret;
	s->dev.fops = &sensor_fops,
	ret = misc_register(&s->dev);
	s->open = sensor_open, s->close = pick(1, sensor_close) ? sensor_close : NULL;
	return ret;
}
`);
    expect(assignments(facts)).toEqual([
      '5 dev_add: s->dev.fops (fops) = &sensor_fops',
      '7 dev_add: s->open (open) = sensor_open',
      '7 dev_add: s->close (close) = sensor_close',
    ]);
  });

  test('under #if, with the condition', () => {
    const facts = factsOf(`void f(struct x *x)
{
#ifdef CONFIG_A
	x->fn = a_fn;
#else
	x->fn = b_fn;
#endif
#if 0
	x->fn = gone;
#endif
}`);
    expect(assignments(facts)).toEqual([
      '4 f: x->fn (fn) = a_fn if defined(CONFIG_A)',
      '6 f: x->fn (fn) = b_fn if !defined(CONFIG_A)',
    ]);
  });
});
