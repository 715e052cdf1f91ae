/* SPDX-License-Identifier: MIT */
#ifndef _KERNEL_SCHED_SCHED_H
#define _KERNEL_SCHED_SCHED_H

#include <linux/sched.h>

/* The tasks that wait for this processor. */
struct rq {
	struct task_struct *queue[16];
	unsigned int nr_running;
};

/**
 * struct sched_class - one policy of choosing
 * @enqueue_task: @p wants to run
 * @pick_next_task: whose turn it is, or NULL if this class has none
 */
struct sched_class {
	void (*enqueue_task)(struct rq *rq, struct task_struct *p);
	struct task_struct *(*pick_next_task)(struct rq *rq);
};

#define DEFINE_SCHED_CLASS(name) \
	const struct sched_class name##_sched_class

extern const struct sched_class fair_sched_class;
extern const struct sched_class idle_sched_class;

/* From the most urgent class to the least. */
#define for_each_class(class)						\
	for (class = &fair_sched_class; class;				\
	     class = class == &fair_sched_class ? &idle_sched_class : NULL)

#endif
