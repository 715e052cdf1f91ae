// SPDX-License-Identifier: MIT
#include "sched.h"

static void enqueue_task_fair(struct rq *rq, struct task_struct *p)
{
	if (rq->nr_running < ARRAY_SIZE(rq->queue))
		rq->queue[rq->nr_running++] = p;
}

static struct task_struct *pick_next_task_fair(struct rq *rq)
{
	return rq->nr_running ? rq->queue[--rq->nr_running] : NULL;
}

DEFINE_SCHED_CLASS(fair) = {
	.enqueue_task	= enqueue_task_fair,
	.pick_next_task	= pick_next_task_fair,
};

static struct task_struct *pick_next_task_idle(struct rq *rq)
{
	return current;
}

DEFINE_SCHED_CLASS(idle) = {
	.pick_next_task	= pick_next_task_idle,
};
