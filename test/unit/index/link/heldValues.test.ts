import { expect, test } from 'vitest';
import { heldValues } from '../../../../server/src/index/link/heldValues.ts';
import { localScopes } from '../../../../server/src/index/link/localScopes.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

test('what a parameter holds gets into members by lists and macros; other values do not', async () => {
  const { index } = await memoryIndex({
    'kernel/a.c': `
#define INIT(w, f) do { (w)->count = 0; (w)->func = (f); } while (0)
struct work { int (*func)(int n); int count; };
static int job(int n) { return n; }
void by_list(int (*fn)(int n), int count) { struct work w = { .func = fn, .count = count }; run(&w); }
void by_literal(struct work *w, int (*fn)(int n)) { *w = (struct work){ .func = fn }; }
void by_macro(struct work *w, int (*fn)(int n)) { INIT(w, fn); }
void by_name(struct work *w) { struct work v = { .func = job }; INIT(w, job); run(&v); }
`,
  });
  const facts = index.facts('kernel/a.c');
  if (!facts) throw new Error('no facts');
  const found = [...heldValues(facts, localScopes(facts), index.typesFor(facts))];
  expect(found.map((h) => `${h.function}: ${h.value.name} -> ${h.slot.owner}.${h.slot.member}`)).toEqual([
    'by_list: fn -> work.func',
    'by_literal: fn -> work.func',
    'by_macro: fn -> work.func',
  ]);
});
