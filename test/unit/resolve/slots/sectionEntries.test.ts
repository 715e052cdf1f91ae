import { expect, test } from 'vitest';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import { definitionsFrom } from '../../../../server/src/resolve/names/scope.ts';
import { isNumber } from '../../../../server/src/resolve/slots/sectionEntries.ts';
import { usesOf } from '../../../../server/src/resolve/slots/slots.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const world = await memoryIndex({
  'include/linux/m.h': `
#define __section(s) __attribute__((__section__(s)))
typedef int (*initcall_t)(void);
struct injection { unsigned long addr; };
struct attribute { int (*show)(void); };
struct call_key { void *func; };
#define NOPROBE(f) static unsigned long __section("list") _noprobe_addr_##f = (unsigned long)f;
#define INJECT(f) static struct injection __section("inject") _inj_addr_##f = { .addr = (unsigned long)f };
#define late_init(f) static initcall_t __section(".init7") __initcall_##f##7 = f;
#define ADDRESSABLE(f) static void *__section(".keep") __addressable_##f = (void *)&f;
#define ATTRIBUTE(n) static struct attribute attr_##n = { .show = n##_show };
#define HOOK(n, f) int (*hook_##n)(void) = f;
#define STATIC_KEY(n, f) struct call_key __key_##n = { .func = f };
#define LIST(n, f) initcall_t n##_list[] = { f };
`,
  'fs/a.c': `#include <linux/m.h>
int one_show(void) { return 0; }
NOPROBE(one_show)
INJECT(one_show)
late_init(one_show);
ADDRESSABLE(one_show);
ATTRIBUTE(one);
HOOK(first, one_show);
STATIC_KEY(second, one_show);
LIST(third, one_show);
static unsigned long written = (unsigned long)one_show;
int all(void) { return hook_first(); }
`,
});

test('what is called stays apart from what a list of the linker holds', () => {
  const [definition] = definitionsFrom(world, 'one_show', 'fs/a.c', [NameKind.Function]);
  const { registrations, entries } = usesOf(world, definition, 'fs/a.c');
  expect(entries.map((r) => r.variable)).toEqual([
    '_noprobe_addr_one_show',
    '_inj_addr_one_show',
    '__initcall_one_show7',
    '__addressable_one_show',
  ]);
  expect(registrations.map((r) => r.variable)).toEqual([
    'attr_one',
    'hook_first',
    '__key_second',
    'third_list',
    'written',
  ]);
});

test('a slot of numbers, and one of pointers', () => {
  expect(isNumber(world.index.types, 'injection', 'addr')).toBe(true);
  expect(isNumber(world.index.types, 'call_key', 'func')).toBe(false);
  expect(isNumber(world.index.types, 'nobody', 'func')).toBe(false);
});
