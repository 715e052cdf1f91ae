/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PLATFORM_DEVICE_H
#define _LINUX_PLATFORM_DEVICE_H

#include <linux/device.h>

struct platform_device {
	const char *name;
	int irq;
	void __iomem *regs;
	struct device dev;
};

struct platform_driver {
	int (*probe)(struct platform_device *pdev);
	int (*remove)(struct platform_device *pdev);
	void (*shutdown)(struct platform_device *pdev);
	struct device_driver driver;
};

#define to_platform_device(d)	container_of(d, struct platform_device, dev)
#define to_platform_driver(d)	container_of(d, struct platform_driver, driver)

extern struct bus_type platform_bus_type;

int __platform_driver_register(struct platform_driver *drv,
			       struct module *owner);
void platform_driver_unregister(struct platform_driver *drv);

#define platform_driver_register(drv) \
	__platform_driver_register(drv, THIS_MODULE)

/* Both ends of a module that does nothing but register one driver. */
#define module_platform_driver(__driver)				\
static int __init __driver##_init(void)					\
{									\
	return platform_driver_register(&__driver);			\
}									\
module_init(__driver##_init);						\
static void __exit __driver##_exit(void)				\
{									\
	platform_driver_unregister(&__driver);				\
}									\
module_exit(__driver##_exit)

#endif
