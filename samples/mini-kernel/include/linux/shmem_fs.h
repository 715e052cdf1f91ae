/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SHMEM_FS_H
#define _LINUX_SHMEM_FS_H

#include <linux/fs.h>
#include <linux/mm.h>

struct shmem_inode_info {
	unsigned int seals;
	struct mempolicy *policy;
	struct inode vfs_inode;
};

#define F_SEAL_WRITE	0x0008

static inline struct shmem_inode_info *SHMEM_I(struct inode *inode)
{
	return container_of(inode, struct shmem_inode_info, vfs_inode);
}

struct file *shmem_kernel_file_setup(const char *name, loff_t size,
				     unsigned long flags);

#endif
