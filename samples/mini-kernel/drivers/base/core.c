// SPDX-License-Identifier: MIT
/*
 * Devices, and how their attributes are read.
 */
#include <linux/device.h>

static LIST_HEAD(devices);

#define kobj_to_dev(kobj)	container_of(kobj, struct device, kobj)
#define to_dev_attr(a)		container_of(a, struct device_attribute, attr)

static ssize_t dev_attr_show(struct kobject *kobj, struct attribute *attr,
			     char *buf)
{
	struct device_attribute *da = to_dev_attr(attr);

	if (!da->show)
		return -EIO;
	return da->show(kobj_to_dev(kobj), da, buf);
}

static ssize_t dev_attr_store(struct kobject *kobj, struct attribute *attr,
			      const char *buf, size_t len)
{
	struct device_attribute *da = to_dev_attr(attr);

	if (!da->store)
		return -EIO;
	return da->store(kobj_to_dev(kobj), da, buf, len);
}

static const struct sysfs_ops dev_sysfs_ops = {
	.show	= dev_attr_show,
	.store	= dev_attr_store,
};

static void device_release(struct kobject *kobj)
{
	struct device *dev = kobj_to_dev(kobj);

	if (dev->release)
		dev->release(dev);
	else
		WARN_ON_ONCE(1);
}

static const struct kobj_type device_ktype = {
	.release	= device_release,
	.sysfs_ops	= &dev_sysfs_ops,
};

int device_create_file(struct device *dev,
		       const struct device_attribute *attr)
{
	return sysfs_create_file(&dev->kobj, (struct attribute *)&attr->attr);
}
EXPORT_SYMBOL_GPL(device_create_file);

int device_register(struct device *dev)
{
	kobject_init(&dev->kobj, &device_ktype, dev->kobj.name);
	list_add_tail(&dev->bus_node, &devices);
	device_pm_add(dev);
	return 0;
}
EXPORT_SYMBOL_GPL(device_register);

void device_unregister(struct device *dev)
{
	list_del(&dev->bus_node);
	kobject_put(&dev->kobj);
}
EXPORT_SYMBOL_GPL(device_unregister);

/* Call fn for each device, until one call fails. */
int bus_for_each_dev(void *data, int (*fn)(struct device *dev, void *data))
{
	struct device *dev;
	int error = 0;

	list_for_each_entry(dev, &devices, bus_node) {
		error = fn(dev, data);
		if (error)
			break;
	}
	return error;
}
