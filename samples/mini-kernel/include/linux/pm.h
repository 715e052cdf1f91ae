/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PM_H
#define _LINUX_PM_H

#include <linux/kernel.h>

struct device;

typedef struct {
	int event;
} pm_message_t;

#define PM_EVENT_FREEZE		0x0001
#define PM_EVENT_SUSPEND	0x0002
#define PM_EVENT_RESUME		0x0010
#define PM_EVENT_THAW		0x0020

#define PMSG_FREEZE	((pm_message_t) { .event = PM_EVENT_FREEZE })
#define PMSG_SUSPEND	((pm_message_t) { .event = PM_EVENT_SUSPEND })
#define PMSG_RESUME	((pm_message_t) { .event = PM_EVENT_RESUME })
#define PMSG_THAW	((pm_message_t) { .event = PM_EVENT_THAW })

/**
 * struct dev_pm_ops - what a device does when the system sleeps
 * @suspend: stop, and keep what memory alone would lose
 * @resume: undo @suspend
 * @freeze: stop for a snapshot, with the power left on
 * @thaw: undo @freeze
 * @runtime_suspend: nobody uses the device for now
 * @runtime_resume: somebody does again
 * @prepare: first call before any change of state
 * @complete: last call after it
 */
struct dev_pm_ops {
	int (*suspend)(struct device *dev);
	int (*resume)(struct device *dev);
	int (*freeze)(struct device *dev);
	int (*thaw)(struct device *dev);
	int (*runtime_suspend)(struct device *dev);
	int (*runtime_resume)(struct device *dev);
	int (*prepare)(struct device *dev);
	void (*complete)(struct device *dev);
};

#ifdef CONFIG_PM_SLEEP
#define SET_SYSTEM_SLEEP_PM_OPS(suspend_fn, resume_fn)			\
	.suspend = suspend_fn,						\
	.resume = resume_fn,						\
	.freeze = suspend_fn,						\
	.thaw = resume_fn,
#define pm_sleep_ptr(ptr)	(ptr)
#else
#define SET_SYSTEM_SLEEP_PM_OPS(suspend_fn, resume_fn)
#define pm_sleep_ptr(ptr)	((void *)0)
#endif

/* The whole table, where both kinds of sleep share one pair of functions. */
#define SIMPLE_DEV_PM_OPS(name, suspend_fn, resume_fn)			\
const struct dev_pm_ops __maybe_unused name = {				\
	SET_SYSTEM_SLEEP_PM_OPS(suspend_fn, resume_fn)			\
}

#define pm_ptr(ptr)	(IS_ENABLED(CONFIG_PM_SLEEP) ? (ptr) : NULL)

typedef int (*pm_callback_t)(struct device *dev);

int dpm_suspend(pm_message_t state);
void dpm_resume(pm_message_t state);
void device_pm_add(struct device *dev);

#endif
