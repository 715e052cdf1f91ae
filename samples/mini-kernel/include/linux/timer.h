/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_TIMER_H
#define _LINUX_TIMER_H

#include <linux/list.h>

#define HZ	250

extern unsigned long volatile jiffies;

/**
 * struct timer_list - something to do later, in interrupt context
 * @entry: links the pending timers
 * @expires: when, in jiffies
 * @function: what
 */
struct timer_list {
	struct list_head entry;
	unsigned long expires;
	void (*function)(struct timer_list *timer);
};

static inline void timer_setup(struct timer_list *timer,
			       void (*callback)(struct timer_list *),
			       unsigned int flags)
{
	INIT_LIST_HEAD(&timer->entry);
	timer->expires = flags;
	timer->function = callback;
}

/* From the timer back to what it is part of. */
#define from_timer(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*var), timer_fieldname)

int mod_timer(struct timer_list *timer, unsigned long expires);
int del_timer(struct timer_list *timer);
void run_local_timers(void);

#endif
