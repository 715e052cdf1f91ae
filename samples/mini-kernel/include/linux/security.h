/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SECURITY_H
#define _LINUX_SECURITY_H

#include <linux/types.h>

struct file;
struct linux_binprm;

#define MAY_EXEC	0x01
#define MAY_WRITE	0x02
#define MAY_READ	0x04

#define LSM_RET_VOID	((void)0)

#ifdef CONFIG_SECURITY
int security_init(void);
int security_bprm_check(struct linux_binprm *bprm);
int security_file_alloc(struct file *file);
void security_file_free(struct file *file);
int security_file_open(struct file *file);
int security_file_permission(struct file *file, int mask);
int security_mmap_file(struct file *file, unsigned long prot,
		       unsigned long flags);
#else
static inline int security_init(void)
{
	return 0;
}

static inline int security_bprm_check(struct linux_binprm *bprm)
{
	return 0;
}

static inline int security_file_alloc(struct file *file)
{
	return 0;
}

static inline void security_file_free(struct file *file)
{
}

static inline int security_file_open(struct file *file)
{
	return 0;
}

static inline int security_file_permission(struct file *file, int mask)
{
	return 0;
}

static inline int security_mmap_file(struct file *file, unsigned long prot,
				     unsigned long flags)
{
	return 0;
}
#endif

#endif
