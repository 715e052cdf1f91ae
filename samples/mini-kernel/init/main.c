// SPDX-License-Identifier: MIT
/*
 * The kernel starts: the command line, then every initcall in its order.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/security.h>

static char *saved_command_line = "lp=reset";

int do_one_initcall(initcall_t fn)
{
	int ret = fn();

	if (ret)
		pr_info("initcall %pS returned %d\n", fn, ret);
	return ret;
}

static bool __init obsolete_checksetup(char *line)
{
	const struct obs_kernel_param *p;

	for (p = __setup_start; p < __setup_end; p++) {
		size_t n = strlen(p->str);

		if (!strncmp(line, p->str, n) && p->setup_func(line + n))
			return true;
	}
	return false;
}

static void __init do_initcalls(void)
{
	initcall_t *fn;

	for (fn = __initcall_start; fn < __initcall_end; fn++)
		do_one_initcall(*fn);
}

static int __init setup_command_line(void)
{
	return obsolete_checksetup(saved_command_line) ? 0 : -EINVAL;
}

/* What has to come before the first initcall. */
static void __init do_pre_smp_initcalls(void)
{
	static initcall_t actions[] = { setup_command_line, security_init };

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		do_one_initcall(actions[i]);
}

static int __init kernel_init(void *unused)
{
	do_pre_smp_initcalls();
	do_initcalls();
	return 0;
}

static noinline void __init rest_init(void)
{
	kthread_run(kernel_init, NULL, "init");
	for (;;)
		schedule();
}

asmlinkage __visible void __init start_kernel(void)
{
	rest_init();
}
