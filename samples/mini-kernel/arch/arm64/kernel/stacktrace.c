// SPDX-License-Identifier: MIT
#include <linux/kernel.h>
#include <linux/sched.h>
#include <asm/ptrace.h>

struct frame_record {
	struct frame_record *fp;
	unsigned long lr;
};

/* Give each return address to consume_entry() until it has had enough. */
static noinline void
arch_stack_walk(bool (*consume_entry)(void *cookie, unsigned long where),
		void *cookie, struct frame_record *record)
{
	for (; record; record = record->fp)
		if (!consume_entry(cookie, record->lr))
			break;
}

static bool dump_backtrace_entry(void *arg, unsigned long where)
{
	const char *loglvl = arg;

	printk("%s %pS\n", loglvl, (void *)where);
	return true;
}

void dump_backtrace(const char *loglvl)
{
	printk("%sCall trace:\n", loglvl);
	arch_stack_walk(dump_backtrace_entry, (void *)loglvl,
			__builtin_frame_address(0));
}

void show_stack(const char *loglvl)
{
	dump_backtrace(loglvl);
}

void die(const char *str, struct pt_regs *regs, long err)
{
	pr_alert("Internal error: %s: %016lx\n", str, err);
	pr_alert("pc : %pS\n", (void *)(unsigned long)regs->pc);
	pr_alert("lr : %pS\n", (void *)(unsigned long)regs->regs[30]);
	show_stack(KERN_ALERT);
	if (user_mode(regs))
		force_sig_fault(SIGSEGV, regs->pc);
}
