// SPDX-License-Identifier: MIT
/*
 * myfs: the smallest file system that can be read, written and mapped. It
 * lives in the page cache.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include "myfs.h"

static const struct super_operations myfs_ops = { };

static int myfs_create(struct inode *dir, struct dentry *dentry, umode_t mode);

static const struct inode_operations myfs_dir_inode_operations = {
	.lookup		= simple_lookup,
	.create		= myfs_create,
};

static const struct inode_operations myfs_file_inode_operations = {
	.setattr	= simple_setattr,
};

static struct inode *myfs_get_inode(struct super_block *sb, umode_t mode)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_mode = mode;
	inode->i_mapping->a_ops = &myfs_aops;
	if (S_ISREG(mode)) {
		inode->i_op = &myfs_file_inode_operations;
		inode->i_fop = &myfs_file_operations;
	} else {
		inode->i_op = &myfs_dir_inode_operations;
	}
	return inode;
}

static int myfs_create(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	dentry->d_inode = myfs_get_inode(dir->i_sb, S_IFREG | mode);
	return dentry->d_inode ? d_add(dentry) : -ENOSPC;
}

static int myfs_fill_super(struct super_block *sb, void *data, int silent)
{
	sb->s_op = &myfs_ops;
	sb->s_root = d_make_root(myfs_get_inode(sb, S_IFDIR | 0755));
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *myfs_mount(struct file_system_type *fs_type, int flags,
				 const char *dev_name, void *data)
{
	return mount_nodev(fs_type, flags, data, myfs_fill_super);
}

static struct file_system_type myfs_fs_type = {
	.owner		= THIS_MODULE,
	.name		= "myfs",
	.mount		= myfs_mount,
	.kill_sb	= kill_anon_super,
};

static int __init init_myfs_fs(void)
{
	return register_filesystem(&myfs_fs_type);
}

static void __exit exit_myfs_fs(void)
{
	unregister_filesystem(&myfs_fs_type);
}

module_init(init_myfs_fs);
module_exit(exit_myfs_fs);

MODULE_DESCRIPTION("A file system to try things on");
MODULE_LICENSE("Dual MIT/GPL");
