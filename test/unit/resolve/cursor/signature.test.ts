import { expect, test } from 'vitest';
import { argumentsOf, fitsFunction, fitsSlot } from '../../../../server/src/resolve/cursor/signature.ts';
import { functionFrom } from '../../../../server/src/resolve/names/scope.ts';
import { worldOf } from '../../../../server/src/resolve/world.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'fs/a.c': `
struct cat { int n; };
struct dog { int n; };
struct cat_ops { int (*feed)(struct cat *c, int amount); };
struct dog_ops { int (*feed)(struct dog *d, int amount); };
struct any_ops { int (*feed)(struct cat *c, ...); };
int feed_cat(struct cat *c, int amount) { return 0; }
int g(void *p, struct cat *c) { return whose(p)->feed(c, c->n) + whose(p)->feed(c) + whose(p)->feed(sizeof(c), 1); }
`,
});
const view = world.view('fs/a.c');
const { facts } = view;
if (!facts) throw new Error('no facts');
const file = worldOf(world, facts);

test.each([
  [0, ['any_ops', 'cat_ops'], true],
  [1, ['any_ops'], false],
  // what a macro makes of it may be anything
  [2, ['any_ops', 'cat_ops', 'dog_ops'], true],
] as const)('call %i fits %j', (n, owners, own) => {
  const site = facts.sites[n];
  const args = argumentsOf(file, facts, site, view);
  if (!args) throw new Error('no arguments');
  const all = ['any_ops', 'cat_ops', 'dog_ops', 'no_ops'];
  expect(all.filter((owner) => fitsSlot(file, owner, 'feed', args, 'fs/a.c'))).toEqual(owners);
  const definition = functionFrom(world, 'feed_cat', 'fs/a.c');
  expect(definition && fitsFunction(file, definition, args)).toBe(own);
  expect(fitsSlot(file, 'no_ops', 'feed', args, 'fs/a.c')).toBeNull();
});
