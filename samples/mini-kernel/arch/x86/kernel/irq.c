// SPDX-License-Identifier: MIT
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/timer.h>
#include <asm/idtentry.h>

static u32 *const lapic_base = (u32 *)0xfee00000;

static void ack_lapic_irq(struct irq_data *data)
{
	lapic_base[0xb0 / 4] = 0;
}

static void mask_lapic_irq(struct irq_data *data)
{
	lapic_base[0x350 / 4] |= 1 << 16;
}

static void unmask_lapic_irq(struct irq_data *data)
{
	lapic_base[0x350 / 4] &= ~(1 << 16);
}

static struct irq_chip lapic_chip = {
	.name		= "local-APIC",
	.irq_ack	= ack_lapic_irq,
	.irq_mask	= mask_lapic_irq,
	.irq_unmask	= unmask_lapic_irq,
};

static __always_inline void handle_irq(struct irq_desc *desc,
				       struct pt_regs *regs)
{
	generic_handle_irq_desc(desc);
}

/* Device interrupts: asm_common_interrupt brings the vector. */
DEFINE_IDTENTRY_IRQ(common_interrupt)
{
	struct irq_desc *desc = &irq_desc[vector % NR_IRQS];

	if (likely(desc->handle_irq))
		handle_irq(desc, regs);
	else
		ack_lapic_irq(NULL);
}

DEFINE_IDTENTRY(sysvec_apic_timer_interrupt)
{
	ack_lapic_irq(NULL);
	run_local_timers();
	rcu_process_callbacks();
}

DEFINE_IDTENTRY(exc_divide_error)
{
	if (user_mode(regs))
		force_sig_fault(SIGFPE, regs->ip);
	else
		die("divide error", regs, 0);
}

static int __init init_IRQ(void)
{
	for (int irq = 0; irq < NR_IRQS; irq++)
		irq_set_chip_and_handler(irq, &lapic_chip, handle_edge_irq);
	return 0;
}
core_initcall(init_IRQ);
