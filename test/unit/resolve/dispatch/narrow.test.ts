import { expect, test } from 'vitest';
import { groupText } from '../../../../server/src/resolve/dispatch/narrow.ts';
import { targetsAt } from '../../../../server/src/resolve/dispatch/targets.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const HEAD = `
struct ops { int (*f)(int n); };
struct dev { const struct ops *ops; struct ops own; };
static int a_f(int n) { return 1; }
static int b_f(int n) { return 2; }
static int c_f(int n) { return 3; }
static const struct ops a_ops = { .f = a_f };
static const struct ops b_ops = { .f = b_f };
static struct ops c_ops = { .f = c_f };
void put(struct dev *d) { d->ops = &b_ops; }
void patch(struct ops *o) { o->f = c_f; }
`;

/** What the last call of `->f` or `.f` in a function may get to. */
async function narrowed(code: string) {
  const world = await memoryIndex({ 'fs/a.c': `${HEAD}${code}` });
  const facts = world.index.facts('fs/a.c');
  const site = facts?.sites.at(-1);
  if (!facts || !site) throw new Error('no site');
  const [found] = targetsAt(world, facts, site.line, site.column, () => world.view('fs/a.c'));
  return {
    names: found.targets.map((t) => t.definition.name),
    why: found.narrowed,
    group: found.group && `${groupText(found.group)}: ${found.group.count}, others ${found.group.others}`,
  };
}

test('a constant table that is named holds all there is', async () => {
  expect(await narrowed('int g(void) { return a_ops.f(1); }')).toEqual({
    names: ['a_f'],
    why: 'the table itself is named: a_ops',
    group: null,
  });
});

test('a pointer that only ever holds named tables', async () => {
  const code = 'int g(int n) { const struct ops *o = &a_ops; if (n) o = &b_ops; return o->f(1); }';
  expect(await narrowed(code)).toEqual({ names: ['a_f', 'b_f'], why: 'o can only be a_ops or b_ops', group: null });
});

test('out of a pointer member, what is seen put there comes first', async () => {
  expect(await narrowed('int g(struct dev *d) { return d->ops->f(1); }')).toEqual({
    names: ['b_f', 'c_f', 'a_f'],
    why: null,
    group: 'put into dev.ops: 1, others not seen put there',
  });
});

test('a table that can be written to holds what some code puts into any', async () => {
  const found = await narrowed('int g(void) { return c_ops.f(1); }');
  expect(found.names).toEqual(['c_f']);
});

test('a parameter may hold anything', async () => {
  const found = await narrowed('int g(const struct ops *o) { return o->f(1); }');
  expect(found).toMatchObject({ why: null, group: null });
  expect(found.names.sort()).toEqual(['a_f', 'b_f', 'c_f']);
});
