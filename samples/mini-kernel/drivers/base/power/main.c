// SPDX-License-Identifier: MIT
/*
 * The system goes to sleep, device by device, and wakes in reverse.
 */
#include <linux/device.h>

static LIST_HEAD(dpm_list);

void device_pm_add(struct device *dev)
{
	list_add_tail(&dev->power_entry, &dpm_list);
}

/* The slot that a change of state calls for. */
static pm_callback_t pm_op(const struct dev_pm_ops *ops, pm_message_t state)
{
	pm_callback_t cb = NULL;

#ifdef CONFIG_PM_SLEEP
	if (state.event == PM_EVENT_SUSPEND)
		cb = ops->suspend;
	if (state.event == PM_EVENT_RESUME)
		cb = ops->resume;
#endif
	if (state.event == PM_EVENT_FREEZE)
		cb = ops->freeze;
	if (state.event == PM_EVENT_THAW)
		cb = ops->thaw;
	return cb;
}

static int dpm_run_callback(pm_callback_t cb, struct device *dev)
{
	return cb ? cb(dev) : 0;
}

static int device_suspend(struct device *dev, pm_message_t state)
{
	pm_callback_t callback = NULL;

	if (dev->bus && dev->bus->pm)
		callback = pm_op(dev->bus->pm, state);
	if (!callback && dev->driver && dev->driver->pm)
		callback = pm_op(dev->driver->pm, state);
	return dpm_run_callback(callback, dev);
}

static void dpm_prepare(struct device *dev)
{
	if (dev->driver && dev->driver->pm && dev->driver->pm->prepare)
		dev->driver->pm->prepare(dev);
}

int dpm_suspend(pm_message_t state)
{
	struct device *dev;
	int error = 0;

	list_for_each_entry(dev, &dpm_list, power_entry) {
		dpm_prepare(dev);
		error = device_suspend(dev, state);
		if (error)
			break;
	}
	return error;
}

void dpm_resume(pm_message_t state)
{
	struct device *dev;

	list_for_each_entry(dev, &dpm_list, power_entry)
		device_suspend(dev, state);
}
