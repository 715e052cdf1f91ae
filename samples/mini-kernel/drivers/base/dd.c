// SPDX-License-Identifier: MIT
/*
 * Which driver drives which device.
 */
#include <linux/device.h>

static int call_driver_probe(struct device *dev, struct device_driver *drv)
{
	if (dev->bus->probe)
		return dev->bus->probe(dev);
	if (drv->probe)
		return drv->probe(dev);
	return 0;
}

static int really_probe(struct device *dev, struct device_driver *drv)
{
	const struct attribute_group **groups = drv->dev_groups;
	int ret;

	dev->driver = drv;
	ret = call_driver_probe(dev, drv);
	if (ret) {
		dev->driver = NULL;
		return ret;
	}
	for (; groups && *groups; groups++)
		sysfs_create_group(&dev->kobj, *groups);
	return 0;
}

static int __driver_attach(struct device *dev, void *data)
{
	struct device_driver *drv = data;

	if (dev->driver || dev->bus != drv->bus)
		return 0;
	if (drv->bus->match && !drv->bus->match(dev, drv))
		return 0;
	return really_probe(dev, drv);
}

int driver_register(struct device_driver *drv)
{
	return bus_for_each_dev(drv, __driver_attach);
}
EXPORT_SYMBOL_GPL(driver_register);

static int __device_release_driver(struct device *dev, void *data)
{
	struct device_driver *drv = data;

	if (dev->driver != drv)
		return 0;
	if (dev->bus->remove)
		dev->bus->remove(dev);
	else if (drv->remove)
		drv->remove(dev);
	dev->driver = NULL;
	return 0;
}

void driver_unregister(struct device_driver *drv)
{
	bus_for_each_dev(drv, __device_release_driver);
}
EXPORT_SYMBOL_GPL(driver_unregister);
