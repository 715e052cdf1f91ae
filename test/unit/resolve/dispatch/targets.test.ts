import { beforeAll, describe, expect, test } from 'vitest';
import { groupText } from '../../../../server/src/resolve/dispatch/narrow.ts';
import { slotOf, targetsAt } from '../../../../server/src/resolve/dispatch/targets.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/x.h
struct x;
struct x_ops {
	int (*go)(struct x *x);
	int (*stop)(struct x *x, int how);
	struct { int (*deep)(struct x *x); } sub;
};
struct x { const struct x_ops *ops; const struct x_ops *many[4]; struct x_ops own; };
#define READ_ONCE(v) (*(const volatile typeof(v) *)&(v))
#define show(v) printk("%p", v)
#define pick_any(v) do { v = find_ops(); } while (0)
#define pick_by(v) pick_any(v)
#define x_call(x, f, ...) ((x)->ops->f ? (x)->ops->f(__VA_ARGS__) : 0)
#define ops_call(o, f, ...) ((o)->f ? (o)->f(__VA_ARGS__) : 0)
int printk(const char *text, ...);
const struct x_ops *find_ops(void);
int take(const struct x_ops *ops);
int take_place(const struct x_ops **ops);
extern const struct x_ops shared_ops;
//@ drivers/shared.c
#include <linux/x.h>
static int shared_go(struct x *x) { return 0; }
const struct x_ops shared_ops = { .go = shared_go };
//@ drivers/other.c
#include <linux/x.h>
static int b_go(struct x *x) { return 9; }
static const struct x_ops b_ops = { .go = b_go };
void other_init(struct x *x) { x->ops = &b_ops; }
//@ drivers/own.c
#include <linux/x.h>
static int a_go(struct x *x) { return 1; }
static int a_deep(struct x *x) { return 1; }
static int b_go(struct x *x) { return 2; }
static int late_go(struct x *x) { return 3; }
static int list_go(struct x *x) { return 4; }
static int part_go(struct x *x) { return 5; }
static const struct x_ops a_ops = { .go = a_go, .sub = { .deep = a_deep } };
static const struct x_ops b_ops = { .go = b_go };
static struct x_ops late_ops = { .stop = 0 };
static const struct x_ops list_ops[] = { { .go = list_go }, { .go = a_go } };
static struct x whole = { .own = { .go = part_go } };
struct x_ops open_ops = { .go = a_go };
static struct x_ops copied_ops = { .go = a_go };
void late_init(void) { late_ops.go = late_go; copied_ops = list_ops[0]; }

int one(struct x *x)
{
	const struct x_ops *ops = &a_ops;
	return ops->go(x);
	//          ^one
}
int choice(struct x *x, int n)
{
	const struct x_ops *ops = NULL;
	if (n > 3)
		ops = n > 5 ? &a_ops : &b_ops;
	if (!ops)
		return take(ops);
	show(ops);
	return ops->go(x);
	//          ^choice
}
int element(struct x *x, int n)
{
	const struct x_ops *ops;
	for (ops = list_ops; ops < list_ops + 2; ops++)
		if (ops->go(x))
		//       ^array
			return 1;
	ops = &list_ops[n];
	return ops->sub.deep ? ops->go(x) : 0;
	//                          ^element
}
int elsewhere(struct x *x)
{
	const struct x_ops *ops, *old = &shared_ops;
	ops = old;
	return ops->go(x);
	//          ^elsewhere
}
int inside(struct x *x)
{
	const struct x_ops *ops = &a_ops;
	return ops->sub.deep(x);
	//              ^inside
}
int late(struct x *x)
{
	struct x_ops *ops = &late_ops;
	return ops->go(x);
	//          ^late
}
int part(struct x *x)
{
	struct x_ops *ops = &whole.own;
	return ops->go(x);
	//          ^part
}
int by_macro(struct x *x)
{
	const struct x_ops *ops = &b_ops;
	return ops_call(ops, go, x);
	//                   ^by-macro
}
int in_function(struct x *x)
{
	static const struct x_ops ops_here = { .go = late_go };
	const struct x_ops *ops = &ops_here;
	return ops->go(x);
	//          ^in-function
}

int parameter(struct x *x, const struct x_ops *ops)
{
	ops = &a_ops;
	return ops->go(x);
	//          ^parameter
}
int unknown(struct x *x, int n)
{
	const struct x_ops *ops = &a_ops;
	if (n)
		ops = find_ops();
	return ops->go(x);
	//          ^unknown
}
int address(struct x *x)
{
	const struct x_ops *ops = &a_ops;
	take_place(&ops);
	return ops->go(x);
	//          ^address
}
int macro_writes(struct x *x)
{
	const struct x_ops *ops = &a_ops;
	pick_by(ops);
	return ops->go(x);
	//          ^macro-writes
}
int unknown_macro(struct x *x)
{
	const struct x_ops *ops = &a_ops;
	SOMEBODY_ELSES(ops);
	return ops->go(x);
	//          ^unknown-macro
}
int arms(struct x *x)
{
	const struct x_ops *ops =
#ifdef CONFIG_A
		&a_ops;
#else
		find_ops();
#endif
	return ops->go(x);
	//          ^arms
}
int may_be_copied(struct x *x)
{
	const struct x_ops *ops = &copied_ops;
	return ops->go(x);
	//          ^copied
}
int may_be_overwritten(struct x *x)
{
	const struct x_ops *ops = &open_ops;
	return ops->go(x);
	//          ^open
}
int open_named(struct x *x) { return open_ops.go(x); }
//                                            ^open-named
int named(struct x *x) { return a_ops.go(x) + late_ops.go(x); }
//                                    ^named
//                                                     ^named-late

