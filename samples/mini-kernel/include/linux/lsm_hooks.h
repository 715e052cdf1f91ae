/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_LSM_HOOKS_H
#define _LINUX_LSM_HOOKS_H

#include <linux/init.h>
#include <linux/list.h>
#include <linux/security.h>

/* One function pointer per hook. */
union security_list_options {
	#define LSM_HOOK(RET, DEFAULT, NAME, ...) RET (*NAME)(__VA_ARGS__);
	#include <linux/lsm_hook_defs.h>
	#undef LSM_HOOK
};

/* One list of modules per hook. */
struct security_hook_heads {
	#define LSM_HOOK(RET, DEFAULT, NAME, ...) struct hlist_head NAME;
	#include <linux/lsm_hook_defs.h>
	#undef LSM_HOOK
};

/**
 * struct security_hook_list - one module's function for one hook
 * @hook: the function, in the member that bears the hook's name
 * @head: the list of all modules' functions for it
 * @list: links them
 * @lsm: the name of the module
 */
struct security_hook_list {
	union security_list_options hook;
	struct hlist_head *head;
	struct hlist_node list;
	const char *lsm;
};

#define LSM_HOOK_INIT(HOOK, FUNC) {					\
	.head = &security_hook_heads.HOOK,				\
	.hook = { .HOOK = FUNC },					\
}

struct lsm_info {
	const char *name;
	int (*init)(void);
};

#define DEFINE_LSM(lsm)							\
	static struct lsm_info __lsm_##lsm __used			\
		__section(".lsm_info.init")

extern struct security_hook_heads security_hook_heads;
extern struct lsm_info __start_lsm_info[], __end_lsm_info[];

void security_add_hooks(struct security_hook_list *hooks, int count,
			const char *lsm);

#endif
