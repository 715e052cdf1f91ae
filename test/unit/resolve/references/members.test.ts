import { beforeAll, expect, test } from 'vitest';
import { type MemoryWorld, memoryIndex } from '../../support/memoryIndex.ts';
import { placesOfUses, soughtIn, usesNamed, usesOf } from '../../support/uses.ts';

let world: MemoryWorld;

beforeAll(async () => {
  world = await memoryIndex({
    'include/linux/page.h': `struct list { struct list *next; };
struct sheet {
	int flags;
	struct list link;
};
struct other { int flags; struct list link; };
#define of_list(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))
#define each_sheet(pos, head, member) for (pos = 0; pos; pos = pos->member.next)
#define sheet_flags(s) ((s)->flags)
`,
    'mm/sheet.c': `#include <linux/page.h>
static struct sheet first = { .flags = 1 };
int sheet_use(struct sheet *s, struct other *o, struct list *l)
{
	struct sheet *t = of_list(l, struct sheet, link);
	struct other *u = of_list(l, struct other, link);

	each_sheet(t, l, link)
		t->flags |= o->flags;
	u->flags = unknown(l)->flags;
	return s->flags + first.flags;
}
`,
  });
});

const FLAGS = [
  'include/linux/page.h:3:6 declaration',
  'mm/sheet.c:2:32',
  'mm/sheet.c:9:6',
  'mm/sheet.c:11:12',
  'mm/sheet.c:11:26',
];

test('a member is told from that of another struct by the type of its object; what no type tells comes last', () => {
  const all = placesOfUses(usesOf(world, soughtIn(world, 'mm/sheet.c', 's->flags', 3)));
  expect(all.slice(0, 5).sort()).toEqual([...FLAGS].sort());
  expect(all.slice(5).sort()).toEqual(['include/linux/page.h:9:30 possible', 'mm/sheet.c:10:25 possible']);
  expect(usesNamed(world, 'sheet.flags').sort()).toEqual([...all].sort());
});

test('macros are told members by name: the struct stands beside it, or an object of it', () => {
  const all = placesOfUses(usesOf(world, soughtIn(world, 'include/linux/page.h', 'struct list link', 12)));
  expect(all).toEqual(['include/linux/page.h:4:14 declaration', 'mm/sheet.c:5:45', 'mm/sheet.c:8:19']);
});
