// SPDX-License-Identifier: MIT
/*
 * A function for every hook, and the table of them all: both made from the
 * list in lsm_hook_defs.h.
 */
#include <linux/lsm_hooks.h>

#ifdef CONFIG_BPF_LSM

/* A BPF program may take the place of each; until then, the default. */
#define LSM_HOOK(RET, DEFAULT, NAME, ...)				\
static noinline RET bpf_lsm_##NAME(__VA_ARGS__)				\
{									\
	return DEFAULT;							\
}
#include <linux/lsm_hook_defs.h>
#undef LSM_HOOK

static struct security_hook_list bpf_lsm_hooks[] __ro_after_init = {
	#define LSM_HOOK(RET, DEFAULT, NAME, ...) \
	LSM_HOOK_INIT(NAME, bpf_lsm_##NAME),
	#include <linux/lsm_hook_defs.h>
	#undef LSM_HOOK
};

static int __init bpf_lsm_init(void)
{
	security_add_hooks(bpf_lsm_hooks, ARRAY_SIZE(bpf_lsm_hooks), "bpf");
	return 0;
}

DEFINE_LSM(bpf) = {
	.name = "bpf",
	.init = bpf_lsm_init,
};

#endif
