import { beforeAll, expect, test } from 'vitest';
import { kerntrailIn } from '../../support/kerntrail.ts';
import { type Tree, writeTree } from '../../support/marked.ts';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(`
//@ include/linux/cup.h
struct cup { int size; };
extern int cup_fill(struct cup *c);
//@ lib/cup.c
#include <linux/cup.h>
int cup_fill(struct cup *c)
{
	return c->size;
}
static int helper(void) { return 0; }
int use_one(void) { return helper(); }
//@ fs/cup.c
#include <linux/cup.h>
static int helper(void) { return cup_fill(0); }
`);
});

const kerntrail = (...args: string[]) => kerntrailIn(tree, args);

test('references: by name, in text and as JSON', () => {
  const { out, code } = kerntrail('references', 'cup_fill');
  expect(out.split('\n').filter(Boolean).sort()).toEqual([
    'fs/cup.c:2:34: static int helper(void) { return cup_fill(0); }',
    'include/linux/cup.h:2:12: (declaration) extern int cup_fill(struct cup *c);',
    'lib/cup.c:2:5: (declaration) int cup_fill(struct cup *c)',
  ]);
  expect(code).toBe(0);
  const rows = kerntrail('references', 'cup.size', '--json', '--no-update').out.split('\n').filter(Boolean);
  expect(
    rows
      .map((row) => JSON.parse(row))
      .map((r) => `${r.word} ${r.file}:${r.line}:${r.column} ${r.use}`)
      .sort(),
  ).toEqual(['size include/linux/cup.h:1:18 declaration', 'size lib/cup.c:4:12 use']);
});

test('references: a name in a file, a place, a type; a name that means several is answered for each', () => {
  const lines = (...args: string[]) =>
    kerntrail('references', ...args, '--no-update')
      .out.split('\n')
      .filter(Boolean);
  expect(lines('lib/cup.c:helper').map((l) => l.split(': ')[0])).toEqual(['lib/cup.c:6:12', 'lib/cup.c:7:28']);
  expect(lines('fs/cup.c:2:12').map((l) => l.split(': ')[0])).toEqual(['fs/cup.c:2:12']);
  expect(lines('helper')).toHaveLength(3);
  expect(lines('struct cup')).toHaveLength(3);
});

test('references: nothing is said to be nothing', () => {
  const { code, err } = kerntrail('references', 'no_such_thing', '--no-update');
  expect(code).toBe(1);
  expect(err).toContain('no use of no_such_thing is known');
});
