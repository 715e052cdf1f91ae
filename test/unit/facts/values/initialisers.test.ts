import { expect, test } from 'vitest';
import { describeBoth, inits, names, tables } from '../factsOf.ts';

describeBoth('registrations in initialisers', (factsOf) => {
  test('designated members', () => {
    const facts = factsOf(`static const struct file_operations my_fops = {
	.owner	= THIS_MODULE,
	.open	= my_open,
	.read	= my_read,
	.llseek	= NULL,
};
`);
    expect(inits(facts, 'my_fops')).toEqual(['.open = my_open', '.read = my_read']);
    const [table] = facts.variables;
    expect(table).toMatchObject({
      name: 'my_fops',
      type: 'const struct file_operations',
      line: 1,
      column: 37,
      endLine: 6,
      static: true,
      function: null,
      macro: false,
      condition: null,
    });
    expect(table.inits[0].value).toMatchObject({ name: 'my_open', line: 3, column: 10 });
  });

  test('nested braces and dotted designators', () => {
    const facts = factsOf(`struct bus my_bus = {
	.ops = { .open = my_open, .inner = { .close = my_close } },
	.pm.suspend = my_suspend,
	.name = "my",
};`);
    expect(inits(facts, 'my_bus')).toEqual([
      '.ops.open = my_open',
      '.ops.inner.close = my_close',
      '.pm.suspend = my_suspend',
    ]);
  });

  test('array elements by number, enum and macro index', () => {
    const facts = factsOf(
      `enum { FIRST, SECOND };
static int (*handlers[])(void) = {
	[0] = zeroth,
	[SECOND] = second,
	[NR_X - 1] = last,
	next_to_last,
};`,
    );
    expect(facts.variables[0].type).toBe('int (*[])(void)');
    expect(inits(facts, 'handlers').slice(0, 3)).toEqual(['[0] = zeroth', '[SECOND] = second', '[NR_X-1] = last']);
  });

  test('an array of tables', () => {
    const facts = factsOf(`static struct x_ops list[] = {
	[IDX_A] = { .probe = a_probe },
	[2].remove = b_remove,
	[3] = { .probe = c_probe, .remove = c_remove },
	{ .probe = d_probe },
};`);
    expect(inits(facts, 'list')).toEqual([
      '[IDX_A].probe = a_probe',
      '[2].remove = b_remove',
      '[3].probe = c_probe',
      '[3].remove = c_remove',
      '{4}.probe = d_probe',
    ]);
  });

  test('a range of elements', () => {
    const facts = factsOf(`static handler_t table[NR] = {
	[0 ... NR - 1] = unhandled,
	[TRAP_A ... TRAP_B] = trap,
	[1 ...5]= five,
};`);
    expect(inits(facts, 'table')).toEqual(['[0...NR-1] = unhandled', '[TRAP_A...TRAP_B] = trap', '[1...5] = five']);
  });

  test('positions', () => {
    const facts = factsOf(`static struct proto p = { "name", my_open, 0, &my_close };
static const struct entry list[] = {
	{ "a", a_show, NULL },
	{ "b", b_show, b_store },
};`);
    expect(inits(facts, 'p')).toEqual(['{1} = my_open', '{3} = &my_close']);
    expect(inits(facts, 'list')).toEqual(['{0}{1} = a_show', '{1}{1} = b_show', '{1}{2} = b_store']);
  });

  test('positions go on behind a designated element', () => {
    const facts = factsOf('static fn_t list[] = { first, [4] = fifth, sixth, [0] = again, second };');
    expect(inits(facts, 'list')).toEqual(['{0} = first', '[4] = fifth', '{5} = sixth', '[0] = again', '{1} = second']);
  });

  test("GNU's old form", () => {
    const facts = factsOf('static struct x_ops old = {\n\topen: my_open,\n\trelease : my_release,\n\tmode: 3,\n};');
    expect(inits(facts, 'old')).toEqual(['.open = my_open', '.release = my_release']);
  });

  test('addresses, casts and parentheses', () => {
    const facts = factsOf(`static const struct x_ops ops = {
	.a = &fa,
	.b = (void *)fb,
	.c = (int (*)(struct inode *, void *))fc,
	.d = ((fd)),
	.e = (notifier_fn_t)(fe),
	.f = (void *)&ff,
	.g = (unsigned long)fg,
};`);
    expect(inits(facts, 'ops')).toEqual([
      '.a = &fa',
      '.b = fb',
      '.c = fc',
      '.d = fd',
      '.e = fe',
      '.f = &ff',
      '.g = fg',
    ]);
  });

  test('a choice: both functions, and the configuration asked for', () => {
    const facts = factsOf(`struct x_ops ops = {
	.a = cond ? f : g,
	.b = IS_ENABLED(CONFIG_X) ? fx : NULL,
	.c = IS_ENABLED(CONFIG_X) ? fx : fy,
	.d = (sizeof(long) == 8) ? f64 : f32,
};`);
    expect(inits(facts, 'ops')).toEqual([
      '.a = f',
      '.a = g',
      '.b = fx if IS_ENABLED(CONFIG_X)',
      '.c = fx if IS_ENABLED(CONFIG_X)',
      '.c = fy if !(IS_ENABLED(CONFIG_X))',
      '.d = f64',
      '.d = f32',
    ]);
  });

  test('wrappers that the tree defines, and one that nobody defines', () => {
    const headers = {
      'include/linux/kernel.h': '#define PTR_IF(cond, ptr)\t((cond) ? (ptr) : NULL)\n',
      'include/linux/pm.h': '#define pm_ptr(_ptr) PTR_IF(IS_ENABLED(CONFIG_PM), (_ptr))\n',
      'include/linux/of.h': `#ifdef CONFIG_OF
#define of_match_ptr(_ptr)	(_ptr)
#else
#define of_match_ptr(_ptr)	NULL
#endif
`,
    };
    const facts = factsOf(
      `static struct platform_driver drv = {
	.probe = my_probe,
	.driver = {
		.pm = pm_ptr(&my_pm_ops),
		.of_match_table = of_match_ptr(my_match),
	},
	.shutdown = unknown_wrapper(my_shutdown),
};`,
      { headers },
    );
    expect(inits(facts, 'drv')).toEqual([
      '.probe = my_probe',
      '.driver.pm = &my_pm_ops if IS_ENABLED(CONFIG_PM)',
      '.driver.of_match_table = my_match if defined(CONFIG_OF)',
      '.shutdown = my_shutdown',
    ]);
  });

  test('compound literals', () => {
    const facts = factsOf(`static const struct clk_init init = {
	.ops = &(const struct clk_ops){ .enable = my_enable, .disable = my_disable },
	.hw.init = &(struct clk_init_data){ .ops = &my_clk_ops },
	.list = (struct cb[]){ { .fn = cb_one }, { .fn = cb_two } },
};`);
    expect(inits(facts, 'init')).toEqual([
      '.ops.enable = my_enable as const struct clk_ops@1',
      '.ops.disable = my_disable as const struct clk_ops@1',
      '.hw.init.ops = &my_clk_ops as struct clk_init_data@2',
      '.list{0}.fn = cb_one as struct cb[]@1',
      '.list{1}.fn = cb_two as struct cb[]@1',
    ]);
  });

  test('members under #if keep their condition', () => {
    const facts = factsOf(`static const struct file_operations fops = {
	.open = my_open,
#ifdef CONFIG_COMPAT
	.compat_ioctl = my_compat_ioctl,
#else
	.compat_ioctl = my_plain_ioctl,
#endif
#if defined(CONFIG_A) && !defined(CONFIG_B)
	.mmap = my_mmap,
#endif
	.read = my_read,
};`);
    expect(inits(facts, 'fops')).toEqual([
      '.open = my_open',
      '.compat_ioctl = my_compat_ioctl if defined(CONFIG_COMPAT)',
      '.compat_ioctl = my_plain_ioctl if !defined(CONFIG_COMPAT)',
      '.mmap = my_mmap if defined(CONFIG_A) && !defined(CONFIG_B)',
      '.read = my_read',
    ]);
  });

  test('a macro that is NULL in one arm names the function of the other', () => {
    const facts = factsOf(`#ifdef CONFIG_COMPAT
static long my_compat_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	return 0;
}
#else
#define my_compat_ioctl NULL
#endif
static const struct file_operations fops = { .compat_ioctl = my_compat_ioctl };`);
    expect(inits(facts, 'fops')).toEqual(['.compat_ioctl = my_compat_ioctl']);
  });

  test('a whole table under #ifdef', () => {
    const facts = factsOf(`#ifdef CONFIG_PM
static const struct dev_pm_ops my_pm = { .suspend = my_suspend };
#endif`);
    expect(facts.variables[0].condition).toBe('defined(CONFIG_PM)');
    expect(names(facts.variables)).toEqual(['my_pm']);
  });

  test('SIMPLE_DEV_PM_OPS makes the table, SET_SYSTEM_SLEEP_PM_OPS a part of it', () => {
    const headers = {
      'include/linux/pm.h': `#ifdef CONFIG_PM_SLEEP
#define SET_SYSTEM_SLEEP_PM_OPS(suspend_fn, resume_fn) \\
	.suspend = suspend_fn, \\
	.resume = resume_fn,
#else
#define SET_SYSTEM_SLEEP_PM_OPS(suspend_fn, resume_fn)
#endif
#define SIMPLE_DEV_PM_OPS(name, suspend_fn, resume_fn) \\
const struct dev_pm_ops name = { \\
	SET_SYSTEM_SLEEP_PM_OPS(suspend_fn, resume_fn) \\
}
`,
    };
    const facts = factsOf(
      `static SIMPLE_DEV_PM_OPS(simple_pm, my_suspend, my_resume);
static const struct dev_pm_ops own_pm = {
	SET_SYSTEM_SLEEP_PM_OPS(own_suspend, own_resume)
	.prepare = own_prepare,
};`,
      { headers },
    );
    expect(tables(facts)).toEqual([
      'const struct dev_pm_ops simple_pm: .suspend = my_suspend if defined(CONFIG_PM_SLEEP); .resume = my_resume if defined(CONFIG_PM_SLEEP)',
      'const struct dev_pm_ops own_pm: .suspend = own_suspend if defined(CONFIG_PM_SLEEP); .resume = own_resume if defined(CONFIG_PM_SLEEP); .prepare = own_prepare',
    ]);
    expect(facts.variables[0]).toMatchObject({ line: 1, static: true });
  });

  test('LSM_HOOK_INIT and other element macros', () => {
    const facts = factsOf(
      `#define ENTRY(nm, f) { .name = #nm, .handler = f }
static struct security_hook_list my_hooks[] = {
	LSM_HOOK_INIT(file_open, my_file_open),
	LSM_HOOK_INIT(task_free, my_task_free),
};
static struct entry entries[] = { ENTRY(a, handle_a), ENTRY(b, handle_b) };`,
      {
        headers: {
          'include/linux/lsm_hooks.h':
            '#define LSM_HOOK_INIT(HEAD, HOOK) \\\n\t{ .head = &security_hook_heads.HEAD, .hook = { .HEAD = HOOK } }\n',
        },
      },
    );
    expect(inits(facts, 'my_hooks').sort()).toEqual([
      '{0}.head = &security_hook_heads.file_open',
      '{0}.hook.file_open = my_file_open',
      '{1}.head = &security_hook_heads.task_free',
      '{1}.hook.task_free = my_task_free',
    ]);
    expect(inits(facts, 'entries')).toEqual(['{0}.handler = handle_a', '{1}.handler = handle_b']);
  });

  test('an element macro without its comma', () => {
    const facts = factsOf(`#define SOME_OPS(f) .open = f
struct x_ops ops = {
	SOME_OPS(my_open)
	.remove = my_remove,
};`);
    expect(inits(facts, 'ops')).toEqual(['.open = my_open', '.remove = my_remove']);
  });

  test('arrays of plain function pointers', () => {
    const facts = factsOf(`typedef int (*initcall_t)(void);
static initcall_t actions[] = { do_start, do_symlink, &do_collect, NULL };
static void (*const hooks[])(struct x *) = { hook_a, hook_b };
static int (*single)(int) = single_impl;`);
    expect(inits(facts, 'actions')).toEqual(['{0} = do_start', '{1} = do_symlink', '{2} = &do_collect']);
    expect(inits(facts, 'hooks')).toEqual(['{0} = hook_a', '{1} = hook_b']);
    expect(inits(facts, 'single')).toEqual([' = single_impl']);
  });

  test('static tables inside functions', () => {
    const facts = factsOf(`int my_init(struct net *net)
{
	static const struct x_ops local_ops = {
		.open = local_open,
	};
	if (net) {
		static struct x_ops inner = { .close = inner_close };
		return use(&inner);
	}
	return use(&local_ops);
}`);
    expect(tables(facts)).toEqual([
      'const struct x_ops local_ops: .open = local_open',
      'struct x_ops inner: .close = inner_close',
    ]);
    expect(facts.variables.map((v) => [v.name, v.line, v.function, v.static])).toEqual([
      ['local_ops', 3, 'my_init', true],
      ['inner', 7, 'my_init', true],
    ]);
  });

  test('a variable of an unnamed struct', () => {
    const facts = factsOf(`static struct {
	const char *name;
	int (*run)(void);
} jobs[] = {
	{ "one", job_one },
	{ .run = job_two },
};`);
    expect(facts.variables[0].type).toBe('struct @0[]');
    expect(inits(facts, 'jobs')).toEqual(['{0}{1} = job_one', '{1}.run = job_two']);
  });

  test('several variables in one declaration', () => {
    const facts = factsOf('static struct x_ops a = { .open = a_open }, b = { .open = b_open }, *p = &a;');
    expect(tables(facts)).toEqual([
      'struct x_ops a: .open = a_open',
      'struct x_ops b: .open = b_open',
      'struct x_ops * p:  = &a',
    ]);
  });

  test('names that are members, constants, strings or calls of sizeof are no values', () => {
    const facts = factsOf(`static struct x x = {
	.size = sizeof(struct thing),
	.off = offsetof(struct thing, member),
	.mode = S_IRUGO | S_IWUSR,
	.name = "text, with = { braces }",
	.c = '}',
	.flag = true,
	.sum = a + b,
	.fn = real_fn,
};`);
    expect(inits(facts, 'x')).toEqual(['.fn = real_fn']);
  });

  test('attributes and section macros around a table', () => {
    const facts = factsOf(
      `static const struct x_ops ops __initconst = { .open = my_open };
struct x_ops other __attribute__((aligned(8), section(".data"))) = { .open = other_open };
static struct x_ops __used __section("x") third = { .open = third_open };
const struct x_ops fourth ____cacheline_aligned_in_smp = { .open = fourth_open };`,
    );
    expect(tables(facts)).toEqual([
      'const struct x_ops ops: .open = my_open',
      'struct x_ops other: .open = other_open',
      'struct x_ops third: .open = third_open',
      'const struct x_ops fourth: .open = fourth_open',
    ]);
  });

  test('a table whose #if arms each open it', () => {
    const facts = factsOf(`#ifdef CONFIG_A
static struct x_ops a_ops = {
#else
static struct x_ops b_ops = {
#endif
	.open = my_open,
};`);
    expect(tables(facts)).toEqual(['struct x_ops a_ops: .open = my_open', 'struct x_ops b_ops: .open = my_open']);
  });
});
