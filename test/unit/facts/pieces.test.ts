import { expect, test } from 'vitest';
import { describeBoth, factsOf, fields, inits, names, tables } from './factsOf.ts';

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

test('a macro that stands alone for a list of definitions ends where its line does', () => {
  const facts = factsOf(
    `#define ONE(n) extern int n##_id;
#define ALL_IDS ONE(a) ONE(b)
#define OWN_TYPE struct kind *
#define MAKE(name, args) void name(args) { }

ALL_IDS

MAKE(first,
	int n
);
OWN_TYPE
second(void) { return 0; }
`,
  );
  expect(names(facts.functions)).toEqual(['first', 'second']);
  expect(names(facts.declarations)).toEqual(['a_id', 'b_id']);
});
