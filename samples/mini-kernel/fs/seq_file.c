// SPDX-License-Identifier: MIT
/*
 * Files whose text is made while they are read, record by record.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/seq_file.h>

int seq_open(struct file *file, const struct seq_operations *op)
{
	struct seq_file *p = kzalloc(sizeof(*p), GFP_KERNEL);

	if (!p)
		return -ENOMEM;
	p->op = op;
	file->private_data = p;
	return 0;
}
EXPORT_SYMBOL(seq_open);

/* Fill the buffer with as many records as fit. */
static int seq_fill(struct seq_file *m)
{
	int err = 0;
	void *p;

	m->size = PAGE_SIZE;
	m->buf = kmalloc(m->size, GFP_KERNEL);
	if (!m->buf)
		return -ENOMEM;

	p = m->op->start(m, &m->index);
	while (p && !IS_ERR(p) && m->count < m->size) {
		err = m->op->show(m, p);
		if (err)
			break;
		p = m->op->next(m, p, &m->index);
	}
	m->op->stop(m, p);
	return err;
}

ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	struct seq_file *m = iocb->ki_filp->private_data;
	size_t done;
	int err;

	if (!m->buf) {
		err = seq_fill(m);
		if (err)
			return err;
	}
	if ((size_t)iocb->ki_pos >= m->count)
		return 0;
	done = copy_to_iter(m->buf + iocb->ki_pos, m->count - iocb->ki_pos,
			    iter);
	iocb->ki_pos += done;
	return done;
}
EXPORT_SYMBOL(seq_read_iter);

ssize_t seq_read(struct file *file, char __user *buf, size_t size,
		 loff_t *ppos)
{
	struct iov_iter to;
	struct kiocb request;
	ssize_t done;

	iov_iter_init(&to, ITER_DEST, buf, size);
	init_sync_kiocb(&request, file, *ppos);
	done = seq_read_iter(&request, &to);
	*ppos = request.ki_pos;
	return done;
}
EXPORT_SYMBOL(seq_read);

loff_t seq_lseek(struct file *file, loff_t offset, int whence)
{
	struct seq_file *m = file->private_data;

	m->index = 0;
	return generic_file_llseek(file, offset, whence);
}
EXPORT_SYMBOL(seq_lseek);

int seq_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kfree(m->buf);
	kfree(m);
	return 0;
}
EXPORT_SYMBOL(seq_release);

static void *single_start(struct seq_file *p, loff_t *pos)
{
	return *pos ? NULL : p;
}

static void *single_next(struct seq_file *p, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void single_stop(struct seq_file *p, void *v)
{
}

/* A file of one record: its table is made when it is opened. */
int single_open(struct file *file, int (*show)(struct seq_file *, void *),
		void *data)
{
	struct seq_operations *ops = kzalloc(sizeof(*ops), GFP_KERNEL);
	struct seq_file *m;
	int err;

	if (!ops)
		return -ENOMEM;
	ops->show = show;
	ops->start = single_start;
	ops->stop = single_stop;
	ops->next = single_next;

	err = seq_open(file, ops);
	if (err) {
		kfree(ops);
		return err;
	}
	m = file->private_data;
	m->private = data;
	return 0;
}
EXPORT_SYMBOL(single_open);

int single_release(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	kfree(m->op);
	return seq_release(inode, file);
}
EXPORT_SYMBOL(single_release);

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	m->count += vsnprintf(m->buf + m->count, m->size - m->count, fmt, args);
	va_end(args);
}
EXPORT_SYMBOL(seq_printf);
