/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SYSFS_H
#define _LINUX_SYSFS_H

#include <linux/kernel.h>

struct kobject;

struct attribute {
	const char *name;
	unsigned short mode;
};

struct attribute_group {
	const char *name;
	unsigned short (*is_visible)(struct kobject *kobj,
				     struct attribute *attr, int n);
	struct attribute **attrs;
};

/**
 * struct sysfs_ops - how the attributes of one type of object are read
 * @show: print the attribute into a page
 * @store: take what the user wrote
 */
struct sysfs_ops {
	ssize_t (*show)(struct kobject *kobj, struct attribute *attr,
			char *buf);
	ssize_t (*store)(struct kobject *kobj, struct attribute *attr,
			 const char *buf, size_t count);
};

struct kobj_type {
	void (*release)(struct kobject *kobj);
	const struct sysfs_ops *sysfs_ops;
};

struct kobject {
	const char *name;
	struct kobject *parent;
	const struct kobj_type *ktype;
	atomic_t kref;
};

#define __ATTR(_name, _mode, _show, _store) {				\
	.attr	= { .name = #_name, .mode = _mode },			\
	.show	= _show,						\
	.store	= _store,						\
}

#define __ATTR_RO(_name)	__ATTR(_name, 0444, _name##_show, NULL)
#define __ATTR_RW(_name)	__ATTR(_name, 0644, _name##_show, _name##_store)

/* One group of attributes, and the list of groups that drivers want. */
#define ATTRIBUTE_GROUPS(_name)						\
static const struct attribute_group _name##_group = {			\
	.attrs = _name##_attrs,						\
};									\
static const struct attribute_group *_name##_groups[] = {		\
	&_name##_group,							\
	NULL,								\
}

int sysfs_create_file(struct kobject *kobj, struct attribute *attr);
int sysfs_create_group(struct kobject *kobj,
		       const struct attribute_group *grp);
void kobject_init(struct kobject *kobj, const struct kobj_type *ktype,
		  const char *name);
void kobject_put(struct kobject *kobj);

#endif
