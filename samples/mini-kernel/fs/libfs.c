// SPDX-License-Identifier: MIT
/*
 * Functions that simple file systems put into their tables as they are.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pagemap.h>

/* Every name there is has been added already. */
struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry)
{
	return ERR_PTR(-ENOENT);
}
EXPORT_SYMBOL(simple_lookup);

int simple_setattr(struct dentry *dentry, loff_t size)
{
	dentry->d_inode->i_size = size;
	return 0;
}
EXPORT_SYMBOL(simple_setattr);

int simple_read_folio(struct file *file, struct folio *folio)
{
	memset(page_address(&folio->page), 0, PAGE_SIZE);
	folio_set_uptodate(folio);
	folio_unlock(folio);
	return 0;
}
EXPORT_SYMBOL(simple_read_folio);

int simple_write_begin(struct file *file, struct address_space *mapping,
		       loff_t pos, unsigned int len,
		       struct page **pagep, void **fsdata)
{
	struct folio *folio = filemap_grab_folio(mapping, pos >> PAGE_SHIFT);

	if (!folio)
		return -ENOMEM;
	if (!folio_test_uptodate(folio) && len != PAGE_SIZE)
		memset(page_address(&folio->page), 0, PAGE_SIZE);
	*pagep = &folio->page;
	return 0;
}
EXPORT_SYMBOL(simple_write_begin);

int simple_write_end(struct file *file, struct address_space *mapping,
		     loff_t pos, unsigned int len, unsigned int copied,
		     struct page *page, void *fsdata)
{
	struct inode *inode = mapping->host;

	if (pos + copied > inode->i_size)
		inode->i_size = pos + copied;
	folio_set_uptodate(page_folio(page));
	folio_mark_dirty(page_folio(page));
	unlock_page(page);
	return copied;
}
EXPORT_SYMBOL(simple_write_end);

int noop_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	return 0;
}
EXPORT_SYMBOL(noop_fsync);

ssize_t noop_direct_IO(struct kiocb *iocb, struct iov_iter *iter)
{
	return -EINVAL;
}
EXPORT_SYMBOL(noop_direct_IO);

ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos,
				const void *from, size_t available)
{
	if (*ppos >= (loff_t)available)
		return 0;
	count = min_t(size_t, count, available - *ppos);
	memcpy(to, from + *ppos, count);
	*ppos += count;
	return count;
}

/* A number behind a file: see DEFINE_SIMPLE_ATTRIBUTE(). */
struct simple_attr {
	int (*get)(void *data, u64 *val);
	int (*set)(void *data, u64 val);
	void *data;
	const char *fmt;
};

int simple_attr_open(struct inode *inode, struct file *file,
		     int (*get)(void *data, u64 *val),
		     int (*set)(void *data, u64 val), const char *fmt)
{
	struct simple_attr *sa = kmalloc(sizeof(*sa), GFP_KERNEL);

	if (!sa)
		return -ENOMEM;
	*sa = (struct simple_attr) {
		.get	= get,
		.set	= set,
		.fmt	= fmt,
		.data	= inode->i_private,
	};
	file->private_data = sa;
	return 0;
}

int simple_attr_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

ssize_t simple_attr_read(struct file *file, char __user *buf,
			 size_t len, loff_t *ppos)
{
	struct simple_attr *attr = file->private_data;
	char text[24];
	u64 val;
	int ret;

	if (!attr->get)
		return -EACCES;
	ret = attr->get(attr->data, &val);
	if (ret)
		return ret;
	ret = snprintf(text, sizeof(text), "%llu\n", val);
	return simple_read_from_buffer(buf, len, ppos, text, ret);
}

ssize_t simple_attr_write(struct file *file, const char __user *buf,
			  size_t len, loff_t *ppos)
{
	struct simple_attr *attr = file->private_data;
	int val, ret;

	if (!attr->set)
		return -EACCES;
	ret = kstrtoint(buf, 0, &val);
	if (ret)
		return ret;
	ret = attr->set(attr->data, val);
	return ret ? ret : (ssize_t)len;
}

/* In the kernel a file system of its own; here just a name and a table. */
struct dentry *debugfs_create_file(const char *name, umode_t mode,
				   struct dentry *parent, void *data,
				   const struct file_operations *fops)
{
	struct inode *inode = kzalloc(sizeof(*inode), GFP_KERNEL);
	struct dentry *dentry = d_make_root(inode);

	if (!dentry)
		return ERR_PTR(-ENOMEM);
	inode->i_mode = S_IFREG | mode;
	inode->i_fop = fops;
	inode->i_private = data;
	inode->i_mapping = &inode->i_data;
	dentry->d_name = name;
	d_add(dentry);
	return dentry;
}
EXPORT_SYMBOL(debugfs_create_file);
