// SPDX-License-Identifier: MIT
/*
 * read() and write(), down to the file's own functions.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/security.h>
#include <linux/syscalls.h>

static int rw_verify_area(int mask, struct file *file, const loff_t *ppos)
{
	if (unlikely(*ppos < 0))
		return -EINVAL;
	return security_file_permission(file, mask);
}

/* A file that reads by iterator, for a caller with a plain buffer. */
static ssize_t new_sync_read(struct file *filp, char __user *buf, size_t len,
			     loff_t *ppos)
{
	struct iov_iter to;
	struct kiocb request;
	ssize_t done;

	iov_iter_init(&to, ITER_DEST, buf, len);
	init_sync_kiocb(&request, filp, *ppos);
	done = call_read_iter(filp, &request, &to);
	BUG_ON(done == -EIOCBQUEUED);
	*ppos = request.ki_pos;
	return done;
}

ssize_t vfs_read(struct file *file, char __user *buf, size_t count,
		 loff_t *pos)
{
	ssize_t err;

	if (!(file->f_mode & FMODE_READ))
		return -EBADF;
	err = rw_verify_area(MAY_READ, file, pos);
	if (err)
		return err;

	if (file->f_op->read)
		return file->f_op->read(file, buf, count, pos);
	if (file->f_op->read_iter)
		return new_sync_read(file, buf, count, pos);
	return -EINVAL;
}

/* Reading into the kernel's own memory: only ->read_iter can do that. */
static ssize_t __kernel_read(struct file *file, void *buf, size_t count,
			     loff_t *pos)
{
	struct iov_iter to;
	struct kiocb request;
	ssize_t done;

	if (file->f_op->read || !file->f_op->read_iter)
		return -EINVAL;
	iov_iter_init(&to, ITER_DEST, buf, count);
	init_sync_kiocb(&request, file, *pos);
	done = file->f_op->read_iter(&request, &to);
	*pos = request.ki_pos;
	return done;
}

ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos)
{
	ssize_t err = rw_verify_area(MAY_READ, file, pos);

	return err ? err : __kernel_read(file, buf, count, pos);
}
EXPORT_SYMBOL(kernel_read);

static ssize_t new_sync_write(struct file *filp, const char __user *buf,
			      size_t len, loff_t *ppos)
{
	struct iov_iter from;
	struct kiocb request;
	ssize_t done;

	iov_iter_init(&from, ITER_SOURCE, (void __user *)buf, len);
	init_sync_kiocb(&request, filp, *ppos);
	done = call_write_iter(filp, &request, &from);
	*ppos = request.ki_pos;
	return done;
}

ssize_t vfs_write(struct file *file, const char __user *buf, size_t count,
		  loff_t *pos)
{
	ssize_t err;

	if (!(file->f_mode & FMODE_WRITE))
		return -EBADF;
	err = rw_verify_area(MAY_WRITE, file, pos);
	if (err)
		return err;

	if (file->f_op->write)
		return file->f_op->write(file, buf, count, pos);
	if (file->f_op->write_iter)
		return new_sync_write(file, buf, count, pos);
	return -EINVAL;
}

ssize_t ksys_read(unsigned int fd, char __user *buf, size_t count)
{
	struct file *file = fget(fd);
	ssize_t ret;

	if (!file)
		return -EBADF;
	ret = vfs_read(file, buf, count, &file->f_pos);
	fput(file);
	return ret;
}

SYSCALL_DEFINE3(read, unsigned int, fd, char __user *, buf, size_t, count)
{
	return ksys_read(fd, buf, count);
}

ssize_t ksys_write(unsigned int fd, const char __user *buf, size_t count)
{
	struct file *file = fget(fd);
	ssize_t ret;

	if (!file)
		return -EBADF;
	ret = vfs_write(file, buf, count, &file->f_pos);
	fput(file);
	return ret;
}

SYSCALL_DEFINE3(write, unsigned int, fd, const char __user *, buf,
		size_t, count)
{
	return ksys_write(fd, buf, count);
}

loff_t no_llseek(struct file *file, loff_t offset, int whence)
{
	return -ESPIPE;
}

loff_t generic_file_llseek(struct file *file, loff_t offset, int whence)
{
	file->f_pos = offset;
	return offset;
}
EXPORT_SYMBOL(generic_file_llseek);

static loff_t vfs_llseek(struct file *file, loff_t offset, int whence)
{
	loff_t (*fn)(struct file *, loff_t, int) = no_llseek;

	if (file->f_op->llseek)
		fn = file->f_op->llseek;
	return fn(file, offset, whence);
}

SYSCALL_DEFINE3(lseek, unsigned int, fd, loff_t, offset, unsigned int, whence)
{
	struct file *file = fget(fd);
	loff_t ret;

	if (!file)
		return -EBADF;
	ret = vfs_llseek(file, offset, whence);
	fput(file);
	return ret;
}

int vfs_fsync(struct file *file, int datasync)
{
	if (!file->f_op->fsync)
		return -EINVAL;
	return file->f_op->fsync(file, 0, file->f_inode->i_size, datasync);
}

SYSCALL_DEFINE1(fsync, unsigned int, fd)
{
	struct file *file = fget(fd);
	int ret;

	if (!file)
		return -EBADF;
	ret = vfs_fsync(file, 0);
	fput(file);
	return ret;
}
