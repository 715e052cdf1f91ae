// SPDX-License-Identifier: MIT
/*
 * From a name to an open file, and back to nothing.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/security.h>
#include <linux/syscalls.h>

static struct file *fd_array[64];
static struct dentry *dcache[64];

struct file *fget(unsigned int fd)
{
	struct file *file = fd < ARRAY_SIZE(fd_array) ? fd_array[fd] : NULL;

	if (file)
		file->f_count.counter++;
	return file;
}

int fd_install(struct file *file)
{
	for (unsigned int fd = 0; fd < ARRAY_SIZE(fd_array); fd++)
		if (!fd_array[fd]) {
			fd_array[fd] = file;
			return fd;
		}
	return -ENOSPC;
}

int d_add(struct dentry *dentry)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(dcache); i++)
		if (!dcache[i]) {
			dcache[i] = dentry;
			return 0;
		}
	return -ENOSPC;
}

/* A name that was seen before, or what the directory makes of it. */
static struct dentry *lookup(const char *name)
{
	struct inode *dir = dcache[0] ? dcache[0]->d_inode : NULL;
	struct dentry *dentry;

	for (unsigned int i = 0; i < ARRAY_SIZE(dcache); i++)
		if (dcache[i] && !strcmp(dcache[i]->d_name, name))
			return dcache[i];

	if (!dir || !dir->i_op->lookup)
		return ERR_PTR(-ENOENT);
	dentry = kzalloc(sizeof(*dentry), GFP_KERNEL);
	if (!dentry)
		return ERR_PTR(-ENOMEM);
	dentry->d_name = name;
	return dir->i_op->lookup(dir, dentry);
}

static int do_dentry_open(struct file *f, struct inode *inode,
			  int (*open)(struct inode *, struct file *))
{
	int error;

	f->f_inode = inode;
	f->f_mapping = inode->i_mapping;
	f->f_op = inode->i_fop;
	if (unlikely(!f->f_op))
		return -ENODEV;

	error = security_file_open(f);
	if (error)
		return error;

	if (!open)
		open = f->f_op->open;
	if (open)
		error = open(inode, f);
	return error;
}

int vfs_open(struct dentry *dentry, struct file *file)
{
	return do_dentry_open(file, dentry->d_inode, NULL);
}

static void file_free_rcu(struct rcu_head *head)
{
	struct file *f = container_of(head, struct file, f_rcuhead);

	kfree(f);
}

static void file_free(struct file *f)
{
	security_file_free(f);
	call_rcu(&f->f_rcuhead, file_free_rcu);
}

static void __fput(struct file *file)
{
	if (file->f_op->release)
		file->f_op->release(file_inode(file), file);
	file_free(file);
}

void fput(struct file *file)
{
	if (--file->f_count.counter == 0)
		__fput(file);
}
EXPORT_SYMBOL(fput);

static struct file *alloc_empty_file(fmode_t mode)
{
	struct file *f = kzalloc(sizeof(*f), GFP_KERNEL);

	if (!f || security_file_alloc(f))
		return ERR_PTR(-ENOMEM);
	f->f_mode = mode;
	f->f_count.counter = 1;
	f->f_ra.ra_pages = 32;
	return f;
}

/* A file without a name, for the kernel's own use. */
struct file *alloc_file(struct inode *inode, fmode_t mode,
			const struct file_operations *fop)
{
	struct file *file = alloc_empty_file(mode);

	if (IS_ERR(file))
		return file;
	file->f_inode = inode;
	file->f_mapping = inode->i_mapping;
	file->f_op = fop;
	return file;
}

struct file *filp_open(const char *filename, int flags)
{
	struct dentry *dentry = lookup(filename);
	struct file *file;
	int error;

	if (IS_ERR(dentry))
		return ERR_PTR(PTR_ERR(dentry));
	file = alloc_empty_file((flags & O_ACCMODE) + 1);
	if (IS_ERR(file))
		return file;
	file->f_flags = flags;
	error = vfs_open(dentry, file);
	if (error) {
		file_free(file);
		return ERR_PTR(error);
	}
	return file;
}

int filp_close(struct file *filp, void *id)
{
	int retval = 0;

	if (filp->f_op->flush)
		retval = filp->f_op->flush(filp, id);
	fput(filp);
	return retval;
}

SYSCALL_DEFINE3(open, const char __user *, filename, int, flags,
		umode_t, mode)
{
	struct file *f = filp_open(filename, flags);

	return IS_ERR(f) ? PTR_ERR(f) : fd_install(f);
}

SYSCALL_DEFINE1(close, unsigned int, fd)
{
	struct file *file = fget(fd);

	if (!file)
		return -EBADF;
	fd_array[fd] = NULL;
	fput(file);
	return filp_close(file, current);
}
