import { expect, test } from 'vitest';
import { bySignature } from '../../../../server/src/resolve/dispatch/bySignature.ts';
import { siteFile } from '../../../../server/src/resolve/dispatch/targets.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'fs/a.c': `
struct cat { int n; };
struct dog { int n; };
struct cat_ops { int (*feed)(struct cat *c, int amount); };
struct dog_ops { int (*feed)(struct dog *d); };
static int feed_cat(struct cat *c, int amount) { return 0; }
static int feed_dog(struct dog *d) { return 0; }
static const struct cat_ops cats = { .feed = feed_cat };
static const struct dog_ops dogs = { .feed = feed_dog };
int g(void *p, struct cat *c) { return whose(p)->feed(c, 1) + whose(p)->feed(c, 1, 2) + whose(p)->pet(c); }
`,
});
const view = world.view('fs/a.c');
const { facts } = view;
if (!facts) throw new Error('no facts');
const fitting = (n: number) =>
  bySignature(
    siteFile(world, facts, () => view),
    facts.sites[n],
    view,
  );

test('functions of the structs whose member the arguments fit', () => {
  const found = fitting(0);
  expect(found?.targets.map((t) => `${t.definition.name} ${t.evidence}`)).toEqual(['feed_cat signature']);
  expect(found?.narrowed).toBe('by signature: 1 of 2 structs with a member feed fits 2 arguments');
});

test('nothing fits, or nobody has such a member', () => {
  expect(fitting(1)).toBeNull();
  expect(fitting(2)).toBeNull();
});
