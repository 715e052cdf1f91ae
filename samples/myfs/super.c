// SPDX-License-Identifier: MIT
/*
 * Mounting myfs, and what a directory of it can do.
 */
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <myfs_compat.h>
#include "myfs.h"

static int myfs_create(MYFS_IDMAP_ARG struct inode *dir,
		       struct dentry *dentry, umode_t mode, bool excl);

static const struct inode_operations myfs_dir_inode_operations = {
	.create		= myfs_create,
	.lookup		= simple_lookup,
	.unlink		= simple_unlink,
};

static const struct inode_operations myfs_file_inode_operations = {
	.setattr	= simple_setattr,
	.getattr	= simple_getattr,
};

static struct inode *myfs_get_inode(struct super_block *sb, umode_t mode)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return NULL;
	inode->i_ino = get_next_ino();
	inode->i_mode = mode;
	inode->i_mapping->a_ops = &myfs_aops;
	if (S_ISDIR(mode)) {
		inode->i_op = &myfs_dir_inode_operations;
		inode->i_fop = &simple_dir_operations;
		inc_nlink(inode);
	} else {
		inode->i_op = &myfs_file_inode_operations;
		inode->i_fop = &myfs_file_operations;
	}
	return inode;
}

static int myfs_create(MYFS_IDMAP_ARG struct inode *dir,
		       struct dentry *dentry, umode_t mode, bool excl)
{
	struct inode *inode = myfs_get_inode(dir->i_sb, S_IFREG | mode);

	if (!inode)
		return -ENOSPC;
	d_instantiate(dentry, inode);
	dget(dentry);
	return 0;
}

static int myfs_show_options(struct seq_file *m, struct dentry *root)
{
	struct myfs_sb *sbi = myfs_sb(root->d_sb);

	seq_printf(m, ",faults=%ld,reads=%ld", atomic_long_read(&sbi->faults),
		   atomic_long_read(&sbi->reads));
	return 0;
}

static void myfs_put_super(struct super_block *sb)
{
	kfree(sb->s_fs_info);
}

static const struct super_operations myfs_ops = {
	.statfs		= simple_statfs,
	.drop_inode	= generic_delete_inode,
	.put_super	= myfs_put_super,
	.show_options	= myfs_show_options,
};

static int myfs_fill_super(struct super_block *sb, void *data, int silent)
{
	sb->s_fs_info = kzalloc(sizeof(struct myfs_sb), GFP_KERNEL);
	if (!sb->s_fs_info)
		return -ENOMEM;
	sb->s_magic = MYFS_MAGIC;
	sb->s_op = &myfs_ops;
	sb->s_root = d_make_root(myfs_get_inode(sb, S_IFDIR | 0755));
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *myfs_mount(struct file_system_type *type, int flags,
				 const char *dev_name, void *data)
{
	return mount_nodev(type, flags, data, myfs_fill_super);
}

static struct file_system_type myfs_type = {
	.owner		= THIS_MODULE,
	.name		= "myfs",
	.mount		= myfs_mount,
	.kill_sb	= kill_litter_super,
};

static int __init myfs_init(void)
{
	return register_filesystem(&myfs_type);
}

static void __exit myfs_exit(void)
{
	unregister_filesystem(&myfs_type);
}

module_init(myfs_init);
module_exit(myfs_exit);

MODULE_DESCRIPTION("A file system that says how it was reached");
MODULE_LICENSE("Dual MIT/GPL");
