/* SPDX-License-Identifier: MIT */
#ifndef _ASM_ARM64_PTRACE_H
#define _ASM_ARM64_PTRACE_H

#include <linux/types.h>

#define PSR_MODE_EL0t	0x0
#define PSR_MODE_MASK	0xf

/* What kernel_entry stores, lowest address first. */
struct pt_regs {
	u64 regs[31];
	u64 sp;
	u64 pc;
	u64 pstate;
	u64 orig_x0;
	s32 syscallno;
};

static inline bool user_mode(const struct pt_regs *regs)
{
	return (regs->pstate & PSR_MODE_MASK) == PSR_MODE_EL0t;
}

#define read_sysreg(reg) ({						\
	u64 __val;							\
	asm volatile("mrs %0, " #reg : "=r" (__val));			\
	__val; })

void die(const char *str, struct pt_regs *regs, long err);
void do_mem_abort(unsigned long far, unsigned long esr, struct pt_regs *regs);
void do_el0_svc(struct pt_regs *regs);

#endif
