// SPDX-License-Identifier: MIT
#include <linux/kernel.h>
#include <linux/syscalls.h>
#include <asm/idtentry.h>

#define NR_syscalls	451

extern const sys_call_ptr_t sys_call_table[];
long __x64_sys_ni_syscall(const struct pt_regs *regs);

static __always_inline bool do_syscall_x64(struct pt_regs *regs, int nr)
{
	unsigned int unr = nr;

	if (likely(unr < NR_syscalls)) {
		regs->ax = sys_call_table[unr](regs);
		return true;
	}
	return false;
}

/* Called by entry_SYSCALL_64. */
__visible noinstr void do_syscall_64(struct pt_regs *regs, int nr)
{
	irqentry_enter(regs);
	if (!do_syscall_x64(regs, nr) && nr != -1)
		regs->ax = __x64_sys_ni_syscall(regs);
	irqentry_exit(regs);
}

noinstr void irqentry_enter(struct pt_regs *regs)
{
	regs->flags &= ~1UL;
}

noinstr void irqentry_exit(struct pt_regs *regs)
{
	regs->flags |= 1UL;
}