//@ drivers/static.c
#include <linux/x.h>
static int s_go(struct x *x) { return 1; }
static int t_go(struct x *x) { return 2; }
static const struct x_ops s_ops = { .go = s_go };
static const struct x_ops t_ops = { .go = t_go };
static const struct x_ops *cur;
static const struct x_ops *set_by_others = &s_ops;
const struct x_ops *visible = &s_ops;
const struct x_ops *const fixed = &t_ops;
void choose(int n) { cur = n ? &s_ops : &t_ops; }
void set(const struct x_ops *ops) { set_by_others = ops; }
int calls(struct x *x)
{
	const struct x_ops *mine = READ_ONCE(cur);
	cur->go(x);
	//   ^static
	mine->go(x);
	//    ^copy-of-static
	set_by_others->go(x);
	//             ^static-open
	fixed->go(x);
	//     ^const
	return visible->go(x);
	//              ^global
}

//@ fs/member.c
#include <linux/x.h>
static int m_go(struct x *x) { return 1; }
static int n_go(struct x *x) { return 1; }
static const struct x_ops m_ops = { .go = m_go };
static struct x n = { .ops = &(struct x_ops){ .go = n_go } };
void m_init(struct x *x) { x->ops = &m_ops; }
int through(struct x *x)
{
	const struct x_ops *ops = READ_ONCE(x->ops);
	ops->go(x);
	//   ^copy
	x_call(x, go, x);
	//        ^member-macro
	return x->ops->go(x);
	//             ^member
}
int fallback(struct x *x)
{
	const struct x_ops *ops = x->ops;
	if (!ops)
		ops = &shared_ops;
	return ops->go(x);
	//          ^fallback
}
int mixed(struct x *x)
{
	const struct x_ops *ops = x->ops;
	if (!ops)
		ops = find_ops();
	return ops->go(x);
	//          ^mixed
}
int never(struct x *x) { return x->many[1]->go(x) + x->own.go(x); }
//                                          ^no-install
//                                                         ^embedded
//@ drivers/few.c
#include <linux/x.h>
#define FEW(n) static int few_##n(struct x *x, int how) { return n; } static const struct x_ops fops_##n = { .stop = few_##n };
FEW(1) FEW(2) FEW(3) FEW(4) FEW(5) FEW(6)
struct other { const struct x_ops *few; };
void few_init(struct other *o) { o->few = &fops_6; }
int few(struct other *o, struct x *x) { return o->few->stop(x, 1); }
//                                                     ^few
//@ lib/signature.c
#include <linux/x.h>
struct cat { int age; };
struct dog { int age; };
struct cat_ops { int (*pet)(struct cat *c, int n); int (*feed)(struct cat *c); };
struct dog_ops { int (*pet)(struct dog *d, int n); int (*feed)(void *any); };
struct all_ops { int (*pet)(const char *text, ...); int (*feed)(void); };
static int pet_cat(struct cat *c, int n) { return 0; }
static int feed_cat(struct cat *c) { return 0; }
static int pet_dog(struct dog *d, int n) { return 0; }
static int feed_any(void *any) { return 0; }
static int pet_all(const char *text, ...) { return 0; }
static int feed_all(void) { return 0; }
static const struct cat_ops cats = { .pet = pet_cat, .feed = feed_cat };
static const struct dog_ops dogs = { .pet = pet_dog, .feed = feed_any };
static const struct all_ops alls = { .pet = pet_all, .feed = feed_all };
void odd(struct cat *c, struct dog *d, int n)
{
	mystery->pet(c, n);
	//       ^pet-cat
	mystery->pet(c == 0, n);
	//       ^pet-computed
	mystery->pet(sizeof(c), n);
	//       ^pet-macro
	mystery->pet("%d %d", n, n);
	//       ^pet-more
	mystery->feed(d);
	//       ^feed-dog
	mystery->feed();
	//       ^feed-nobody
	mystery->feed(c, d);
	//       ^feed-none
	READ_ONCE(cats)->feed(d);
	//               ^seen-through
}
`);
});

const request = (mark: string) => {
  const { file, line, column } = tree.at(mark);
  const facts = tree.index.facts(file);
  if (!facts) throw new Error(file);
  const sites = targetsAt({ index: tree.index, architecture: 'x86' }, facts, line, column);
  if (sites.length !== 1) throw new Error(`${sites.length} sites at ${mark}`);
  return sites[0];
};
const names = (mark: string) => request(mark).targets.map((t) => t.definition.name);
/** The functions of a narrowed dispatch; null where it isn't. */
const only = (mark: string) => (request(mark).narrowed ? names(mark).sort() : null);
/** The first group and why it is one; null without groups. */
const first = (mark: string) => {
  const { group, targets } = request(mark);
  return group && [groupText(group), ...targets.slice(0, group.count).map((t) => t.definition.name)];
};

describe('a local pointer that only holds named tables', () => {
  test.each([
    ['one', ['a_go']],
    ['choice', ['a_go', 'b_go']],
    ['array', ['a_go', 'list_go']],
    ['element', ['a_go', 'list_go']],
    ['elsewhere', ['shared_go']],
    ['inside', ['a_deep']],
    ['late', ['late_go']],
    ['part', ['part_go']],
    ['by-macro', ['b_go']],
    ['in-function', ['late_go']],
  ])('%s', (mark, functions) => expect(only(mark)).toEqual(functions));

  test('it says which, and its namesake of another file is none of them', () => {
    const { narrowed, targets } = request('choice');
    expect(narrowed).toBe('ops can only be a_ops or b_ops');
    expect(targets.map((t) => t.definition.file)).toEqual(['drivers/own.c', 'drivers/own.c']);
    expect(targets.map((t) => t.registrations.map((r) => r.variable))).toEqual([['a_ops'], ['b_ops']]);
  });

  test.each(['parameter', 'unknown', 'address', 'macro-writes', 'unknown-macro', 'arms', 'copied', 'open'])(
    'but not: %s',
    (mark) => {
      expect(request(mark)).toMatchObject({ narrowed: null, group: null });
      expect(names(mark)).toContain('shared_go');
    },
  );
});

test('a table that is named; others may be copied over one that everybody can write to', () => {
  expect(only('named')).toEqual(['a_go']);
  expect(only('named-late')).toEqual(['late_go']);
  expect(only('open-named')).toBeNull();
  expect(first('open-named')).toEqual(['in open_ops', 'a_go']);
});

test('a pointer of the file itself', () => {
  expect(only('static')).toEqual(['s_go', 't_go']);
  expect(only('copy-of-static')).toEqual(['s_go', 't_go']);
  expect(only('const')).toEqual(['t_go']);
  expect(only('static-open')).toBeNull();
  expect(only('global')).toBeNull();
});

describe('the member that the table comes out of', () => {
  test('what is put there comes first, with what puts it there', () => {
    const { group, targets, narrowed } = request('member');
    expect(narrowed).toBeNull();
    expect(group).toMatchObject({ slot: 'x.ops', named: [] });
    expect(first('member')).toEqual(['put into x.ops', 'm_go', 'n_go', 'b_go']);
    expect(targets[0].into.map((r) => r.function)).toEqual(['m_init']);
    expect(targets.slice(3).every((t) => t.into.length === 0)).toBe(true);
    // the b_ops of another file is not put there
    expect(targets.filter((t) => t.definition.name === 'b_go').map((t) => t.into.length)).toEqual([1, 0]);
  });

  test('a local that copies it, a macro that reads it', () => {
    for (const mark of ['copy', 'member-macro']) expect(first(mark)).toEqual(first('member'));
  });

  test('a named table beside it', () => {
    expect(first('fallback')).toEqual(['put into x.ops, or in shared_ops', 'm_go', 'n_go', 'b_go', 'shared_go']);
  });

  test('nothing is told where the pointer may come from elsewhere, or nothing is known to be put there', () => {
    for (const mark of ['mixed', 'no-install', 'embedded'])
      expect(request(mark)).toMatchObject({ group: null, narrowed: null });
  });
});

test('a member that one of many is put into tells nothing of the others', () => {
  expect(request('few')).toMatchObject({ group: null, narrowed: null });
  expect(
    request('few')
      .targets.filter((t) => t.into.length)
      .map((t) => t.definition.name),
  ).toEqual(['few_6']);
});

describe('by signature, where the struct is not known', () => {
  const fitting = (mark: string) => request(mark).targets.map((t) => `${t.definition.name} ${t.evidence}`);

  test('the number of arguments and what they point to', () => {
    expect(fitting('pet-cat')).toEqual(['pet_cat signature']);
    expect(request('pet-cat')).toMatchObject({
      member: 'pet',
      narrowed: 'by signature: 1 of 3 structs with a member pet fits 2 arguments',
    });
    expect(fitting('pet-more')).toEqual(['pet_all signature']);
    expect(fitting('feed-dog')).toEqual(['feed_any signature']);
    expect(fitting('feed-nobody')).toEqual(['feed_all signature']);
  });

  test('what an expression or a macro makes of a pointer is no pointer', () => {
    for (const mark of ['pet-computed', 'pet-macro'])
      expect(fitting(mark)).toEqual(['pet_all signature', 'pet_cat signature', 'pet_dog signature']);
  });

  test('nothing fits, nothing is claimed', () => {
    expect(request('feed-none')).toMatchObject({ owner: '', member: 'feed', narrowed: null, targets: [] });
  });

  test('a macro that is seen through tells the struct', () => {
    expect(slotOf(request('seen-through'))).toBe('cat_ops.feed');
    expect(fitting('seen-through')).toEqual(['feed_cat typed']);
  });
});
