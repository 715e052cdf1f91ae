import { expect, test } from 'vitest';
import { prepareCallHierarchy } from '../../../../../server/src/features/source/callHierarchy.ts';
import { incomingCalls } from '../../../../../server/src/features/source/hierarchy/incoming.ts';
import { toEnd } from '../../../../../server/src/resolve/steps.ts';
import { memoryIndex, requestIn } from '../../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/o.h': `
struct ops { int (*open)(int n); };
struct dev { const struct ops *ops; };
#define begin(n) really_begin(n)
int really_begin(int n);
`,
  'fs/a.c': `#include <linux/o.h>
static int a_open(int n) { return really_begin(n); }
static const struct ops a_ops = { .open = a_open };
int each(int (*fn)(int n)) { return fn(1); }
int hands(void) { return each(a_open); }
int really_begin(int n) { return n; }
int uses(int n) { return begin(n); }
int any(struct dev *d) { return d->ops->open(2); }
`,
  'fs/b.c': `#include <linux/o.h>
static int b_open(int n) { return n; }
static const struct ops b_ops = { .open = b_open };
int own(void) { return b_ops.open(1); }
`,
});
const boot = await memoryIndex({
  'include/linux/init.h': `typedef int (*initcall_t)(void);
#define fs_initcall(fn) static initcall_t __initcall_##fn##5 = fn;
`,
  'init/main.c': `#include <linux/init.h>
int do_one(initcall_t fn) { return fn(); }
`,
  'fs/x.c': `#include <linux/init.h>
static int x_init(void) { return 0; }
fs_initcall(x_init);
static int on_one(int n) { return n; }
static int (*handlers[])(int n) = { on_one };
int handle(int n) { return handlers[n](n); }
`,
});
const intoIn = (of: typeof world, file: string, name: string) => {
  const request = requestIn(of, file);
  const { line, column } = of.at(file, name);
  const [item] = prepareCallHierarchy(request, line, column) ?? [];
  const first = toEnd(incomingCalls(request, item));
  return [first, ...first.map((c) => toEnd(incomingCalls(request, c.from)))].map(show);
};
const into = (file: string, name: string) => {
  const request = requestIn(world, file);
  const { line, column } = world.at(file, name);
  const [item] = prepareCallHierarchy(request, line, column) ?? [];
  return toEnd(incomingCalls(request, item));
};
const show = (calls: { from: { name: string; detail?: string } }[]) =>
  calls.map((c) => `${c.from.name} · ${c.from.detail}`);

test('what holds a function and is no member: the initcalls, an array', () => {
  expect(intoIn(boot, 'fs/x.c', 'x_init')).toEqual([
    ['list of initcall_t · __initcall_x_init5, level 5'],
    ['do_one · by a pointer · init/main.c'],
  ]);
  expect(intoIn(boot, 'fs/x.c', 'on_one')).toEqual([['handlers · handlers[0]'], ['handle · fs/x.c']]);
});

test('the slot that a function stands in, then what hands it on', () => {
  expect(show(into('fs/a.c', 'a_open'))).toEqual(['->open · ops · a_ops', 'hands · hands it to each · fs/a.c']);
});

test('of the slot, who may get to this function: not the call of another table', () => {
  const callers = (file: string, name: string) => {
    const [slot] = into(file, name);
    return show(toEnd(incomingCalls(requestIn(world, file), slot.from)));
  };
  expect(callers('fs/a.c', 'a_open')).toEqual(['any · fs/a.c']);
  expect(callers('fs/b.c', 'b_open')).toEqual(['own · fs/b.c', 'any · fs/a.c']);
});

test('the slot as a whole, asked at its member, has all callers', () => {
  expect(show(into('include/linux/o.h', 'open'))).toEqual(['any · fs/a.c', 'own · fs/b.c']);
});

test('callers by name, macros among them, at the callee', () => {
  const calls = into('fs/a.c', 'really_begin(int');
  expect(show(calls)).toEqual(['a_open · fs/a.c', 'begin · macro · include/linux/o.h']);
});
