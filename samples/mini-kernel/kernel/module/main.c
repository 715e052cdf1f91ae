// SPDX-License-Identifier: MIT
/*
 * Loading and unloading modules.
 */
#include <linux/module.h>
#include <linux/syscalls.h>

static LIST_HEAD(modules);

static int do_init_module(struct module *mod)
{
	int ret = 0;

	if (mod->init)
		ret = do_one_initcall(mod->init);
	if (!ret)
		list_add_tail(&mod->list, &modules);
	return ret;
}

/* In the kernel umod is a file's content; here it has been linked already. */
static int load_module(struct module *mod)
{
	return do_init_module(mod);
}

SYSCALL_DEFINE3(init_module, void __user *, umod, unsigned long, len,
		const char __user *, uargs)
{
	if (len < sizeof(struct module))
		return -EINVAL;
	return load_module(umod);
}

SYSCALL_DEFINE2(delete_module, const char __user *, name_user,
		unsigned int, flags)
{
	struct module *mod;

	list_for_each_entry(mod, &modules, list) {
		if (strcmp(mod->name, name_user))
			continue;
		if (mod->exit != NULL)
			mod->exit();
		list_del(&mod->list);
		return 0;
	}
	return -ENOENT;
}
