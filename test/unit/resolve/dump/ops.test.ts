import { expect, test } from 'vitest';
import { opsRows } from '../../../../server/src/resolve/dump/ops.ts';
import { memoryIndex } from '../../support/memoryIndex.ts';

const { index } = await memoryIndex({
  'include/linux/o.h': `
struct ops {
	int (*open)(int n);
	union { int (*old)(int n); int (*young)(int n); };
	struct { int (*deep)(int n); } in;
};
`,
  'fs/a.c': `#include <linux/o.h>
int shared(int n) { return n; }
static int mine(int n) { return n; }
#ifdef CONFIG_A
static const struct ops a_ops = { .open = mine, .old = shared, .in = { .deep = mine }, .open = gone };
#endif
void f(void) { struct ops local = { .open = mine }; static struct ops kept = { .open = mine }; }
`,
  'fs/b.c': '#include <linux/o.h>\nstruct ops weak_ops;\n',
  'fs/c.c': '#include <linux/o.h>\nint shared(int n);\nstruct ops weak_ops = { .open = shared };\n',
});
const rows = [...opsRows(index)];

test('registrations of objects, of the two of a union under both names, and no others', () => {
  expect(
    rows
      .filter((r) => r.file === 'fs/a.c')
      .map(
        (r) =>
          `${r.variable}${r.function ? ` of ${r.function}` : ''} ${r.struct}.${r.member} at '${r.path}' = ${r.target}`,
      ),
  ).toEqual([
    "a_ops ops.open at 'open' = mine",
    "a_ops ops.old at 'old' = shared",
    "a_ops ops.young at 'young' = shared",
    "a_ops ops.deep at 'in.deep' = mine",
    "kept of f ops.open at 'open' = mine",
  ]);
  expect(rows[0]).toMatchObject({ targetFile: 'fs/a.c', targetLine: 3, condition: 'defined(CONFIG_A)' });
});

test('a declaration without an initialiser shows what the linker puts there', () => {
  expect(rows.filter((r) => r.variable === 'weak_ops').map((r) => `${r.file}:${r.line} ${r.target}`)).toEqual([
    'fs/c.c:3 shared',
    'fs/b.c:2 shared',
  ]);
});

test('a hook of a union of many is one row, whatever else the union holds', async () => {
  const hooks = await memoryIndex({
    'security/h.c': `
union hook_options { int (*open)(int n); int (*close)(int n); int (*stat)(int n); void *addr; };
struct hook { int id; union hook_options hook; };
#define HOOK_INIT(NAME, FN) { .id = 1, .hook = { .NAME = FN } }
static int h_open(int n) { return n; }
static int h_close(int n) { return n; }
static struct hook h_hooks[] = { HOOK_INIT(open, h_open), HOOK_INIT(close, h_close) };
`,
  });
  expect([...opsRows(hooks.index)].map((r) => `${r.path} ${r.struct}.${r.member} ${r.target}`)).toEqual([
    '[0].hook.open hook_options.open h_open',
    '[1].hook.close hook_options.close h_close',
  ]);
});
