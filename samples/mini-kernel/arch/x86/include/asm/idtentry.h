/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_IDTENTRY_H
#define _ASM_X86_IDTENTRY_H

#define X86_TRAP_DE	0
#define X86_TRAP_PF	14

#ifndef __ASSEMBLY__

#include <asm/ptrace.h>

void irqentry_enter(struct pt_regs *regs);
void irqentry_exit(struct pt_regs *regs);

/*
 * Each exception is declared once, below. C files see the handler and its
 * assembly entry asm_*(); entry_64.S makes that entry out of the same line.
 */
#define DECLARE_IDTENTRY(vector, func)					\
	asmlinkage void asm_##func(void);				\
	__visible void func(struct pt_regs *regs)

#define DECLARE_IDTENTRY_ERRORCODE(vector, func)			\
	asmlinkage void asm_##func(void);				\
	__visible void func(struct pt_regs *regs, unsigned long error_code)

/* The body that follows runs between irqentry_enter() and _exit(). */
#define DEFINE_IDTENTRY(func)						\
	static __always_inline void __##func(struct pt_regs *regs);	\
	__visible noinstr void func(struct pt_regs *regs)		\
	{								\
		irqentry_enter(regs);					\
		__##func(regs);						\
		irqentry_exit(regs);					\
	}								\
	static __always_inline void __##func(struct pt_regs *regs)

/* The body that follows does all of that itself. */
#define DEFINE_IDTENTRY_RAW_ERRORCODE(func)				\
	__visible noinstr void func(struct pt_regs *regs,		\
				    unsigned long error_code)

/* Device interrupts: the entry code passes the vector as error code. */
#define DEFINE_IDTENTRY_IRQ(func)					\
	static void __##func(struct pt_regs *regs, u32 vector);		\
	__visible noinstr void func(struct pt_regs *regs,		\
				    unsigned long error_code)		\
	{								\
		irqentry_enter(regs);					\
		__##func(regs, (u32)error_code);			\
		irqentry_exit(regs);					\
	}								\
	static void __##func(struct pt_regs *regs, u32 vector)

#else /* __ASSEMBLY__ */

#define DECLARE_IDTENTRY(vector, func) \
	idtentry vector asm_##func func has_error_code=0
#define DECLARE_IDTENTRY_ERRORCODE(vector, func) \
	idtentry vector asm_##func func has_error_code=1

#endif

DECLARE_IDTENTRY(X86_TRAP_DE, exc_divide_error);
DECLARE_IDTENTRY(0xec, sysvec_apic_timer_interrupt);
DECLARE_IDTENTRY_ERRORCODE(X86_TRAP_PF, exc_page_fault);

#endif
