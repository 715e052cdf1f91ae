/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_BINFMTS_H
#define _LINUX_BINFMTS_H

#include <linux/fs.h>

#define BINPRM_BUF_SIZE	256

/* What is known about a program on its way to being run. */
struct linux_binprm {
	struct file *file;
	const char *filename;
	unsigned long entry;
	char buf[BINPRM_BUF_SIZE];
};

/**
 * struct linux_binfmt - one format of executables
 * @lh: links the formats, in the order in which they are tried
 * @module: owner
 * @load_binary: load the program, or say -ENOEXEC if it is no such file
 */
struct linux_binfmt {
	struct list_head lh;
	struct module *module;
	int (*load_binary)(struct linux_binprm *bprm);
};

void register_binfmt(struct linux_binfmt *fmt);

#endif
