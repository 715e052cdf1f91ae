import { expect, test } from 'vitest';
import { describeBoth, tables } from '../factsOf.ts';

describeBoth('tables inside functions', (factsOf) => {
  test('an automatic object with callbacks in it', () => {
    const facts = factsOf(`int my_readdir(struct file *file)
{
	struct my_ctx ctx = {
		.ctx.actor = my_filldir,
		.count = 3,
	};
	struct rmap_walk_control rwc = { .rmap_one = my_one, .done = my_done };
	int plain[3] = { 1, 2, 3 };
	return iterate(file, &ctx.ctx);
}`);
    expect(tables(facts)).toEqual([
      'struct my_ctx ctx: .ctx.actor = my_filldir',
      'struct rmap_walk_control rwc: .rmap_one = my_one; .done = my_done',
    ]);
    expect(facts.variables.map((v) => v.static)).toEqual([false, false]);
  });

  test('a record declared in a body', () => {
    const facts = factsOf(`int f(void)
{
	static const struct {
		const char *name;
		int (*run)(void);
	} jobs[] = { { "a", run_a }, { "b", run_b } };
	return jobs[0].run();
}`);
    expect(tables(facts)).toEqual(['const struct @0[] jobs: {0}{1} = run_a; {1}{1} = run_b']);
    expect(facts.records[0].fields.map((f) => f.name)).toEqual(['name', 'run']);
  });

  test('a macro whose own macro is the initialiser', () => {
    const facts = factsOf(
      `int f(void)
{
	static DECLARE_WORK(made, made_fn);
	static struct work_struct own = __WORK_INITIALIZER(own, own_fn);
}`,
      {
        headers: {
          'include/linux/workqueue.h':
            '#define __WORK_INITIALIZER(n, f) { .data = 0, .func = (f), }\n#define DECLARE_WORK(n, f) struct work_struct n = __WORK_INITIALIZER(n, f)\n',
        },
      },
    );
    expect(tables(facts)).toEqual([
      'struct work_struct made: .func = made_fn',
      'struct work_struct own: .func = own_fn',
    ]);
  });

  test('a macro that declares an object', () => {
    const facts = factsOf(
      `void f(void)
{
	static DECLARE_NB(my_nb, my_nb_fn);
	hotplug_memory_notifier(my_callback, 0);
	register_it(&my_nb);
}`,
      {
        headers: {
          'include/linux/notifier.h': '#define DECLARE_NB(n, f) struct notifier_block n = { .notifier_call = f }\n',
          'include/linux/memory.h':
            '#define hotplug_memory_notifier(fn, pri) ({ \\\n\tstatic struct notifier_block fn##_mem_nb = { .notifier_call = fn, .priority = pri }; \\\n\tregister_memory_notifier(&fn##_mem_nb); \\\n})\n',
        },
      },
    );
    expect(tables(facts)).toEqual([
      'struct notifier_block my_nb: .notifier_call = my_nb_fn',
      'struct notifier_block my_callback_mem_nb: .notifier_call = my_callback',
    ]);
    expect(facts.variables.map((v) => [v.line, v.function, v.static])).toEqual([
      [3, 'f', true],
      [4, 'f', true],
    ]);
  });

  test('a table built by a loop of #ifs inside a body', () => {
    const facts = factsOf(`void f(void)
{
	static struct x_ops ops = {
#ifdef CONFIG_A
		.open = a_open,
#else
		.open = b_open,
#endif
	};
}`);
    expect(tables(facts)).toEqual([
      'struct x_ops ops: .open = a_open if defined(CONFIG_A); .open = b_open if !defined(CONFIG_A)',
    ]);
  });

  test('an object that a macro declares for itself, with a function that its own text names', () => {
    const facts = factsOf(`#define DEFINE_NAP(name, fn) struct nap name = { .private = me, .func = fn }
#define nap_until(cond) ({ DEFINE_NAP(nap_, wake_nap); while (!(cond)) sleep_on(&nap_); 0; })
int f(int n)
{
	int err;
	err = nap_until(n > 1);
	return err;
}`);
    expect(tables(facts)).toEqual(['struct nap nap_: .private = me; .func = wake_nap']);
  });
});
