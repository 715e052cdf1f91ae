// SPDX-License-Identifier: MIT
#include <linux/compiler.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/timer.h>
#include <asm/ptrace.h>

#define ESR_ELx_EC(esr)		((esr) >> 26)
#define ESR_ELx_EC_SVC64	0x15
#define ESR_ELx_EC_IABT_LOW	0x20
#define ESR_ELx_EC_DABT_LOW	0x24
#define ESR_ELx_EC_DABT_CUR	0x25

/* The interrupt controller's driver puts itself here. */
static void (*handle_arch_irq)(struct pt_regs *regs) __ro_after_init;

static noinstr void el1_abort(struct pt_regs *regs, unsigned long esr)
{
	do_mem_abort(read_sysreg(far_el1), esr, regs);
}

static noinstr void el0_da(struct pt_regs *regs, unsigned long esr)
{
	do_mem_abort(read_sysreg(far_el1), esr, regs);
}

static noinstr void el0_svc(struct pt_regs *regs)
{
	do_el0_svc(regs);
}

asmlinkage noinstr void el1h_64_sync_handler(struct pt_regs *regs)
{
	unsigned long esr = read_sysreg(esr_el1);

	if (ESR_ELx_EC(esr) == ESR_ELx_EC_DABT_CUR)
		el1_abort(regs, esr);
	else
		die("Oops - bad mode", regs, esr);
}

asmlinkage noinstr void el0t_64_sync_handler(struct pt_regs *regs)
{
	unsigned long why = read_sysreg(esr_el1);

	switch (ESR_ELx_EC(why)) {
	case ESR_ELx_EC_IABT_LOW:
	case ESR_ELx_EC_DABT_LOW:
		el0_da(regs, why);
		return;
	case ESR_ELx_EC_SVC64:
		el0_svc(regs);
		return;
	}
	force_sig_fault(SIGSEGV, regs->pc);
}

static void do_interrupt_handler(struct pt_regs *regs,
				 void (*handler)(struct pt_regs *regs))
{
	handler(regs);
}

asmlinkage noinstr void el0t_64_irq_handler(struct pt_regs *regs)
{
	do_interrupt_handler(regs, handle_arch_irq);
}

static int __init set_handle_irq(void (*handler)(struct pt_regs *regs))
{
	if (handle_arch_irq)
		return -EINVAL;
	handle_arch_irq = handler;
	return 0;
}

/* The interrupt controller, which in the kernel has a driver of its own. */
static void gic_handle_irq(struct pt_regs *regs)
{
	u32 irqnr = read_sysreg(icc_iar1_el1) % NR_IRQS;

	if (irqnr == 27) {
		run_local_timers();
		rcu_process_callbacks();
		return;
	}
	generic_handle_irq_desc(&irq_desc[irqnr]);
}

static void gic_eoi_irq(struct irq_data *data)
{
	asm volatile("msr icc_eoir1_el1, %0" : : "r" ((u64)data->irq));
}

static struct irq_chip gic_chip = {
	.name		= "GICv3",
	.irq_eoi	= gic_eoi_irq,
};

static int __init gic_of_init(void)
{
	for (int irq = 0; irq < NR_IRQS; irq++)
		irq_set_chip_and_handler(irq, &gic_chip, handle_fasteoi_irq);
	return set_handle_irq(gic_handle_irq);
}
core_initcall(gic_of_init);
