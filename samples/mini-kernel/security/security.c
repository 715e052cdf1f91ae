// SPDX-License-Identifier: MIT
/*
 * Each security_*() asks the modules that have put a function on its list.
 */
#include <linux/lsm_hooks.h>
#include <linux/module.h>

#ifdef CONFIG_SECURITY

struct security_hook_heads security_hook_heads __ro_after_init;

void __init security_add_hooks(struct security_hook_list *hooks, int count,
			       const char *lsm)
{
	for (int i = 0; i < count; i++) {
		hooks[i].lsm = lsm;
		hlist_add_head(&hooks[i].list, hooks[i].head);
	}
}

int __init security_init(void)
{
	struct lsm_info *lsm;

	for (lsm = __start_lsm_info; lsm < __end_lsm_info; lsm++)
		lsm->init();
	return 0;
}

/* All of them, whatever they say. */
#define call_void_hook(name, args...) do {				\
	struct security_hook_list *entry;				\
									\
	hlist_for_each_entry(entry, &security_hook_heads.name, list)	\
		entry->hook.name(args);					\
} while (0)

/* Until the first that says no. */
#define call_int_hook(name, otherwise, args...) ({			\
	struct security_hook_list *entry;				\
	int verdict = otherwise;					\
									\
	hlist_for_each_entry(entry, &security_hook_heads.name, list) {	\
		verdict = entry->hook.name(args);			\
		if (verdict)						\
			break;						\
	}								\
	verdict; })

int security_bprm_check(struct linux_binprm *bprm)
{
	return call_int_hook(bprm_check_security, 0, bprm);
}

int security_file_alloc(struct file *file)
{
	return call_int_hook(file_alloc_security, 0, file);
}

void security_file_free(struct file *file)
{
	call_void_hook(file_free_security, file);
}

int security_file_open(struct file *file)
{
	return call_int_hook(file_open, 0, file);
}

int security_file_permission(struct file *file, int mask)
{
	return call_int_hook(file_permission, 0, file, mask);
}

int security_mmap_file(struct file *file, unsigned long prot,
		       unsigned long flags)
{
	return call_int_hook(mmap_file, 0, file, prot, flags);
}

#endif
