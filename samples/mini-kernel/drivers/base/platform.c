// SPDX-License-Identifier: MIT
/*
 * The bus of devices that are simply there.
 */
#include <linux/platform_device.h>

static int platform_match(struct device *dev, struct device_driver *drv)
{
	return !strcmp(to_platform_device(dev)->name, drv->name);
}

static int platform_probe(struct device *_dev)
{
	struct platform_driver *drv = to_platform_driver(_dev->driver);
	struct platform_device *dev = to_platform_device(_dev);

	if (drv->probe)
		return drv->probe(dev);
	return 0;
}

static void platform_remove(struct device *_dev)
{
	struct platform_driver *drv = to_platform_driver(_dev->driver);

	if (drv->remove)
		drv->remove(to_platform_device(_dev));
}

static int platform_pm_suspend(struct device *dev)
{
	struct device_driver *drv = dev->driver;

	if (drv && drv->pm && drv->pm->suspend)
		return drv->pm->suspend(dev);
	return 0;
}

static int platform_pm_resume(struct device *dev)
{
	struct device_driver *drv = dev->driver;

	if (drv && drv->pm && drv->pm->resume)
		return drv->pm->resume(dev);
	return 0;
}

static const struct dev_pm_ops platform_dev_pm_ops = {
	.suspend	= platform_pm_suspend,
	.resume		= platform_pm_resume,
};

struct bus_type platform_bus_type = {
	.name	= "platform",
	.match	= platform_match,
	.probe	= platform_probe,
	.remove	= platform_remove,
	.pm	= &platform_dev_pm_ops,
};

int __platform_driver_register(struct platform_driver *pdrv,
			       struct module *module)
{
	struct device_driver *drv = &pdrv->driver;

	drv->bus = &platform_bus_type;
	drv->owner = module;
	return driver_register(drv);
}
EXPORT_SYMBOL_GPL(__platform_driver_register);

void platform_driver_unregister(struct platform_driver *drv)
{
	driver_unregister(&drv->driver);
}
EXPORT_SYMBOL_GPL(platform_driver_unregister);
