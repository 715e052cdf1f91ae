import { expect, test } from 'vitest';
import { assignments, describeBoth, factsOf, tables } from '../factsOf.ts';

describeBoth('registrations at run time', (factsOf) => {
  test('a function put into a member, through pointers and objects', () => {
    const facts = factsOf(`static void my_setup(struct net_device *dev, struct x *x)
{
	dev->netdev_ops = &my_netdev_ops;
	dev->ops.open = my_open;
	x->a.b->c = fn_c;
	x->list[2].fn = fn_list;
	(*x).fn = fn_star;
	x->hook = &fn_hook;
	get(x)->fn = fn_call;
}`);
    expect(assignments(facts)).toEqual([
      '3 my_setup: dev->netdev_ops (netdev_ops) = &my_netdev_ops',
      '4 my_setup: dev->ops.open (open) = my_open',
      '5 my_setup: x->a.b->c (c) = fn_c',
      '6 my_setup: x->list[].fn (fn) = fn_list',
      '7 my_setup: *x.fn (fn) = fn_star',
      '8 my_setup: x->hook (hook) = &fn_hook',
      '9 my_setup: get(x)->fn (fn) = fn_call',
    ]);
    expect(facts.assignments[0]).toMatchObject({ line: 3, column: 7, macro: false, condition: null, literalType: '' });
  });

  test('a whole table assigned as a compound literal', () => {
    const facts = factsOf(`void f(struct x_ops *ops, struct dev *d)
{
	*ops = (struct x_ops){ .open = my_open, .close = &my_close };
	d->ops = (struct x_ops){ .read = my_read };
	d->pops = &(struct x_ops){ .write = my_write };
}`);
    expect(assignments(facts).slice(0, 2)).toEqual([
      '3 f: *ops = (struct x_ops){.open = my_open; .close = &my_close}',
      '4 f: d->ops = (struct x_ops){.read = my_read}',
    ]);
  });

  test('chained assignments and a choice', () => {
    const facts = factsOf(`void f(struct x *a, struct x *b, int n)
{
	a->fn = b->fn = shared_fn;
	a->fn = n ? yes_fn : no_fn;
	a->fn = NULL;
	if (n)
		a->other = in_if;
	else
		a->other = in_else;
	while (n--)
		b->fn = in_loop;
	switch (n) {
	case 1:
		b->fn = in_case;
		break;
	default:
		b->fn = in_default;
	}
	list_for_each_entry(a, b, list)
		a->fn = in_each;
}`);
    expect(assignments(facts)).toEqual([
      '3 f: a->fn (fn) = shared_fn',
      '3 f: b->fn (fn) = shared_fn',
      '4 f: a->fn (fn) = yes_fn or no_fn',
      '7 f: a->other (other) = in_if',
      '9 f: a->other (other) = in_else',
      '11 f: b->fn (fn) = in_loop',
      '14 f: b->fn (fn) = in_case',
      '17 f: b->fn (fn) = in_default',
      '20 f: a->fn (fn) = in_each',
    ]);
  });

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

  test('elements of arrays and plain hooks of the file', () => {
    const facts = factsOf(`static int (*hook)(void);
static fn_t list[4];
void f(int i)
{
	hook = my_hook;
	list[i] = my_element;
	list[0] = NULL;
}`);
    expect(assignments(facts)).toEqual(['5 f: hook = my_hook', '6 f: list[] = my_element']);
  });

  test('what is no function is no registration', () => {
    const facts = factsOf(`void f(struct x *x, int n, struct inode *inode)
{
	int len, err;
	struct page *page;

	x->len = n;
	x->len = len + 3;
	x->err = err = compute(x);
	x->inode = inode;
	x->page = page;
	x->name = "text";
	x->count = 3;
	x->flags |= some_flags;
	x->size = sizeof(*x);
	x->next = x->prev;
	x->time = jiffies - 1;
	len = n;
	page = x->page;
	x->state = STATE_IDLE;
}`);
    expect(assignments(facts)).toEqual([]);
  });

  test('a macro that assigns', () => {
    const facts = factsOf(`#define INIT_WORK(w, f) do { (w)->data = 0; (w)->func = (f); } while (0)
void setup(struct dev *dev)
{
	dev->work.func = direct;
	dev->cb = wrap(wrapped_fn);
}`);
    expect(assignments(facts)).toEqual(['4 setup: dev->work.func (func) = direct']);
  });

  test('a value that an argument stands for is put there, one of the macro itself is not', () => {
    const facts = factsOf(`#define set_work(w, f) do { (w)->func = (f); (w)->done = finish_work; } while (0)
#define NAME(x) prefix_##x
#define own_gc NAME(gc)
void setup(struct dev *dev)
{
	set_work(&dev->work, own_gc);
}`);
    expect(assignments(facts)).toEqual(['6 setup: &dev->work->func (func) = prefix_gc']);
  });

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

  test('casts and designators with types in them', () => {
    const facts = factsOf(`void f(struct t *t)
{
	t->fn = (fn_t)my_fn;
	((struct u *)t)->ufn = u_fn;
	t->data = (unsigned long)my_data_fn;
}`);
    expect(assignments(facts)).toEqual([
      '3 f: t->fn (fn) = my_fn',
      '4 f: (struct u *)t->ufn (ufn) = u_fn',
      '5 f: t->data (data) = my_data_fn',
    ]);
  });
});

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
});

test('what macros put behind an argument: by a volatile cast, by way of a local of their own', () => {
  const { assignments: put } = factsOf(`#define RCU_INITIALIZER(v) (typeof(*(v)) __force __rcu *)(v)
#define WRITE_ONCE(x, val) do { *(volatile typeof(x) *)&(x) = (val); } while (0)
#define RCU_INIT_POINTER(p, v) do { WRITE_ONCE(p, RCU_INITIALIZER(v)); } while (0)
#define smp_store_release(p, v) do { WRITE_ONCE(*p, v); } while (0)
#define rcu_assign_pointer(p, v) do { \\
	uintptr_t _r = (uintptr_t)(v); \\
	if (__builtin_constant_p(v) && (_r) == 0) WRITE_ONCE((p), (typeof(p))(_r)); \\
	else smp_store_release(&p, RCU_INITIALIZER((typeof(*p) *)_r)); \\
} while (0)
int f(struct nf *help, int n)
{
	RCU_INIT_POINTER(help->helper, &h245);
	rcu_assign_pointer(help->hooks, &hooks);
	WRITE_ONCE(help->af_ops, &ipv6);
	WRITE_ONCE(help->count, n);
}
`);
  expect(put.map((a) => `${a.member} = ${a.values.map((v) => v.name)} @${a.line}:${a.column}`)).toEqual([
    'helper = h245 @12:25',
    'hooks = hooks @13:27',
    'af_ops = ipv6 @14:19',
  ]);
});
