import { expect, test } from 'vitest';
import { describeBoth, names } from './factsOf.ts';

describeBoth('functions', (factsOf) => {
  test('name, return type, parameters, place', () => {
    const facts = factsOf(`#include <linux/fs.h>
#include "internal.h"

static inline struct inode *my_iget(struct super_block *sb, unsigned long ino)
{
	return NULL;
}

void
my_put(void)
{
}
`);
    expect(facts.includes).toEqual(['<linux/fs.h>', '"internal.h"']);
    expect(facts.functions).toEqual([
      {
        name: 'my_iget',
        returnType: 'struct inode *',
        params: [
          { name: 'sb', type: 'struct super_block *' },
          { name: 'ino', type: 'unsigned long' },
        ],
        line: 4,
        column: 29,
        endLine: 7,
        static: true,
        inline: true,
        macro: false,
        condition: null,
      },
      {
        name: 'my_put',
        returnType: 'void',
        params: [],
        line: 10,
        column: 1,
        endLine: 12,
        static: false,
        inline: false,
        macro: false,
        condition: null,
      },
    ]);
  });

  test('a function that returns a pointer to a function', () => {
    const facts = factsOf('int (*pick(int kind, void *data))(struct file *f) { return NULL; }');
    expect(facts.functions).toMatchObject([
      {
        name: 'pick',
        params: [
          { name: 'kind', type: 'int' },
          { name: 'data', type: 'void *' },
        ],
      },
    ]);
    expect(facts.functions[0].returnType).toBe('int (*)(struct file *f)');
  });

  test('SYSCALL_DEFINEn makes the function names that it makes', () => {
    const headers = {
      'include/linux/syscalls.h': `#define __MAP0(m,...)
#define __MAP1(m,t,a,...) m(t,a)
#define __MAP2(m,t,a,...) m(t,a), __MAP1(m,__VA_ARGS__)
#define __MAP3(m,t,a,...) m(t,a), __MAP2(m,__VA_ARGS__)
#define __MAP(n,...) __MAP##n(__VA_ARGS__)
#define __SC_DECL(t, a)	t a
#define __SC_LONG(t, a) long a
#define SYSCALL_DEFINE0(sname) asmlinkage long sys_##sname(void)
#define SYSCALL_DEFINE3(name, ...) SYSCALL_DEFINEx(3, _##name, __VA_ARGS__)
#define SYSCALL_DEFINEx(x, sname, ...) __SYSCALL_DEFINEx(x, sname, __VA_ARGS__)
#define __SYSCALL_DEFINEx(x, name, ...) \\
	asmlinkage long sys##name(__MAP(x,__SC_DECL,__VA_ARGS__)); \\
	static inline long __do_sys##name(__MAP(x,__SC_DECL,__VA_ARGS__)); \\
	asmlinkage long __se_sys##name(__MAP(x,__SC_LONG,__VA_ARGS__)) \\
	{ \\
		return __do_sys##name(0, 0, 0); \\
	} \\
	static inline long __do_sys##name(__MAP(x,__SC_DECL,__VA_ARGS__))
`,
    };
    const facts = factsOf(
      `SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)
{
	return ksys_read(fd, buf, count);
}
SYSCALL_DEFINE0(getpid)
{
	return 1;
}`,
      { headers },
    );
    expect(facts.functions.map((f) => [f.name, f.line, f.endLine])).toEqual([
      ['__se_sys_read', 1, 1],
      ['__do_sys_read', 1, 4],
      ['sys_getpid', 5, 8],
    ]);
    expect(names(facts.declarations)).toEqual(['sys_read', '__do_sys_read']);
    expect(facts.functions[1].params).toEqual([
      { name: 'fd', type: 'unsigned int' },
      { name: 'buf', type: 'char *' },
      { name: 'count', type: 'size_t' },
    ]);
  });
});

describeBoth('declarations, typedefs, enumerators, macros', (factsOf) => {
  test('a macro that declared nothing of note once may do so the next time', () => {
    const facts = factsOf('DECLARE_IT(, hidden);\nDECLARE_IT(struct x_ops, shown);', {
      headers: { 'include/linux/it.h': '#define DECLARE_IT(type, name) extern type name' },
    });
    expect(names(facts.declarations)).toEqual(['shown']);
  });

  test('a macro called with one name after the other is told once whether it declares', () => {
    const facts = factsOf(`#define EXPORT(f) extern typeof(f) f; static const char __tab_##f[]
#define MAKE(f) struct x_ops f
EXPORT(one);
EXPORT(two);
MAKE(three);
MAKE(four);`);
    expect(names(facts.declarations)).toEqual([]);
    expect(names(facts.variables)).toEqual(['three', 'four']);
  });

  test('prototypes and externs', () => {
    const facts = factsOf(
      `extern const struct x_ops shared_ops;
int my_open(struct inode *inode, struct file *file);
extern void *my_alloc(size_t), my_free(void *p);
extern int (*hook)(void);`,
      { path: 'include/linux/x.h' },
    );
    expect(facts.declarations.map((d) => `${d.function ? 'function' : 'object'} ${d.name}: ${d.type}`)).toEqual([
      'object shared_ops: const struct x_ops',
      'function my_open: int',
      'function my_alloc: void *',
      'function my_free: void',
      'object hook: int (*)(void)',
    ]);
    expect(facts.variables).toEqual([]);
  });

  test('typedefs', () => {
    const facts = factsOf(`typedef int (*initcall_t)(void);
typedef struct { int counter; } atomic_t;
typedef struct foo foo_t, *foo_p;
typedef int filldir_t(struct dir_context *, const char *, int);
typedef unsigned long long u64;`);
    expect(facts.typedefs.map((t) => `${t.name} = ${t.type}`)).toEqual([
      'initcall_t = int (*)(void)',
      'atomic_t = struct @0',
      'foo_t = struct foo',
      'foo_p = struct foo *',
      'filldir_t = int (struct dir_context *, const char *, int)',
      'u64 = unsigned long long',
    ]);
  });

  test('enumerators with their values where the text tells them', () => {
    const facts = factsOf('enum kind { A, B, C = 7, D, E = A + 1, F, G = 0x10, H, };');
    expect(facts.enumerators.map((e) => [e.name, e.tag, e.value])).toEqual([
      ['A', 'kind', 0],
      ['B', 'kind', 1],
      ['C', 'kind', 7],
      ['D', 'kind', 8],
      ['E', 'kind', null],
      ['F', 'kind', null],
      ['G', 'kind', 16],
      ['H', 'kind', 17],
    ]);
  });
});

describeBoth('another name of a function', (factsOf) => {
  test('is a function that leads to that one', () => {
    const facts = factsOf(
      '#define __alias(f) __attribute__((__alias__(#f)))\nlong look(int n) { return n; }\nlong __x_look(int n) __alias(look);\n',
    );
    const [, alias] = facts.functions;
    expect(alias).toMatchObject({ name: '__x_look', alias: 'look', line: 3, endLine: 3, static: false });
    expect(facts.calls).toEqual([{ function: 1, names: 'look', steps: [3] }]);
    expect(facts.declarations).toEqual([]);
  });
});
