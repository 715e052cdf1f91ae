import { beforeAll, expect, test } from 'vitest';
import { type MemoryWorld, memoryIndex } from '../../support/memoryIndex.ts';
import { placesOfUses, soughtIn, usesNamed, usesOf } from '../../support/uses.ts';

let world: MemoryWorld;

beforeAll(async () => {
  world = await memoryIndex({
    'include/linux/lock.h': `#ifdef CONFIG_SMP
extern void take(int n);
#else
static inline void take(int n) { }
#endif
#define VERSION 1
`,
    'kernel/lock.c': '#include <linux/lock.h>\nvoid take(int n)\n{\n}\nint kv = VERSION;\n',
    'drivers/net/one/one.h': '#define VERSION 2\nstatic inline int one_id(void) { return 1; }\n',
    'drivers/net/one/a.c': '#include "one.h"\nint a(void)\n{\n\ttake(VERSION);\n\treturn one_id();\n}\n',
    'drivers/net/two/two.h': '#define VERSION 3\nstatic inline int one_id(void) { return 2; }\n',
    'drivers/net/two/b.c': '#include "two.h"\nint b(void)\n{\n\ttake(VERSION);\n\treturn one_id();\n}\n',
    'drivers/net/four/types.h': '#define LIMIT 9\ntypedef long four_t;\n',
    'drivers/net/four/all.h': '#include "types.h"\n',
    'drivers/net/four/hal/d.c': '#include <all.h>\nfour_t d = LIMIT;\n',
    'drivers/net/four/e.c': '#include "all.h"\nfour_t e = LIMIT;\n',
    'drivers/net/five/f.c': 'enum { LIMIT };\nint f = LIMIT;\n',
    'drivers/net/tri/c.c': '#define VERSION 4\nint c = VERSION;\n',
  });
});

const uses = (path: string, text: string) => placesOfUses(usesOf(world, soughtIn(world, path, text)));

test('a function and the stub that another configuration has in its place are one', () => {
  const all = [
    'drivers/net/one/a.c:4:2',
    'drivers/net/two/b.c:4:2',
    'include/linux/lock.h:2:13 declaration',
    'include/linux/lock.h:4:20 declaration',
    'kernel/lock.c:2:6 declaration',
  ];
  for (const [path, text] of [
    ['kernel/lock.c', 'take'],
    ['include/linux/lock.h', 'take'],
    ['drivers/net/one/a.c', 'take'],
  ])
    expect(uses(path, text).sort()).toEqual(all);
  expect(usesNamed(world, 'take').sort()).toEqual(all);
});

test('what a driver has in a header of its own stays there', () => {
  expect(uses('drivers/net/one/a.c', 'one_id')).toEqual([
    'drivers/net/one/a.c:5:9',
    'drivers/net/one/one.h:2:19 declaration',
  ]);
  expect(uses('drivers/net/two/b.c', 'one_id')).toEqual([
    'drivers/net/two/b.c:5:9',
    'drivers/net/two/two.h:2:19 declaration',
  ]);
});

test('constants of the same name: each where its #define is seen', () => {
  expect(uses('drivers/net/one/a.c', 'VERSION')).toEqual([
    'drivers/net/one/a.c:4:7',
    'drivers/net/one/one.h:1:9 declaration',
  ]);
  expect(uses('drivers/net/tri/c.c', 'VERSION')).toEqual([
    'drivers/net/tri/c.c:1:9 declaration',
    'drivers/net/tri/c.c:2:9',
  ]);
  expect(uses('kernel/lock.c', 'VERSION')).toEqual(['kernel/lock.c:5:10', 'include/linux/lock.h:6:9 declaration']);
});

test('what a driver has in a header is meant wherever that comes in by way of others, or by a folder of its Makefile', () => {
  const places = (at: string, more: string[]) => [at, ...more].sort();
  expect(uses('drivers/net/four/types.h', 'four_t').sort()).toEqual(
    places('drivers/net/four/types.h:2:14 declaration', ['drivers/net/four/e.c:2:1', 'drivers/net/four/hal/d.c:2:1']),
  );
  expect(uses('drivers/net/four/types.h', 'LIMIT').sort()).toEqual(
    places('drivers/net/four/types.h:1:9 declaration', ['drivers/net/four/e.c:2:12', 'drivers/net/four/hal/d.c:2:12']),
  );
  expect(uses('drivers/net/five/f.c', 'LIMIT').sort()).toEqual([
    'drivers/net/five/f.c:1:8 declaration',
    'drivers/net/five/f.c:2:9',
  ]);
});
