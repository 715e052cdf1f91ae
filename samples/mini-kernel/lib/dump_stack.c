// SPDX-License-Identifier: MIT
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/sched.h>

static void dump_stack_print_info(const char *log_lvl)
{
	printk("%sCPU: 0 PID: %d Comm: %s\n", log_lvl, current->pid,
	       current->comm);
}

static void dump_stack_lvl(const char *log_lvl)
{
	dump_stack_print_info(log_lvl);
	show_stack(log_lvl);
}

void dump_stack(void)
{
	dump_stack_lvl(KERN_INFO);
}
EXPORT_SYMBOL(dump_stack);
