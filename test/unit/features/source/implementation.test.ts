import { expect, test } from 'vitest';
import { implementation } from '../../../../server/src/features/source/implementation.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { memoryIndex, requestIn } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/o.h': 'struct ops { int (*open)(int n); };\nstruct dev { const struct ops *ops; };\n',
  'fs/a.c': `#include <linux/o.h>
static int a_open(int n) { return n; }
static const struct ops a_ops = { .open = a_open };
int all(struct dev *d) { return d->ops->open(1); }
int one(void) { return a_ops.open(1); }
int taken(struct dev *d) { int (*fn)(int n) = d->ops->open; return fn(1); }
`,
  'fs/b.c': `#include <linux/o.h>
static int b_open(int n) { return n; }
static const struct ops b_ops = { .open = b_open };
void b(struct dev *d) { d->ops = &b_ops; }
`,
});
const at = (file: string, text: string, name: string, n = 1) => {
  const { line, column } = world.at(file, text, n);
  return toEnd(implementation(requestIn(world, file), line, column + text.indexOf(name))).map(
    (l) => `${l.uri.slice(l.uri.indexOf('/nowhere/') + 9)}:${l.range.start.line + 1}`,
  );
};

test('of a dispatch, what it may call, the surest first', () => {
  expect(at('fs/a.c', 'ops->open', 'open')).toEqual(['fs/b.c:2', 'fs/a.c:2']);
  expect(at('fs/a.c', 'a_ops.open', 'open')).toEqual(['fs/a.c:2']);
});

test('of a local that holds a member, what the member may be', () => {
  expect(at('fs/a.c', 'return fn(1)', 'fn')).toEqual(['fs/b.c:2', 'fs/a.c:2']);
});

test('of a member, all that stands there; of a pointer to tables, the tables; of a struct, too', () => {
  expect(at('include/linux/o.h', 'open', 'open').sort()).toEqual(['fs/a.c:2', 'fs/b.c:2']);
  expect(at('fs/b.c', 'd->ops', 'ops')).toEqual(['fs/b.c:3']);
  expect(at('include/linux/o.h', 'struct ops', 'ops').sort()).toEqual(['fs/a.c:3', 'fs/b.c:3']);
});

test('of a table, its functions; of a function, itself', () => {
  expect(at('fs/a.c', 'a_ops', 'a_ops')).toEqual(['fs/a.c:2']);
  expect(at('fs/a.c', 'a_open', 'a_open')).toEqual(['fs/a.c:2']);
});
