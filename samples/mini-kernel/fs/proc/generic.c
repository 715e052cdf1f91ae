// SPDX-License-Identifier: MIT
/*
 * Entries of /proc. Each kind gets a file table that goes on to what the
 * entry's owner brought along.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/proc_fs.h>

static LIST_HEAD(proc_root);

static struct proc_dir_entry *PDE(const struct inode *inode)
{
	return inode->i_private;
}

static int proc_reg_open(struct inode *inode, struct file *file)
{
	const struct proc_ops *ops = PDE(inode)->proc_ops;

	return ops->proc_open ? ops->proc_open(inode, file) : 0;
}

static ssize_t proc_reg_read(struct file *file, char __user *buf,
			     size_t count, loff_t *ppos)
{
	typeof_member(struct proc_ops, proc_read) read;

	read = PDE(file_inode(file))->proc_ops->proc_read;
	if (!read)
		return -EIO;
	return read(file, buf, count, ppos);
}

static int proc_reg_release(struct inode *inode, struct file *file)
{
	const struct proc_ops *ops = PDE(inode)->proc_ops;

	if (ops->proc_release)
		return ops->proc_release(inode, file);
	return 0;
}

static const struct file_operations proc_reg_file_ops = {
	.open		= proc_reg_open,
	.read		= proc_reg_read,
	.release	= proc_reg_release,
};

static int proc_seq_open(struct inode *inode, struct file *file)
{
	return seq_open(file, PDE(inode)->seq_ops);
}

static const struct proc_ops proc_seq_ops = {
	.proc_open	= proc_seq_open,
	.proc_read	= seq_read,
	.proc_release	= seq_release,
};

static int proc_single_open(struct inode *inode, struct file *file)
{
	return single_open(file, PDE(inode)->single_show, PDE(inode)->data);
}

static const struct proc_ops proc_single_ops = {
	.proc_open	= proc_single_open,
	.proc_read	= seq_read,
	.proc_release	= single_release,
};

struct proc_dir_entry *proc_create_data(const char *name,
					const struct proc_ops *proc_ops,
					void *data)
{
	struct proc_dir_entry *p = kzalloc(sizeof(*p), GFP_KERNEL);
	struct inode *inode = kzalloc(sizeof(*inode), GFP_KERNEL);
	struct dentry *dentry = d_make_root(inode);

	if (!p || !dentry)
		return NULL;
	p->name = name;
	p->proc_ops = proc_ops;
	p->data = data;
	list_add_tail(&p->list, &proc_root);
	inode->i_fop = &proc_reg_file_ops;
	inode->i_private = p;
	dentry->d_name = name;
	d_add(dentry);
	return p;
}
EXPORT_SYMBOL(proc_create_data);

/* A file that prints a list, one record after another. */
struct proc_dir_entry *proc_create_seq(const char *name,
				       const struct seq_operations *ops)
{
	struct proc_dir_entry *p = proc_create_data(name, &proc_seq_ops, NULL);

	if (p)
		p->seq_ops = ops;
	return p;
}
EXPORT_SYMBOL(proc_create_seq);

/* A file that prints one thing. */
struct proc_dir_entry *
proc_create_single(const char *name, int (*show)(struct seq_file *, void *))
{
	struct proc_dir_entry *p;

	p = proc_create_data(name, &proc_single_ops, NULL);
	if (p)
		p->single_show = show;
	return p;
}
EXPORT_SYMBOL(proc_create_single);
