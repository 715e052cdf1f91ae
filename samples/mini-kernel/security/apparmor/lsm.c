// SPDX-License-Identifier: MIT
#include <linux/fs.h>
#include <linux/lsm_hooks.h>
#include <linux/mm.h>

#ifdef CONFIG_SECURITY_APPARMOR

struct aa_file_ctx {
	int allowed;
};

static int apparmor_file_alloc_security(struct file *file)
{
	struct aa_file_ctx *ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	ctx->allowed = MAY_READ | MAY_WRITE | MAY_EXEC;
	file->f_security = ctx;
	return 0;
}

static void apparmor_file_free_security(struct file *file)
{
	kfree(file->f_security);
}

static int common_file_perm(struct file *file, int mask)
{
	struct aa_file_ctx *ctx = file->f_security;

	return mask & ~ctx->allowed ? -EACCES : 0;
}

static int apparmor_file_permission(struct file *file, int mask)
{
	return common_file_perm(file, mask);
}

static int apparmor_mmap_file(struct file *file, unsigned long prot,
			      unsigned long flags)
{
	if (!file)
		return 0;
	return common_file_perm(file, prot & PROT_EXEC ? MAY_EXEC : MAY_READ);
}

static struct security_hook_list apparmor_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(file_alloc_security, apparmor_file_alloc_security),
	LSM_HOOK_INIT(file_free_security, apparmor_file_free_security),
	LSM_HOOK_INIT(file_permission, apparmor_file_permission),
	LSM_HOOK_INIT(mmap_file, apparmor_mmap_file),
};

static int __init apparmor_init(void)
{
	security_add_hooks(apparmor_hooks, ARRAY_SIZE(apparmor_hooks),
			   "apparmor");
	return 0;
}

DEFINE_LSM(apparmor) = {
	.name = "apparmor",
	.init = apparmor_init,
};

#endif
