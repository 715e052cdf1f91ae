import { expect, test } from 'vitest';
import { slotTargets } from '../../../../server/src/resolve/dispatch/slotTargets.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/w.h': 'struct work { int (*func)(int n); };\n',
  'kernel/w.c': `#include <linux/w.h>
void later(struct work *w, int (*fn)(int n)) { w->func = fn; }
static int by_table(int n) { return n; }
static struct work fixed = { .func = by_table };
`,
  'fs/a.c': `#include <linux/w.h>
static int job(int n) { return n; }
void a(struct work *w) { later(w, job); }
`,
  'fs/b.c': `#include <linux/w.h>
void later(struct work *w, int (*fn)(int n));
static int job(int n) { return n; }
void b(struct work *w) { later(w, job); }
`,
});

test('functions of tables, then those that other code hands over, each where it is handed over', () => {
  const { targets, whole } = slotTargets(world, { owner: 'work', member: 'func' }, 'kernel/w.c');
  expect(targets.map((t) => `${t.definition.name} of ${t.definition.file}, ${t.evidence}`)).toEqual([
    'by_table of kernel/w.c, typed',
    'job of fs/a.c, flow',
    'job of fs/b.c, flow',
  ]);
  expect(targets.slice(1).map((t) => `${t.passed?.function} ${t.passed?.file}:${t.passed?.line}`)).toEqual([
    'a fs/a.c:3',
    'b fs/b.c:4',
  ]);
  expect(whole.implementations.map((i) => i.name)).toEqual(['by_table']);
});

test('where all the tables are known, nobody else can put anything there', () => {
  const { targets } = slotTargets(world, { owner: 'work', member: 'func' }, 'kernel/w.c', (all) => ({
    reached: all.map((i) => ({ ...i, into: [] })),
    narrowed: 'known',
    strangers: false,
    group: null,
  }));
  expect(targets.map((t) => t.definition.name)).toEqual(['by_table']);
});
