import { describe, expect, test } from 'vitest';
import { registrationsOf, tablesOf } from '../../../../server/src/index/link/link.ts';
import { namesOf } from '../../../../server/src/index/link/names.ts';
import { NameFlag, NameKind } from '../../../../server/src/index/store/postings.ts';
import { factsOf } from '../../facts/factsOf.ts';
import { memoryTypes } from '../memoryTypes.ts';

const HEADER = `struct inode;
typedef int (*initcall_t)(void);
typedef int filldir_t(void *);
struct inner_ops {
	int (*start)(void);
	int (*stop)(void);
};
struct x_ops {
	const char *name;
	int (*open)(struct inode *);
	struct inner_ops inner;
	union {
		int (*old_way)(void);
		int (*new_way)(void);
	};
	const struct inner_ops *ops;
	filldir_t *fill;
	unsigned long data;
	int count;
	int (*list[4])(void);
};
struct dev {
	struct x_ops ops;
	const struct x_ops *xops;
};
`;

/** Registrations of a text, as `owner.member: variable path = target`. */
function registrations(text: string): string[] {
  const header = factsOf(HEADER, { path: 'include/linux/x.h' });
  const facts = factsOf(text, { path: 'drivers/x/x.c' });
  return registrationsOf(facts, memoryTypes([header, facts])).map(
    (r) =>
      `${r.owner}.${r.member}: ${r.variable} ${r.path || '-'} = ${r.target}${r.kind === 'init' ? '' : ` (${r.kind})`}${r.evidence === 'typed' ? '' : ` by ${r.evidence}`}`,
  );
}

describe('the slot of a registration', () => {
  test.each([
    ['a member', 'struct x_ops t = { .open = f };', ['x_ops.open: t open = f']],
    [
      'a member of a member',
      'struct x_ops t = { .inner = { .stop = f }, .inner.start = g };',
      ['inner_ops.stop: t inner.stop = f', 'inner_ops.start: t inner.start = g'],
    ],
    ['a position', 'struct x_ops t = { "n", f };', ['x_ops.open: t open = f']],
    [
      'positions of a nested record with braces',
      'struct x_ops t = { "n", f, { g, h } };',
      ['x_ops.open: t open = f', 'inner_ops.start: t inner.start = g', 'inner_ops.stop: t inner.stop = h'],
    ],
    ['a member of an unnamed union', 'struct x_ops t = { .new_way = f };', ['x_ops.new_way: t new_way = f']],
    ['a function typedef', 'struct x_ops t = { .fill = f };', ['x_ops.fill: t fill = f']],
    [
      'an array of tables',
      'struct x_ops t[] = { [2] = { .open = f }, { .open = g } };',
      ['x_ops.open: t [2].open = f', 'x_ops.open: t [3].open = g'],
    ],
    [
      'an array in a table',
      'struct x_ops t = { .list = { [1] = f, g } };',
      ['x_ops.list: t list[1] = f', 'x_ops.list: t list[2] = g'],
    ],
    [
      'bare function pointers',
      'static initcall_t t[] = { f, g }; static int (*one)(void) = h;',
      ['.: t [0] = f', '.: t [1] = g', '.: one - = h'],
    ],
    ['a table in a pointer', 'struct x_ops t = { .ops = &my_inner };', ['x_ops.ops: t ops = my_inner (install)']],
    ['an address in a number', 'struct x_ops t = { .data = (unsigned long)f };', ['x_ops.data: t data = f']],
    ['a number is no slot', 'struct x_ops t = { .name = f_name };', ['x_ops.name: t name = f_name']],
    [
      'a compound literal',
      'struct x_ops t = { .ops = &(struct inner_ops){ .start = f } };',
      ['inner_ops.start: t ops->start = f'],
    ],
    ['an unknown struct', 'struct unknown t = { .open = f };', ['.open: t open = f by name']],
  ])('%s', (_, text, expected) => {
    expect(registrations(text)).toEqual(expected);
  });

  test('assignments, by the type of the receiver', () => {
    expect(
      registrations(`void set(struct dev *dev, struct unknown *u)
{
	dev->ops.open = f;
	dev->xops->inner.start = g;
	dev->xops = &table;
	dev->ops.list[2] = h;
	u->open = k;
}`).sort(),
    ).toEqual(
      [
        'x_ops.list: dev->ops.list[] - = h (assign)',
        '.open: u->open - = k (assign) by name',
        'dev.xops: dev->xops - = table (install)',
        'inner_ops.start: dev->xops->inner.start - = g (assign)',
        'x_ops.open: dev->ops.open - = f (assign)',
      ].sort(),
    );
  });

  test('a table assigned as a whole', () => {
    expect(
      registrations('void set(struct x_ops *ops)\n{\n\t*ops = (struct x_ops){ .open = f, .inner.stop = g };\n}'),
    ).toEqual(['x_ops.open: *ops open = f (assign)', 'inner_ops.stop: *ops inner.stop = g (assign)']);
  });
});

test('tables are variables of a record with functions in them', () => {
  const header = factsOf(HEADER, { path: 'include/linux/x.h' });
  const facts = factsOf(
    'struct x_ops a = { .open = f, .new_way = g };\nstruct x_ops b[2] = { { .open = f } };\nstruct x_ops c;\ninitcall_t d[] = { f };',
    { path: 'drivers/x/x.c' },
  );
  const types = memoryTypes([header, facts]);
  expect(
    tablesOf(facts, registrationsOf(facts, types), types).map((t) => `${t.tag} ${t.variable}:${t.line} ${t.slots}`),
  ).toEqual(['x_ops a:1 2', 'x_ops b:2 1']);
});

test('names, with what they are', () => {
  const facts = factsOf(`#define do_it(x) x
static int f(void) { static struct s l = { .a = g }; return 0; }
int g(void);
struct s { int (*a)(void); };
union u { int b; };
typedef int t;
enum { E };
static struct s v = { .a = f };
#ifdef X
int w;
#endif
`);
  const { Static, Conditional, Union, Local, Function: Fn, Table } = NameFlag;
  expect(namesOf(facts).map((n) => [n.name, n.kind, n.flags])).toEqual([
    ['f', NameKind.Function, Static],
    ['g', NameKind.Declaration, Fn],
    ['s', NameKind.Record, 0],
    ['u', NameKind.Record, Union],
    ['t', NameKind.Typedef, 0],
    ['E', NameKind.Enumerator, 0],
    ['l', NameKind.Variable, Static | Local | Table],
    ['v', NameKind.Variable, Static | Table],
    ['w', NameKind.Variable, Conditional],
    ['do_it', NameKind.Macro, Fn],
  ]);
});
