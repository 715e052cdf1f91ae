// SPDX-License-Identifier: MIT
/*
 * Timers: the tick looks for those whose time has come.
 */
#include <linux/module.h>
#include <linux/timer.h>

unsigned long volatile jiffies;
static LIST_HEAD(timers);

static void call_timer_fn(struct timer_list *timer,
			  void (*fn)(struct timer_list *))
{
	fn(timer);
}

static void expire_timers(void)
{
	struct timer_list *timer, *next;

	list_for_each_entry_safe(timer, next, &timers, entry) {
		void (*fn)(struct timer_list *) = timer->function;

		if (timer->expires > jiffies)
			continue;
		list_del(&timer->entry);
		call_timer_fn(timer, fn);
	}
}

/* Called from the timer interrupt. */
void run_local_timers(void)
{
	jiffies++;
	expire_timers();
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	timer->expires = expires;
	list_add_tail(&timer->entry, &timers);
	return 1;
}
EXPORT_SYMBOL(mod_timer);

int del_timer(struct timer_list *timer)
{
	list_del(&timer->entry);
	return 1;
}
EXPORT_SYMBOL(del_timer);
