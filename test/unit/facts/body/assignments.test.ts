import { describe, expect, test } from 'vitest';
import { assignments, describeBoth, factsOf, show } from '../factsOf.ts';

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

  test('a list assigned to locals, to two at once, and by a macro that makes one', () => {
    const facts = factsOf(`#define WORK_INIT(f) (struct work){ .func = (f) }
#define WORK_INIT_HARD(f) WORK_INIT(f)
void f(struct dev *d)
{
	struct work one, two, walk;
	one = two = (struct work){ .func = my_work };
	walk = (struct work){ .func = my_walk };
	d->work = WORK_INIT_HARD(my_hard);
}`);
    expect(assignments(facts)).toEqual(
      expect.arrayContaining([
        '6 f: one = (struct work){.func = my_work}',
        '7 f: walk = (struct work){.func = my_walk}',
        '8 f: d->work = (struct work){.func = my_hard}',
      ]),
    );
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

describe('what a body puts into members', () => {
  const assigned = (body: string, head = '') =>
    factsOf(`${head}void f(struct a *p)\n{\n${body}\n}\n`).assignments.map(
      (a) =>
        `${show(a.target)} = ${a.values.map((v) => `${v.address ? '&' : ''}${v.name}${v.member && `.${v.member}`}`).join()}${a.macro ? ' macro' : ''}`,
    );

  test("a static local's address, a part of an object, an address with a name in capitals", () => {
    const head = '#define THIS_MODULE (&__this_module)\n';
    expect(assigned('  static const struct ops o = { .x = g };\n  p->ops = &o;')).toEqual(['p->ops = &o']);
    expect(assigned('  p->class = &raid.class;')).toEqual(['p->class = &raid.class']);
    expect(assigned('  p->owner = THIS_MODULE;', head)).toEqual(['p->owner = &__this_module']);
    expect(assigned('  p->flags = SOME_FLAG;', '#define SOME_FLAG (1 << 3)\n')).toEqual([]);
  });
});

test('what a module puts its own object into, in a module', () => {
  const facts = factsOf('void f(struct cdev *p, int n)\n{\n\tp->owner = THIS_MODULE;\n\tp->count = n;\n}\n', {
    headers: {
      'include/linux/export.h':
        '#ifdef MODULE\n#define THIS_MODULE (&__this_module)\n#else\n#define THIS_MODULE ((struct module *)0)\n#endif\n',
    },
  });
  expect(facts.assignments.map((a) => [a.member, a.values.map((v) => [v.name, v.address, v.condition])])).toEqual([
    ['owner', [['__this_module', true, 'defined(MODULE)']]],
  ]);
});
