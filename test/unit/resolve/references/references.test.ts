import { beforeAll, expect, test } from 'vitest';
import { findReferences } from '../../../../server/src/resolve/references/references.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { type MemoryWorld, memoryIndex } from '../../support/memoryIndex.ts';
import { placesOfUses, soughtIn, usesNamed, usesOf } from '../../support/uses.ts';

let world: MemoryWorld;

beforeAll(async () => {
  world = await memoryIndex({
    'include/linux/box.h': `struct box_ops {
	int (*put)(int n);
};
extern int box_put(int n);
#define BOX_MAX 8
#define box_put_all(n) do { box_put(n); } while (0)
enum box_kind { BOX_NEW, BOX_OLD };
typedef struct box_ops box_ops_t;
`,
    'lib/box.c': `#include <linux/box.h>
int box_put(int n)
{
	return n < BOX_MAX;
}
EXPORT_SYMBOL(box_put);
`,
    'fs/a/use.c': `#include <linux/box.h>
static const struct box_ops ops = { .put = box_put };
int a_one(int n)
{
	int (*f)(int) = &box_put;	/* box_put */
	enum box_kind kind = BOX_NEW;

	pr_info("box_put %d", box_put(n));
#if BOX_MAX > 4
	register_it(box_put, 0);
#endif
	box_put_all(n);
	return f(kind);
}
`,
    'fs/b/other.c': `struct mine { int box_put; };
static int helper(struct mine *m, int box_put)
{
	m->box_put = box_put;
	return box_put;
}
int b_local(void)
{
	int box_put = 3;
box_put:
	goto box_put;
	return box_put;
}
int b_use(int n)
{
	return box_put(n);
}
`,
    'fs/c/own.c': `static int box_put(int n)
{
	return n;
}
int c_use(void)
{
	return box_put(1);
}
`,
    'arch/x86/lib/call.S': `# box_put
	call box_put
`,
    'arch/arm/lib/arm.c': 'int arm_use(void)\n{\n\treturn box_put(2);\n}\n',
    'tools/lib/tool.c': 'int tool_use(void)\n{\n\treturn box_put(2);\n}\n',
  });
});

const uses = (path: string, text: string, skip = 0, n = 1) =>
  placesOfUses(usesOf(world, soughtIn(world, path, text, skip, n)));

const PUT = [
  'fs/a/use.c:2:44',
  'fs/a/use.c:5:19',
  'fs/a/use.c:8:24',
  'fs/a/use.c:10:14',
  'fs/b/other.c:16:9',
  'lib/box.c:2:5 declaration',
  'lib/box.c:6:15',
  'arch/x86/lib/call.S:2:7',
  'include/linux/box.h:4:12 declaration',
  'include/linux/box.h:6:29',
].sort();

test('a function: calls, registrations, hand-overs, its address, macros, conditions, assembly, and declarations', () => {
  expect(uses('lib/box.c', 'box_put').sort()).toEqual(PUT);
  expect(uses('fs/a/use.c', '= box_put', 2).sort()).toEqual(PUT);
  expect(uses('include/linux/box.h', 'extern int box_put', 11).sort()).toEqual(PUT);
  expect(usesNamed(world, 'box_put').sort()).toEqual(PUT);
});

test('the nearest come first, and those of a file stand together in order', () => {
  const all = uses('fs/a/use.c', '= box_put', 2);
  expect(all.slice(0, 5)).toEqual([
    'fs/a/use.c:2:44',
    'fs/a/use.c:5:19',
    'fs/a/use.c:8:24',
    'fs/a/use.c:10:14',
    'fs/b/other.c:16:9',
  ]);
});

test("another file's static, a local, a parameter, a member and a label of that name are other things", () => {
  expect(uses('fs/c/own.c', 'box_put')).toEqual(['fs/c/own.c:1:12 declaration', 'fs/c/own.c:7:9']);
  expect(uses('fs/b/other.c', 'int box_put = 3', 4)).toEqual(['fs/b/other.c:9:6 declaration', 'fs/b/other.c:12:9']);
  expect(uses('fs/b/other.c', 'int box_put)', 4)).toEqual([
    'fs/b/other.c:2:39 declaration',
    'fs/b/other.c:4:15',
    'fs/b/other.c:5:9',
  ]);
  expect(uses('fs/b/other.c', 'goto box_put', 5)).toEqual(['fs/b/other.c:10:1', 'fs/b/other.c:11:7']);
});

test('constants, enumerators, types and tags', () => {
  expect(uses('fs/a/use.c', 'BOX_MAX')).toEqual([
    'fs/a/use.c:9:5',
    'lib/box.c:4:13',
    'include/linux/box.h:5:9 declaration',
  ]);
  expect(uses('fs/a/use.c', 'BOX_NEW').sort()).toEqual(['fs/a/use.c:6:23', 'include/linux/box.h:7:17 declaration']);
  expect(uses('fs/a/use.c', 'struct box_ops', 7)).toEqual([
    'fs/a/use.c:2:21',
    'include/linux/box.h:1:8 declaration',
    'include/linux/box.h:8:16',
  ]);
  expect(uses('fs/a/use.c', 'box_kind')).toEqual(['fs/a/use.c:6:7', 'include/linux/box.h:7:6']);
  expect(usesNamed(world, 'struct box_ops')).toHaveLength(3);
  expect(uses('include/linux/box.h', 'box_ops_t')).toEqual(['include/linux/box.h:8:24 declaration']);
});

test('columns count bytes, characters what an editor counts', async () => {
  const small = await memoryIndex({ 'lib/u.c': 'int put_it(void);\n/* \u00e9 \u{1f427} */ int x = put_it();\n' });
  const use = usesOf(small, soughtIn(small, 'lib/u.c', 'put_it'))[1];
  expect([use.line, use.column, use.character, use.text]).toEqual([
    2,
    23,
    19,
    '/* \u00e9 \u{1f427} */ int x = put_it();',
  ]);
});

test('what another architecture or program has is counted, not shown', () => {
  const { leftOut } = toEnd(
    findReferences(world, soughtIn(world, 'lib/box.c', 'box_put'), { read: () => null, found: () => {} }),
  );
  expect(leftOut).toEqual({ architectures: 1, programs: 1 });
});
