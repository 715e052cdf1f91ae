/* SPDX-License-Identifier: MIT */
#ifndef _MYFS_H
#define _MYFS_H

#include <linux/atomic.h>
#include <linux/fs.h>
#include <linux/types.h>

#define MYFS_MAGIC	0x6d796673

/**
 * struct myfs_sb - what a mounted myfs knows of itself
 * @faults: page faults in mapped files
 * @reads: pages that were filled
 */
struct myfs_sb {
	atomic_long_t faults;
	atomic_long_t reads;
};

static inline struct myfs_sb *myfs_sb(struct super_block *sb)
{
	return sb->s_fs_info;
}

extern const struct file_operations myfs_file_operations;
extern const struct address_space_operations myfs_aops;

#endif
