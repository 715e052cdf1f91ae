// SPDX-License-Identifier: MIT
/*
 * Work for later: a thread takes it from a list.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

static LIST_HEAD(worklist);
static struct task_struct *worker;

static void process_one_work(struct work_struct *work)
{
	work_func_t fn = work->func;

	list_del(&work->entry);
	fn(work);
}

static int worker_thread(void *__unused)
{
	while (!kthread_should_stop()) {
		while (!list_empty(&worklist))
			process_one_work(list_first_entry(&worklist,
						struct work_struct, entry));
		schedule();
	}
	return 0;
}

bool schedule_work(struct work_struct *work)
{
	list_add_tail(&work->entry, &worklist);
	return wake_up_process(worker);
}
EXPORT_SYMBOL(schedule_work);

/* The timer of a delayed work. */
void delayed_work_timer_fn(struct timer_list *t)
{
	struct delayed_work *dwork = from_timer(dwork, t, timer);

	schedule_work(&dwork->work);
}
EXPORT_SYMBOL(delayed_work_timer_fn);

bool schedule_delayed_work(struct delayed_work *dwork, unsigned long delay)
{
	return mod_timer(&dwork->timer, jiffies + delay);
}
EXPORT_SYMBOL(schedule_delayed_work);

static int __init workqueue_init(void)
{
	worker = kthread_run(worker_thread, NULL, "kworker/0:0");
	return IS_ERR(worker) ? (int)PTR_ERR(worker) : 0;
}
core_initcall(workqueue_init);
