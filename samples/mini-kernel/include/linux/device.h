/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_DEVICE_H
#define _LINUX_DEVICE_H

#include <linux/list.h>
#include <linux/module.h>
#include <linux/pm.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

struct device_driver;

/**
 * struct bus_type - the way devices and drivers find each other
 * @name: of the bus
 * @match: can this driver drive this device?
 * @probe: bring the device up, most often by the driver's own probe
 * @remove: the opposite
 * @pm: used for devices whose driver has no table of its own
 */
struct bus_type {
	const char *name;
	int (*match)(struct device *dev, struct device_driver *drv);
	int (*probe)(struct device *dev);
	void (*remove)(struct device *dev);
	const struct dev_pm_ops *pm;
};

struct device {
	struct kobject kobj;
	struct list_head bus_node;
	struct list_head power_entry;
	struct bus_type *bus;
	struct device_driver *driver;
	void *driver_data;
	void (*release)(struct device *dev);
};

struct of_device_id {
	char compatible[32];
	const void *data;
};

struct device_driver {
	struct module *owner;
	const char *name;
	struct bus_type *bus;
	int (*probe)(struct device *dev);
	int (*remove)(struct device *dev);
	void (*shutdown)(struct device *dev);
	const struct dev_pm_ops *pm;
	const struct attribute_group **dev_groups;
	const struct of_device_id *of_match_table;
};

/* A device's attribute: &sysfs_ops finds its way here by container_of(). */
struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *dev, struct device_attribute *da,
			char *page);
	ssize_t (*store)(struct device *dev, struct device_attribute *da,
			 const char *page, size_t len);
};

#define DEVICE_ATTR_RO(_name) \
	struct device_attribute dev_attr_##_name = __ATTR_RO(_name)
#define DEVICE_ATTR_RW(_name) \
	struct device_attribute dev_attr_##_name = __ATTR_RW(_name)

#ifdef CONFIG_OF
#define of_match_ptr(ptr)	(ptr)
#else
#define of_match_ptr(ptr)	NULL
#endif

/* Where a driver keeps what it knows about a device. */
static inline void dev_set_drvdata(struct device *dev, void *drvdata)
{
	dev->driver_data = drvdata;
}

static inline void *dev_get_drvdata(const struct device *dev)
{
	return dev->driver_data;
}

int device_register(struct device *dev);
void device_unregister(struct device *dev);
int device_create_file(struct device *dev,
		       const struct device_attribute *attr);
int driver_register(struct device_driver *drv);
void driver_unregister(struct device_driver *drv);
int bus_for_each_dev(void *data, int (*fn)(struct device *dev, void *data));

#endif
