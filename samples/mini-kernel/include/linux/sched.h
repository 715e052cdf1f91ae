/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SCHED_H
#define _LINUX_SCHED_H

#include <linux/kernel.h>

struct mm_struct;
struct sched_class;

struct task_struct {
	struct mm_struct *mm;
	const struct sched_class *sched_class;
	int (*threadfn)(void *data);
	void *threadfn_data;
	pid_t pid;
	char comm[16];
};

/* The task that runs on this processor. */
DECLARE_PER_CPU(struct task_struct *, current_task);
#define current		this_cpu_read(current_task)

void schedule(void);
int wake_up_process(struct task_struct *p);
void force_sig_fault(int sig, unsigned long address);

#define SIGBUS		7
#define SIGFPE		8
#define SIGKILL		9
#define SIGSEGV		11

/* kernel/kthread.c */
struct task_struct *kthread_create(int (*threadfn)(void *data), void *data,
				   const char *name);
bool kthread_should_stop(void);

/* Make a kernel thread and start it. */
#define kthread_run(threadfn, data, name) ({				\
	struct task_struct *__task = kthread_create(threadfn, data, name); \
	if (!IS_ERR(__task))						\
		wake_up_process(__task);				\
	__task; })

#endif
