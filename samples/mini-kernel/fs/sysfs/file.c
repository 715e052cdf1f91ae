// SPDX-License-Identifier: MIT
/*
 * Attributes as files: reading one calls the table of the object's type.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sysfs.h>

struct sysfs_open_file {
	struct kobject *kobj;
	struct attribute *attr;
};

static const struct sysfs_ops *sysfs_file_ops(struct sysfs_open_file *of)
{
	return of->kobj->ktype ? of->kobj->ktype->sysfs_ops : NULL;
}

static ssize_t sysfs_kf_read(struct file *file, char __user *buf,
			     size_t count, loff_t *pos)
{
	struct sysfs_open_file *of = file_inode(file)->i_private;
	const struct sysfs_ops *ops = sysfs_file_ops(of);
	char *page = kzalloc(PAGE_SIZE, GFP_KERNEL);
	ssize_t len;

	if (!page)
		return -ENOMEM;
	len = ops->show(of->kobj, of->attr, page);
	if (len > 0)
		len = simple_read_from_buffer(buf, count, pos, page, len);
	kfree(page);
	return len;
}

static ssize_t sysfs_kf_write(struct file *file, const char __user *buf,
			      size_t count, loff_t *pos)
{
	struct sysfs_open_file *of = file_inode(file)->i_private;
	const struct sysfs_ops *ops = sysfs_file_ops(of);

	if (!ops->store)
		return -EIO;
	return ops->store(of->kobj, of->attr, buf, count);
}

static const struct file_operations sysfs_file_operations = {
	.read		= sysfs_kf_read,
	.write		= sysfs_kf_write,
	.llseek		= generic_file_llseek,
};

int sysfs_create_file(struct kobject *kobj, struct attribute *attr)
{
	struct sysfs_open_file *of = kzalloc(sizeof(*of), GFP_KERNEL);

	if (!of)
		return -ENOMEM;
	of->kobj = kobj;
	of->attr = attr;
	debugfs_create_file(attr->name, attr->mode, NULL, of,
			    &sysfs_file_operations);
	return 0;
}
EXPORT_SYMBOL_GPL(sysfs_create_file);

int sysfs_create_group(struct kobject *kobj,
		       const struct attribute_group *grp)
{
	for (int i = 0; grp->attrs[i]; i++) {
		struct attribute *attr = grp->attrs[i];
		unsigned short mode = attr->mode;

		if (grp->is_visible)
			mode = grp->is_visible(kobj, attr, i);
		if (mode)
			sysfs_create_file(kobj, attr);
	}
	return 0;
}

void kobject_init(struct kobject *kobj, const struct kobj_type *ktype,
		  const char *name)
{
	kobj->name = name;
	kobj->ktype = ktype;
	kobj->kref.counter = 1;
}

void kobject_put(struct kobject *kobj)
{
	if (--kobj->kref.counter == 0 && kobj->ktype->release)
		kobj->ktype->release(kobj);
}
