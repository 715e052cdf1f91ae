import { expect, test } from 'vitest';
import { originOf } from '../../../../server/src/resolve/dispatch/receiverOrigin.ts';
import { siteFile } from '../../../../server/src/resolve/dispatch/targets.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const HEAD = `
struct ops { int (*f)(int n); };
struct dev { const struct ops *ops; struct ops own; };
static const struct ops a_ops = { .f = 0 };
static const struct ops *chosen = &a_ops;
`;

/** Where the table of the last dispatch comes from. */
async function origin(code: string, text = code) {
  const world = await memoryIndex({ 'fs/a.c': HEAD + code });
  const facts = world.index.facts('fs/a.c');
  const site = facts?.sites.at(-1);
  if (!facts || !site) throw new Error('no site');
  const now = await memoryIndex({ 'fs/a.c': HEAD + text });
  const found = originOf(
    siteFile(world, facts, () => now.view('fs/a.c')),
    site,
  );
  return (
    found && {
      tables: [...found.tables.values()].map((t) => t.name),
      members: found.members.map((m) => `${m.owner}.${m.member}`),
      open: found.open,
    }
  );
}

test('a table by its name, a member, a part of an object', async () => {
  expect(await origin('int g(void) { return a_ops.f(1); }')).toEqual({ tables: ['a_ops'], members: [], open: false });
  expect(await origin('int g(struct dev *d) { return d->ops->f(1); }')).toEqual({
    tables: [],
    members: ['dev.ops'],
    open: false,
  });
  expect(await origin('int g(struct dev *d) { return d->own.f(1); }')).toBeNull();
});

test('a local is followed to what it is given, a static of the file to all of the file', async () => {
  expect(await origin('int g(struct dev *d) { const struct ops *o = d->ops; return o->f(1); }')).toEqual({
    tables: [],
    members: ['dev.ops'],
    open: false,
  });
  expect(await origin('int g(void) { return chosen->f(1); }')).toEqual({
    tables: ['a_ops'],
    members: [],
    open: false,
  });
  expect(await origin('int g(const struct ops *o) { return o->f(1); }')).toBeNull();
});

test('a text that is not that of the facts tells nothing for sure', async () => {
  const code = 'int g(void) { const struct ops *o = &a_ops; return o->f(1); }';
  expect(await origin(code)).toMatchObject({ open: false });
  expect(await origin(code, `/* typed */ ${code}`)).toBeNull();
});
