// SPDX-License-Identifier: MIT
/*
 * Threads of the kernel's own.
 */
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include "sched/sched.h"

struct kthread_create_info {
	int (*threadfn)(void *data);
	void *data;
};

/* First function of every such thread; ret_from_fork calls it. */
static int kthread(void *_create)
{
	struct kthread_create_info *create = _create;
	int (*threadfn)(void *data) = create->threadfn;
	void *data = create->data;

	kfree(create);
	return threadfn(data);
}

static void kernel_thread(struct task_struct *p, int (*fn)(void *), void *arg)
{
	p->threadfn = fn;
	p->threadfn_data = arg;
	p->sched_class = &fair_sched_class;
}

struct task_struct *kthread_create(int (*threadfn)(void *data), void *data,
				   const char *name)
{
	struct task_struct *p = kzalloc(sizeof(*p), GFP_KERNEL);
	struct kthread_create_info *create;

	create = kmalloc(sizeof(*create), GFP_KERNEL);
	if (!create || !p)
		return ERR_PTR(-ENOMEM);
	create->threadfn = threadfn;
	create->data = data;
	snprintf(p->comm, sizeof(p->comm), "%s", name);
	kernel_thread(p, kthread, create);
	return p;
}
EXPORT_SYMBOL(kthread_create);

bool kthread_should_stop(void)
{
	return !current->threadfn;
}
EXPORT_SYMBOL(kthread_should_stop);
