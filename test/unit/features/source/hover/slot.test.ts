import { expect, test } from 'vitest';
import { hoverPointer, hoverSlot } from '../../../../../server/src/features/source/hover/slot.ts';
import { entityAt } from '../../../../../server/src/resolve/cursor/cursor.ts';
import { memoryIndex, requestIn } from '../../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/o.h': `
struct ops { int (*open)(int n); int unused; };
struct dev { const struct ops *ops; };
struct work { int (*func)(int n); };
`,
  'fs/a.c': `#include <linux/o.h>
static int a_open(int n) { return n; }
static const struct ops a_ops = { .open = a_open };
static int b_open(int n) { return n; }
static const struct ops b_ops = { .open = b_open };
void b(struct dev *d) { d->ops = &b_ops; }
int any(struct dev *d) { if (!d->ops->open) return -1; return d->ops->open(1) + d->ops->unused; }
int one(void) { return a_ops.open(1); }
static int job(int n) { return n; }
void later(struct work *w, int (*fn)(int n)) { w->func = fn; }
void asks(struct work *w) { later(w, job); w->func(1); }
int taken(struct dev *d)
{
	int (*open)(int n) = d->ops->open;
	return open(2);
}
int each(int (*visit)(int n)) { return visit(1); }
int visits(void) { return each(job); }
`,
});
const hover = (text: string, name: string) => {
  const { line, column } = world.at('fs/a.c', text);
  const request = requestIn(world, 'fs/a.c');
  const entity = entityAt(world, request.file, line, column + text.lastIndexOf(name));
  if (entity?.kind === 'local') return hoverPointer(request, entity)?.replace(/\]\([^)]*\)/g, ']') ?? null;
  return entity?.kind === 'slot' ? hoverSlot(request, entity)?.replace(/\]\([^)]*\)/g, ']') : entity?.kind;
};

test('a local that is taken out of a member is told as the member is; a parameter, by what it is handed', () => {
  const text = hover('return open(2)', 'open');
  expect(text).toContain('**ops.open**');
  expect(text).toContain('**2 functions** · 1 put into dev.ops, the others not seen put there');
  expect(hover('return visit(1)', 'visit')).toContain('| [`job`] | by [`visits`] |');
  expect(hover('int taken(struct dev *d)', 'd')).toBeNull();
});

test('a dispatch: what may run, what is surest first, and what is done without one', () => {
  const text = hover('return d->ops->open(', 'open');
  expect(text).toContain('**2 functions** · 1 put into dev.ops, the others not seen put there');
  expect(text).toContain('| [`b_open`] | [`b_ops`] · [`b`] | [fs/a.c] |');
  expect(text).toContain('Without one: `return -1` · [`any`]');
  expect(text).toContain('**Called** in 3 places');
});

test('a table that is named leaves the others out, and says so', () => {
  const text = hover('a_ops.open', 'open');
  expect(text).toContain('**1 function** · of 2 here: the table itself is named: a\\_ops');
  expect(text).not.toContain('b_open');
});

test('what other code puts there stands beside who hands it over', () => {
  expect(hover('w->func(', 'func')).toContain('| [`job`] | by [`asks`] |');
});

test('a plain member is told by its type', () => {
  expect(hover('d->ops->unused', 'unused')).toContain('int unused;');
});
