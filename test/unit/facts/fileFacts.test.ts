import { expect, test } from 'vitest';
import { hashName } from '../../../server/src/syntax/tokens.ts';
import { describeBoth, factsOf, fields, inits, names, tables } from './factsOf.ts';

describeBoth('functions', (factsOf) => {
  test('a name that some configuration has a macro for', () => {
    const facts = factsOf(`#define remove_it(name, parent) do {} while (0)
#define DEFINE_IT(name) void name##_it(int a)
void remove_it(const char *name, struct dir *parent)
{
}
static DEFINE_IT(other)
{
}
struct x *remove_it(int a)
{
}
`);
    expect(facts.functions.map((f) => `${f.name}:${f.line}`)).toEqual(['remove_it:3', 'other_it:6', 'remove_it:9']);
  });

  test('a return type of a tag, a name that begins like an attribute', () => {
    const facts = factsOf('enum kind __kind_of(bool a, bool b)\n{\n}\nvoid next(void)\n{\n}\n');
    expect(facts.functions.map((f) => f.name)).toEqual(['__kind_of', 'next']);
  });

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

  test('attributes from macros leave the name alone', () => {
    const facts = factsOf(
      `static int __init my_init(void)
{
	return 0;
}
int __must_check my_copy(void __user *to, const void *from) { return 0; }
__unknown_attribute static void my_third(void) {}
static void __attribute__((noinline)) my_fourth(int a, ...) {}
static __always_inline bool my_fifth(bool (*test)(int), int x[4]) { return test(x[0]); }
asmlinkage __visible void my_sixth(void) {}`,
    );
    expect(
      facts.functions.map(
        (f) => `${f.returnType} ${f.name}(${f.params.map((p) => `${p.name}: ${p.type}`).join(', ')})`,
      ),
    ).toEqual([
      'int my_init()',
      'int my_copy(to: void *, from: const void *)',
      'void my_third()',
      'void my_fourth(a: int, ...: ...)',
      'bool my_fifth(test: bool (*)(int), x: int[4])',
      'void my_sixth()',
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

  test('conditions of a function, and #if in its head', () => {
    const facts = factsOf(`#ifdef CONFIG_SMP
void smp_only(void) {}
#endif
static int
#ifdef CONFIG_A
first(int a)
#else
second(int a, int b)
#endif
{
	return a;
}
void after(void) {}`);
    expect(facts.functions.map((f) => [f.name, f.condition])).toEqual([
      ['smp_only', 'defined(CONFIG_SMP)'],
      ['first', 'defined(CONFIG_A)'],
      ['second', '!defined(CONFIG_A)'],
      ['after', null],
    ]);
  });

  test('a whole head in each arm', () => {
    const facts = factsOf(`#ifdef CONFIG_A
static int first(int a)
#else
static long second(int a, int b)
#endif
{
	return a;
}
void after(void) {}`);
    expect(facts.functions.map((f) => [f.name, f.returnType, f.condition])).toEqual([
      ['first', 'int', 'defined(CONFIG_A)'],
      ['second', 'long', '!defined(CONFIG_A)'],
      ['after', 'void', null],
    ]);
  });

  test('what #if 0 hides is not there', () => {
    const facts = factsOf(`#if 0
void gone(void) {}
#else
void here(void) {}
#endif
#ifdef __ASSEMBLY__
void asm_only(void) {}
#endif
#ifdef __KERNEL__
void kernel_only(void) {}
#endif`);
    expect(facts.functions.map((f) => [f.name, f.condition])).toEqual([
      ['here', null],
      ['kernel_only', null],
    ]);
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

  test('broken braces cost one function, not the file', () => {
    const facts = factsOf(`void first(void)
{
	if (x) {
}

static struct x_ops ops = { .open = my_open };

void second(void)
{
}
void third(void) { }`);
    expect(names(facts.functions)).toContain('second');
    expect(names(facts.functions)).toContain('third');
    expect(names(facts.functions)[0]).toBe('first');
    expect(tables(facts)).toEqual(['struct x_ops ops: .open = my_open']);
  });

  test('K&R-era and other odd declarations leave the neighbours alone', () => {
    const facts = factsOf(`@@@ nonsense ###;
int good_one(void) { return 0; }
EXPORT_SYMBOL(good_one);
MODULE_LICENSE("GPL")
int good_two(void) { return 0; }
EXPORT_SYMBOL_GPL(good_two)

int good_three(void) { return 0; }
DEFINE_MUTEX(lock)
static struct x_ops ops = { .a = fa };`);
    expect(names(facts.functions)).toEqual(['good_one', 'good_two', 'good_three']);
    expect(inits(facts, 'ops')).toEqual(['.a = fa']);
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

  test('macros that are more than constants', () => {
    const facts = factsOf(`#define MAX_X 12
#define MASK (MAX_X | 0x80)
#define NAME "name"
#define do_it(a, b) really_do(a, b)
#define alias other_function
  #  define indented(x) x
`);
    expect(facts.macros).toEqual([
      { name: 'do_it', params: ['a', 'b'], calls: 'really_do', line: 4, column: 9 },
      { name: 'alias', params: null, calls: 'other_function', line: 5, column: 9 },
      { name: 'indented', params: ['x'], calls: '', line: 6, column: 13 },
    ]);
  });

  test('which macros of other files a file depends on', () => {
    const facts = factsOf('static struct x_ops ops = { A_PART(f) };\nint unused;', {
      headers: { 'include/linux/x.h': '#define A_PART(f) .open = f\n#define NOT_ASKED(f) f\n' },
    });
    expect(facts.macrosUsed).toEqual([hashName('A_PART')]);
  });
});

describeBoth('records', (factsOf) => {
  test('members in order, with their types', () => {
    const facts = factsOf(
      `struct file_operations {
	struct module *owner;
	int (*open)(struct inode *, struct file *);
	unsigned int flags : 3, more:1;
	char name[16], *alias;
	const struct x_ops *const ops;
	void (*hooks[4])(void);
	int (*(*get)(int))(void);
	struct list_head list, *prev;
} __randomize_layout;`,
      { path: 'include/linux/fs.h' },
    );
    expect(fields(facts, 'file_operations')).toEqual([
      'owner: struct module *',
      'open: int (*)(struct inode *, struct file *)',
      'flags: unsigned int',
      'more: unsigned int',
      'name: char[16]',
      'alias: char *',
      'ops: const struct x_ops *',
      'hooks: void (*[4])(void)',
      'get: int (*(*)(int))(void)',
      'list: struct list_head',
      'prev: struct list_head *',
    ]);
    expect(facts.records[0]).toMatchObject({ keyword: 'struct', line: 1, column: 8, endLine: 10, condition: null });
    expect(facts.records[0].fields[1]).toMatchObject({ line: 3, column: 8 });
  });

  test('nested, unnamed and named records', () => {
    const facts = factsOf(`struct outer {
	struct {
		int a;
		union { int u1; long u2; };
	};
	struct { void (*fn)(void); } inner;
	struct named { int n; } *ptr;
	union { int x; } list[2];
};`);
    expect(
      facts.records.map(
        (r) => `${r.keyword} ${r.tag}: ${r.fields.map((f) => `${f.name || '-'} ${f.type} ${f.record}`).join(', ')}`,
      ),
    ).toEqual([
      'struct outer: - struct @1 1, inner struct @3 3, ptr struct named * 4, list union @5[2] 5',
      'struct : a int -1, - union @2 2',
      'union : u1 int -1, u2 long -1',
      'struct : fn void (*)(void) -1',
      'struct named: n int -1',
      'union : x int -1',
    ]);
  });

  test('members under #if', () => {
    const facts = factsOf(`struct x_ops {
	int (*open)(void);
#ifdef CONFIG_NUMA
	int (*set_policy)(void);
#else
	int (*no_policy)(void);
#endif
#if 0
	int (*gone)(void);
#endif
};
#ifdef CONFIG_A
struct a_only { int a; };
#endif`);
    expect(fields(facts, 'x_ops')).toEqual([
      'open: int (*)(void)',
      'set_policy: int (*)(void) if defined(CONFIG_NUMA)',
      'no_policy: int (*)(void) if !defined(CONFIG_NUMA)',
    ]);
    expect(facts.records[1].condition).toBe('defined(CONFIG_A)');
  });

  test('macros among the members', () => {
    const facts = factsOf(
      `#define COMMON_FIELDS int (*get)(void); int (*put)(void)
struct x_ops {
	COMMON_FIELDS;
	KABI_RESERVE(1)
	int (*open)(void);
	DECLARE_BITMAP(bits, 64);
	struct rcu_head rcu ____cacheline_aligned;
	int __private secret;
	int (*close)(void) __deprecated;
};`,
      {
        headers: {
          'include/linux/types.h': '#define DECLARE_BITMAP(name, bits) unsigned long name[BITS_TO_LONGS(bits)]\n',
          'include/linux/kabi.h': '#define KABI_RESERVE(n)\n',
        },
      },
    );
    expect(fields(facts, 'x_ops')).toEqual([
      'get: int (*)(void)',
      'put: int (*)(void)',
      'open: int (*)(void)',
      'bits: unsigned long[BITS_TO_LONGS(64)]',
      'rcu: struct rcu_head',
      'secret: int',
      'close: int (*)(void)',
    ]);
  });

  test('an attribute between the keyword and the tag', () => {
    const facts = factsOf(`struct __attribute__((packed)) packed_one { int a; };
struct __packed_thing packed_two { int b; };
struct ____cacheline_aligned aligned_one { int c; } ;`);
    expect(facts.records.map((r) => r.tag)).toEqual(['packed_one', 'packed_two', 'aligned_one']);
  });

  test('forward declarations are no records', () => {
    expect(factsOf('struct inode;\nunion u;\nstruct inode *get(struct file *);').records).toEqual([]);
  });
});

describeBoth('macros that define', (factsOf) => {
  const seqFile = `#define DEFINE_SHOW_ATTRIBUTE(__name) \\
static int __name ## _open(struct inode *inode, struct file *file) \\
{ \\
	return single_open(file, __name ## _show, inode->i_private); \\
} \\
static const struct file_operations __name ## _fops = { \\
	.owner		= THIS_MODULE, \\
	.open		= __name ## _open, \\
	.read		= seq_read, \\
	.release	= single_release, \\
}
#define DEFINE_SEQ_ATTRIBUTE(__name) \\
static const struct file_operations __name ## _fops = { .open = __name ## _open, .read = seq_read }
`;

  test('DEFINE_SHOW_ATTRIBUTE: a function and a table, at the place of the use', () => {
    const facts = factsOf(
      'static int foo_show(struct seq_file *m, void *v)\n{\n\treturn 0;\n}\nDEFINE_SHOW_ATTRIBUTE(foo);\n',
      {
        headers: { 'include/linux/seq_file.h': seqFile },
      },
    );
    expect(facts.functions.map((f) => [f.name, f.line, f.macro])).toEqual([
      ['foo_show', 1, false],
      ['foo_open', 5, true],
    ]);
    expect(inits(facts, 'foo_fops')).toEqual(['.open = foo_open', '.read = seq_read', '.release = single_release']);
    expect(facts.variables[0]).toMatchObject({ name: 'foo_fops', line: 5, macro: true, static: true, endLine: 5 });
  });

  test('DEFINE_SIMPLE_ATTRIBUTE', () => {
    const facts = factsOf('DEFINE_SIMPLE_ATTRIBUTE(my_fops, my_get, my_set, "%llu\\n");', {
      headers: {
        'include/linux/fs.h': `#define DEFINE_SIMPLE_ATTRIBUTE_XSIGNED(__fops, __get, __set, __fmt, __is_signed) \\
static int __fops ## _open(struct inode *inode, struct file *file) \\
{ \\
	__simple_attr_check_format(__fmt, 0ull); \\
	return simple_attr_open(inode, file, __get, __set, __fmt); \\
} \\
static const struct file_operations __fops = { \\
	.owner	 = THIS_MODULE, \\
	.open	 = __fops ## _open, \\
	.write	 = (__is_signed) ? simple_attr_write_signed : simple_attr_write, \\
}
#define DEFINE_SIMPLE_ATTRIBUTE(__fops, __get, __set, __fmt) \\
	DEFINE_SIMPLE_ATTRIBUTE_XSIGNED(__fops, __get, __set, __fmt, false)
`,
      },
    });
    expect(names(facts.functions)).toEqual(['my_fops_open']);
    expect(inits(facts, 'my_fops')).toEqual(['.open = my_fops_open', '.write = simple_attr_write']);
  });

  const sysfs = {
    'include/linux/stringify.h': '#define __stringify_1(x...) #x\n#define __stringify(x...) __stringify_1(x)\n',
    'include/linux/sysfs.h': `#define __ATTR(_name, _mode, _show, _store) { \\
	.attr = {.name = __stringify(_name), .mode = VERIFY_OCTAL_PERMISSIONS(_mode) }, \\
	.show	= _show, \\
	.store	= _store, \\
}
#define __ATTR_RW(_name) __ATTR(_name, 0644, _name##_show, _name##_store)
#define __ATTR_RO(_name) { .attr = { .name = __stringify(_name), .mode = 0444 }, .show = _name##_show }
`,
    'include/linux/device.h': `#define DEVICE_ATTR_RW(_name) \\
	struct device_attribute dev_attr_##_name = __ATTR_RW(_name)
#define DEVICE_ATTR(_name, _mode, _show, _store) \\
	struct device_attribute dev_attr_##_name = __ATTR(_name, _mode, _show, _store)
`,
  };

  test('DEVICE_ATTR_RW and __ATTR', () => {
    const facts = factsOf(
      `static DEVICE_ATTR_RW(speed);
static DEVICE_ATTR(mode, 0600, show_mode, NULL);
static struct kobj_attribute own = __ATTR(own, 0444, own_show, NULL);
static struct kobj_attribute list[] = { __ATTR_RO(x), __ATTR_RW(y) };`,
      { headers: sysfs },
    );
    expect(tables(facts)).toEqual([
      'struct device_attribute dev_attr_speed: .show = speed_show; .store = speed_store',
      'struct device_attribute dev_attr_mode: .show = show_mode',
      'struct kobj_attribute own: .show = own_show',
      'struct kobj_attribute[] list: {0}.show = x_show; {1}.show = y_show; {1}.store = y_store',
    ]);
  });

  test('DEFINE_SCHED_CLASS(fair) = { … }', () => {
    const facts = factsOf(
      `#define DEFINE_SCHED_CLASS(name) \\
const struct sched_class name##_sched_class __aligned(__alignof__(struct sched_class)) __section("__" #name "_sched_class")

DEFINE_SCHED_CLASS(fair) = {
	.enqueue_task = enqueue_task_fair,
#ifdef CONFIG_SMP
	.balance = balance_fair,
#endif
};`,
    );
    expect(tables(facts)).toEqual([
      'const struct sched_class fair_sched_class: .enqueue_task = enqueue_task_fair; .balance = balance_fair if defined(CONFIG_SMP)',
    ]);
  });

  test('__setup and module_init: a function put into an object', () => {
    const headers = {
      'include/linux/moduleparam.h': `#define __setup_param(str, unique_id, fn, early) \\
	static const char __setup_str_##unique_id[] __initconst = str; \\
	static struct obs_kernel_param __setup_##unique_id __used \\
		= { __setup_str_##unique_id, fn, early }
#define __setup(str, fn) __setup_param(str, fn, fn, 0)
#define __define_initcall(fn, id) static initcall_t __initcall_##fn##id __used = fn;
#define device_initcall(fn) __define_initcall(fn, 6)
`,
      'include/linux/module.h': '#define module_init(x) device_initcall(x);\n',
    };
    const facts = factsOf(
      `__setup("quiet", quiet_kernel);\nmodule_init(my_init);\nmodule_init(other_init)\nint after;`,
      {
        headers,
      },
    );
    expect(inits(facts, '__setup_quiet_kernel')).toEqual(['{0} = __setup_str_quiet_kernel', '{1} = quiet_kernel']);
    expect(inits(facts, '__initcall_my_init6')).toEqual([' = my_init']);
    expect(inits(facts, '__initcall_other_init6')).toEqual([' = other_init']);
    expect(names(facts.variables)).toContain('after');
  });

  test("a file's own macros for its tables", () => {
    const facts = factsOf(`#define MY_SEQ_OPS(name) \\
	static const struct seq_operations name##_seq_ops = { \\
		.start = name##_start, \\
		.show = name##_show, \\
	}
MY_SEQ_OPS(alpha);
MY_SEQ_OPS(beta);
#define ONE(n, f) [n] = { .handler = f, .name = #f },
static struct action actions[] = {
	ONE(0, first_handler)
	ONE(1, second_handler)
};`);
    expect(tables(facts)).toEqual([
      'const struct seq_operations alpha_seq_ops: .start = alpha_start; .show = alpha_show',
      'const struct seq_operations beta_seq_ops: .start = beta_start; .show = beta_show',
      'struct action[] actions: [0].handler = first_handler; [1].handler = second_handler',
    ]);
    expect(facts.variables.map((v) => v.line)).toEqual([6, 7, 9]);
  });

  test('a table in a header', () => {
    const facts = factsOf(
      `#ifndef _X_H
#define _X_H
static const struct x_ops header_ops = { .open = header_open };
#endif`,
      { path: 'drivers/x/x.h' },
    );
    expect(tables(facts)).toEqual(['const struct x_ops header_ops: .open = header_open']);
    expect(facts.variables[0].condition).toBeNull();
  });

  test('DEFINE_PER_CPU, LIST_HEAD and their like define variables', () => {
    const facts = factsOf('static DEFINE_PER_CPU(struct work, my_work) = { .func = my_func };\nLIST_HEAD(my_list);', {
      headers: {
        'include/linux/percpu-defs.h':
          '#define DEFINE_PER_CPU(type, name) __attribute__((section(".x"))) __typeof__(type) name\n',
        'include/linux/list.h':
          '#define LIST_HEAD_INIT(name) { &(name), &(name) }\n#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)\n',
      },
    });
    expect(tables(facts)).toEqual([
      'struct work my_work: .func = my_func',
      'struct list_head my_list: {0} = &my_list; {1} = &my_list',
    ]);
  });

  test('an X-macro header, included with its macro defined anew', () => {
    const facts = factsOf(
      `struct hook_heads {
#define LSM_HOOK(RET, DEFAULT, NAME, ...) struct hlist_head NAME;
#include <linux/hook_defs.h>
#undef LSM_HOOK
	int last;
};
union hook_options {
#define LSM_HOOK(RET, DEFAULT, NAME, ...) RET (*NAME)(__VA_ARGS__);
#include <linux/hook_defs.h>
#undef LSM_HOOK
};`,
      {
        headers: {
          'include/linux/hook_defs.h':
            'LSM_HOOK(int, 0, file_open, struct file *file)\nLSM_HOOK(void, LSM_RET_VOID, task_free, struct task *t)\n',
        },
      },
    );
    expect(fields(facts, 'hook_heads')).toEqual([
      'file_open: struct hlist_head',
      'task_free: struct hlist_head',
      'last: int',
    ]);
    expect(fields(facts, 'hook_options')).toEqual([
      'file_open: int (*)(struct file *file)',
      'task_free: void (*)(struct task *t)',
    ]);
  });
});

test('a header that another one reads again: what its macro calls define then', () => {
  const headers = {
    'include/linux/tracepoint.h': `#define PARAMS(args...) args
#define TRACE_EVENT(name, proto, args, fields) DECLARE_TRACE(name, PARAMS(proto), PARAMS(args))
#define DECLARE_TRACE(name, proto, args) static inline void trace_##name(proto) { }
#define DEFINE_TRACE(name, proto, args) \\
	int __traceiter_##name(void *__data, proto) \\
	{ \\
		void *it_func; \\
		do { it_func = next_func(); ((void (*)(void *, proto))(it_func))(__data, args); } while (0); \\
		return 0; \\
	}
`,
    'include/trace/define_trace.h': `#ifdef CREATE_TRACE_POINTS
#undef TRACE_EVENT
#define TRACE_EVENT(name, proto, args, fields) DEFINE_TRACE(name, PARAMS(proto), PARAMS(args))
#include TRACE_INCLUDE(TRACE_INCLUDE_FILE)
#endif
`,
  };
  const text = `#include <linux/tracepoint.h>
#define TP(x) x
#define OWN_EVENT(name) TRACE_EVENT(name, int n, n, TP(int n;))
TRACE_EVENT(sched_kick,
	int cpu, cpu,
	TP(
		__entry->cpu = cpu;
	)
);
OWN_EVENT(sched_done);
#include <trace/define_trace.h>
`;
  const facts = factsOf(text, { path: 'include/trace/events/sched.h', headers });
  expect(facts.functions.map((f) => `${f.name}:${f.line}`)).toEqual([
    'trace_sched_kick:4',
    'trace_sched_done:10',
    '__traceiter_sched_kick:4',
    '__traceiter_sched_done:10',
  ]);
  expect(facts.sites.map((s) => `${s.kind} ${s.name}:${s.line} in ${facts.functions[s.function].name}`)).toEqual([
    'pointer it_func:4 in __traceiter_sched_kick',
    'pointer it_func:10 in __traceiter_sched_done',
  ]);
  // in a file that nothing reads again there is one definition
  expect(factsOf(text.replace(/#include <trace.*/, ''), { path: 'kernel/x.c', headers }).functions).toHaveLength(2);
});
