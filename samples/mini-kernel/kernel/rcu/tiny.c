// SPDX-License-Identifier: MIT
/*
 * Callbacks that wait until every reader is gone. With one processor, that
 * is the next tick.
 */
#include <linux/kernel.h>
#include <linux/module.h>

static struct rcu_head *rcu_pending;

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head->func = func;
	head->next = rcu_pending;
	rcu_pending = head;
}
EXPORT_SYMBOL_GPL(call_rcu);

static void rcu_reclaim_tiny(struct rcu_head *head)
{
	rcu_callback_t f = head->func;

	WRITE_ONCE(head->func, NULL);
	f(head);
}

void rcu_process_callbacks(void)
{
	struct rcu_head *next, *list = rcu_pending;

	rcu_pending = NULL;
	for (; list; list = next) {
		next = list->next;
		rcu_reclaim_tiny(list);
	}
}
