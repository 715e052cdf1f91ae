/* SPDX-License-Identifier: MIT */
#ifndef _EXT4_H
#define _EXT4_H

#include <linux/dax.h>
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

struct ext4_inode_info {
	u32 i_flags;
	loff_t i_disksize;
	struct inode vfs_inode;
};

struct ext4_sb_info {
	unsigned int s_mount_opt;
	unsigned long s_mount_flags;
	char *s_image;
	size_t s_image_size;
	struct timer_list s_err_report;
	struct work_struct s_error_work;
	struct task_struct *s_lazyinit_task;
};

#define EXT4_MOUNT_DELALLOC		0x00001
#define EXT4_MOUNT_JOURNAL_DATA		0x00400
#define EXT4_MOUNT_DAX_ALWAYS		0x00800
#define EXT4_MOUNT_DIOREAD_NOLOCK	0x01000
#define EXT4_FLAGS_SHUTDOWN		1

#define test_opt(sb, opt)	(EXT4_SB(sb)->s_mount_opt & EXT4_MOUNT_##opt)

enum {
	EXT4_INODE_JOURNAL_DATA_MODE,
	EXT4_INODE_ORDERED_DATA_MODE,
};

static inline struct ext4_sb_info *EXT4_SB(struct super_block *sb)
{
	return sb->s_fs_info;
}

static inline struct ext4_inode_info *EXT4_I(struct inode *inode)
{
	return container_of(inode, struct ext4_inode_info, vfs_inode);
}

static inline bool ext4_forced_shutdown(struct ext4_sb_info *sbi)
{
	return sbi->s_mount_flags & EXT4_FLAGS_SHUTDOWN;
}

static inline int ext4_inode_journal_mode(struct inode *inode)
{
	if (test_opt(inode->i_sb, JOURNAL_DATA))
		return EXT4_INODE_JOURNAL_DATA_MODE;
	return EXT4_INODE_ORDERED_DATA_MODE;
}

static inline bool ext4_should_dioread_nolock(struct inode *inode)
{
	return test_opt(inode->i_sb, DIOREAD_NOLOCK);
}

/* file.c */
extern const struct file_operations ext4_file_operations;
extern const struct inode_operations ext4_file_inode_operations;

/* inode.c */
extern const struct iomap_ops ext4_iomap_ops;
struct inode *ext4_iget(struct super_block *sb, unsigned long ino);
void ext4_set_aops(struct inode *inode);
int ext4_setattr(struct dentry *dentry, loff_t size);
vm_fault_t ext4_page_mkwrite(struct vm_fault *vmf);

/* ioctl.c */
long ext4_ioctl(struct file *filp, unsigned int cmd, unsigned long arg);
#ifdef CONFIG_COMPAT
long ext4_compat_ioctl(struct file *filp, unsigned int cmd,
		       unsigned long arg);
#else
#define ext4_compat_ioctl	NULL
#endif

/* namei.c */
extern const struct inode_operations ext4_dir_inode_operations;

/* readpage.c */
int ext4_mpage_readpages(struct inode *inode, struct readahead_control *rac,
			 struct folio *folio);

#endif
