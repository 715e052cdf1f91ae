// SPDX-License-Identifier: MIT
/*
 * File systems: their list, mounting, and the inodes of a mounted one.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/syscalls.h>

static LIST_HEAD(file_systems);

int register_filesystem(struct file_system_type *fs)
{
	list_add_tail(&fs->list, &file_systems);
	return 0;
}
EXPORT_SYMBOL(register_filesystem);

void unregister_filesystem(struct file_system_type *fs)
{
	list_del(&fs->list);
}
EXPORT_SYMBOL(unregister_filesystem);

struct inode *new_inode(struct super_block *sb)
{
	struct inode *inode;

	if (sb->s_op->alloc_inode)
		inode = sb->s_op->alloc_inode(sb);
	else
		inode = kzalloc(sizeof(*inode), GFP_KERNEL);
	if (!inode)
		return NULL;

	inode->i_sb = sb;
	inode->i_mapping = &inode->i_data;
	inode->i_data.host = inode;
	INIT_LIST_HEAD(&inode->i_data.i_pages);
	list_add_tail(&inode->i_sb_list, &sb->s_inodes);
	return inode;
}
EXPORT_SYMBOL(new_inode);

void iput(struct inode *inode)
{
	const struct super_operations *ops = inode->i_sb->s_op;

	list_del(&inode->i_sb_list);
	ops->free_inode ? ops->free_inode(inode) : kfree(inode);
}
EXPORT_SYMBOL(iput);

struct dentry *d_make_root(struct inode *root)
{
	struct dentry *dentry;

	if (!root)
		return NULL;
	dentry = kzalloc(sizeof(*dentry), GFP_KERNEL);
	if (!dentry)
		return NULL;
	dentry->d_name = "/";
	dentry->d_inode = root;
	dentry->d_sb = root->i_sb;
	return dentry;
}
EXPORT_SYMBOL(d_make_root);

/**
 * mount_nodev - mount a file system that lives in memory alone
 * @fs_type: the file system
 * @flags: MS_*
 * @data: the mount options
 * @fill_super: reads or makes up the root of the file system
 */
struct dentry *mount_nodev(struct file_system_type *fs_type, int flags,
			   void *data,
			   int (*fill_super)(struct super_block *sb,
					     void *data, int silent))
{
	struct super_block *s = kzalloc(sizeof(*s), GFP_KERNEL);
	int error;

	if (!s)
		return ERR_PTR(-ENOMEM);
	s->s_type = fs_type;
	INIT_LIST_HEAD(&s->s_inodes);
	error = fill_super(s, data, flags);
	if (error) {
		kfree(s);
		return ERR_PTR(error);
	}
	return s->s_root;
}
EXPORT_SYMBOL(mount_nodev);

/* The same for a file system on a device, by the name of the device. */
struct dentry *mount_bdev(struct file_system_type *fs_type, int flags,
			  const char *dev_name, void *data,
			  int (*fill_super)(struct super_block *sb,
					    void *data, int silent))
{
	if (!dev_name || !*dev_name)
		return ERR_PTR(-ENODEV);
	return mount_nodev(fs_type, flags, data, fill_super);
}
EXPORT_SYMBOL(mount_bdev);

void kill_anon_super(struct super_block *sb)
{
	struct inode *inode, *next;

	list_for_each_entry_safe(inode, next, &sb->s_inodes, i_sb_list)
		iput(inode);
	if (sb->s_op->put_super)
		sb->s_op->put_super(sb);
	kfree(sb);
}
EXPORT_SYMBOL(kill_anon_super);

SYSCALL_DEFINE5(mount, char __user *, dev_name, char __user *, dir_name,
		char __user *, type, unsigned long, flags,
		void __user *, data)
{
	struct file_system_type *fs;
	struct dentry *root;

	list_for_each_entry(fs, &file_systems, list) {
		if (strcmp(fs->name, type))
			continue;
		root = fs->mount(fs, flags, dev_name, data);
		if (IS_ERR(root))
			return PTR_ERR(root);
		return d_add(root);
	}
	return -ENODEV;
}
