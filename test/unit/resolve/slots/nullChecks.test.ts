import { expect, test } from 'vitest';
import { nullChecks } from '../../../../server/src/resolve/slots/nullChecks.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'fs/a.c': `
struct ops { int (*open)(int n); };
struct other { int (*open)(int n); };
int plain_open(int n);
int first(struct ops *o) { if (!o->open) return plain_open(1); return o->open(1); }
int second(struct ops *o, int ready) { if (ready && o->open) o->open(2); else plain_open(2); return 0; }
int third(struct ops *o) { return o->open ? o->open(3) : -1; }
int none(struct other *o, int ready) { if (!ready || !o->open) return -2; return o->open(4); }
`,
});

const checks = (owner: string, first = '') =>
  nullChecks(world, world.view('fs/a.c'), { owner, member: 'open' }, first).map(
    (c) => `${c.function}: ${c.text}${c.where ? ` ${c.where.holds ? 'where' : 'unless'} ${c.where.text}` : ''}`,
  );

test('what runs where a slot is NULL, in the functions that ask', () => {
  expect(checks('ops')).toEqual(['first: return plain_open(1)', 'second: plain_open(2)', 'third: -1']);
});

test("the dispatch's own function comes first; another struct's member is another slot", () => {
  expect(checks('ops', 'third')[0]).toBe('third: -1');
  expect(checks('other')).toEqual(['none: return -2']);
  expect(checks('')).toEqual([]);
});
