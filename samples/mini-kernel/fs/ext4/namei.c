// SPDX-License-Identifier: MIT
#include <linux/module.h>
#include "ext4.h"

static struct dentry *ext4_lookup(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = ext4_iget(dir->i_sb, dir->i_ino + 1);

	if (IS_ERR(inode))
		return ERR_PTR(PTR_ERR(inode));
	dentry->d_inode = inode;
	d_add(dentry);
	return dentry;
}

const struct inode_operations ext4_dir_inode_operations = {
	.lookup		= ext4_lookup,
	.setattr	= ext4_setattr,
};
