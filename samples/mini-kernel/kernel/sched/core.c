// SPDX-License-Identifier: MIT
/*
 * Who runs next: each scheduling class is asked in turn.
 */
#include <linux/mm_types.h>
#include <linux/sched.h>
#include "sched.h"

DEFINE_PER_CPU(struct task_struct *, current_task);
DEFINE_PER_CPU(struct rq, runqueues);

static struct task_struct *pick_next_task(struct rq *rq)
{
	const struct sched_class *class;
	struct task_struct *next = NULL;

	for_each_class(class)
		if (!next)
			next = class->pick_next_task(rq);
	return next;
}

void schedule(void)
{
	struct rq *rq = this_cpu_ptr(&runqueues);

	current = pick_next_task(rq);
}

int wake_up_process(struct task_struct *p)
{
	p->sched_class->enqueue_task(this_cpu_ptr(&runqueues), p);
	return 1;
}

void force_sig_fault(int sig, unsigned long address)
{
	pr_info("%s[%d]: signal %d at %lx\n", current->comm, current->pid,
		sig, address);
}
