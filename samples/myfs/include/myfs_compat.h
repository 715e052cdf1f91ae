/* SPDX-License-Identifier: MIT */
/*
 * What the kernel has called otherwise over the years, so that the rest of
 * myfs need not ask which kernel it is built for.
 */
#ifndef _MYFS_COMPAT_H
#define _MYFS_COMPAT_H

#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/version.h>

/* Pages became folios: ->readpage() is ->read_folio() since 5.19. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 19, 0)
#define MYFS_HAVE_READ_FOLIO
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(4, 17, 0)
typedef int vm_fault_t;
#endif

/* The first parameter of what makes an inode, where there is one. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
#define MYFS_IDMAP_ARG	struct mnt_idmap *idmap,
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(5, 12, 0)
#define MYFS_IDMAP_ARG	struct user_namespace *mnt_userns,
#else
#define MYFS_IDMAP_ARG
#endif

#endif
