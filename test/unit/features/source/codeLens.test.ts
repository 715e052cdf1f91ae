import { beforeAll, expect, test } from 'vitest';
import { codeLenses, type LensData, resolveCodeLens } from '../../../../server/src/features/source/codeLens.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { askIn, type IndexedTree, indexTree } from '../../support/marked.ts';
import { memoryIndex, requestIn } from '../../support/memoryIndex.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(VM_TREE);
});

test('lenses over tables and over registered functions', () => {
  const lenses = (file: string, on = { tables: true, functions: true }) =>
    toEnd(codeLenses(askIn(tree, file), on)).map((l) => {
      const { command } = resolveCodeLens(askIn(tree, file), l, l.data as LensData, {
        references: 'refs',
        implementations: 'impls',
      });
      return `${l.range.start.line + 1} ${command?.title} ${command?.command} ${(command?.arguments?.[2] as unknown[] | undefined)?.length ?? 0}`;
    });
  const line = (name: string) => tree.at(name).line;
  expect(lenses('fs/ext4/file.c')).toEqual([
    '2 vm_operations_struct.mkwrite in 1 table refs 1',
    `${line('ext4_vm_ops')} 2 slots · installed in 1 place refs 1`,
  ]);
  expect(lenses('mm/filemap.c')).toEqual([
    `${line('filemap_fault')} vm_operations_struct.fault in 2 tables refs 2`,
    `${line('generic_vm_ops')} 1 slot impls 1`,
  ]);
  expect(lenses('mm/filemap.c', { tables: false, functions: true }).length).toBe(1);
  expect(lenses('mm/filemap.c', { tables: false, functions: false })).toEqual([]);
});

test('what macros make of a name has no lens of its own, and one use of a macro has one at most', async () => {
  const world = await memoryIndex({
    'include/linux/m.h': `
#define __section(s) __attribute__((__section__(s)))
typedef int (*initcall_t)(void);
struct injection { unsigned long addr; int etype; };
struct setup { const char *str; int (*setup_func)(char *s); };
struct id { unsigned long data; int n; };
struct cond { int (*check)(int n); };
#define NOPROBE(f) static unsigned long __section("list") _noprobe_addr_##f = (unsigned long)f;
#define INJECT(f) static struct injection __section("inject") _inj_addr_##f = { .addr = (unsigned long)f, .etype = 1 };
#define first_init(f) static initcall_t __initcall_##f##1 __section(".init1") = f;
#define boot_param(s, f) static struct setup __section(".setup") __setup_##f = { s, f };
#define SYSCALL1(n, T, a) INJECT(__sys_##n) int __sys_##n(T a)
#define COND(n) static int n##_check(int n); static const struct cond n = { .check = n##_check }; static int n##_check(int n)
#define TRACE(n) int __iter_##n(int n); struct cond __point_##n = { .check = __iter_##n }; int __iter_##n(int n) { return n; }
`,
    'fs/a.c': `#include <linux/m.h>
int hit(void) { return 0; }
NOPROBE(hit)
INJECT(hit)
static int start(void) { return 0; }
first_init(start);
static int param(char *s) { return 0; }
boot_param("p=", param);
static const struct id ids[] = { { .data = (unsigned long)hit } };
static const struct id *first = &ids[0];
SYSCALL1(look, int, a) { return a; }
COND(ready) { return n; }
TRACE(event)
extern void run(void); void run(void) { run(); }
int (*handlers[])(void) = { hit };
`,
  });
  const request = requestIn(world, 'fs/a.c');
  const lenses = toEnd(codeLenses(request, { tables: true, functions: true }));
  const commands = { references: 'r', implementations: 'i' };
  const titles = lenses.map((l) => {
    const { title } = resolveCodeLens(request, l, l.data as LensData, commands).command ?? {};
    return `${l.range.start.line + 1} ${title}`;
  });
  expect(titles).toEqual([
    '2 id.data, handlers in 2 tables',
    '7 setup.setup_func in 1 table',
    '12 1 slot',
    '15 1 slot',
  ]);
});
