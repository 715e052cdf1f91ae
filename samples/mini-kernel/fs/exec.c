// SPDX-License-Identifier: MIT
/*
 * Running a program: its first bytes tell which format will load it.
 */
#include <linux/binfmts.h>
#include <linux/module.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/syscalls.h>

static LIST_HEAD(formats);

void register_binfmt(struct linux_binfmt *fmt)
{
	list_add_tail(&fmt->lh, &formats);
}
EXPORT_SYMBOL(register_binfmt);

static int prepare_binprm(struct linux_binprm *bprm)
{
	loff_t from = 0;

	return kernel_read(bprm->file, bprm->buf, sizeof(bprm->buf), &from);
}

/* Each format in turn, until one knows the program. */
static int search_binary_handler(struct linux_binprm *bprm)
{
	struct linux_binfmt *format;
	int err = prepare_binprm(bprm);

	if (err >= 0)
		err = security_bprm_check(bprm);
	if (err)
		return err;

	list_for_each_entry(format, &formats, lh) {
		err = format->load_binary(bprm);
		if (err != -ENOEXEC)
			return err;
	}
	return -ENOEXEC;
}

static int exec_binprm(struct linux_binprm *bprm)
{
	return search_binary_handler(bprm);
}

static int bprm_execve(struct linux_binprm *bprm)
{
	bprm->file = filp_open(bprm->filename, O_RDONLY);
	if (IS_ERR(bprm->file))
		return PTR_ERR(bprm->file);
	return exec_binprm(bprm);
}

static int do_execveat_common(const char *filename)
{
	struct linux_binprm *bprm = kzalloc(sizeof(*bprm), GFP_KERNEL);
	int err = -ENOMEM;

	if (bprm) {
		bprm->filename = filename;
		err = bprm_execve(bprm);
		kfree(bprm);
	}
	return err;
}

static int do_execve(const char *filename)
{
	return do_execveat_common(filename);
}

SYSCALL_DEFINE3(execve, const char __user *, filename,
		const char __user *const __user *, argv,
		const char __user *const __user *, envp)
{
	return do_execve(filename);
}
