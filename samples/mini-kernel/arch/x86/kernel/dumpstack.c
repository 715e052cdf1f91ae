// SPDX-License-Identifier: MIT
#include <linux/kernel.h>
#include <linux/sched.h>
#include <asm/ptrace.h>

struct stack_frame {
	struct stack_frame *next;
	unsigned long return_address;
};

static void show_trace_log_lvl(struct stack_frame *frame, const char *loglvl)
{
	printk("%sCall Trace:\n", loglvl);
	for (; frame; frame = frame->next)
		printk("%s %pS\n", loglvl, (void *)frame->return_address);
}

void show_stack(const char *loglvl)
{
	show_trace_log_lvl(__builtin_frame_address(0), loglvl);
}

static void __die(const char *str, struct pt_regs *regs, long err)
{
	pr_alert("%s: %04lx\n", str, err);
	pr_alert("RIP: %04lx:%pS\n", regs->cs, (void *)regs->ip);
	show_stack(KERN_ALERT);
}

void die(const char *str, struct pt_regs *regs, long err)
{
	__die(str, regs, err);
	force_sig_fault(SIGSEGV, regs->ip);
}
