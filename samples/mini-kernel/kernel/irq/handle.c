// SPDX-License-Identifier: MIT
/*
 * From an interrupt line to the drivers that wait for it.
 */
#include <linux/interrupt.h>
#include <linux/module.h>

struct irq_desc irq_desc[NR_IRQS];

static irqreturn_t __handle_irq_event_percpu(struct irq_desc *desc)
{
	irqreturn_t retval = IRQ_NONE;
	struct irqaction *action;

	for (action = desc->action; action; action = action->next) {
		irqreturn_t res;

		res = action->handler(desc->irq_data.irq, action->dev_id);
		if (res == IRQ_WAKE_THREAD && action->thread)
			wake_up_process(action->thread);
		retval |= res;
	}
	return retval;
}

static irqreturn_t handle_irq_event(struct irq_desc *desc)
{
	return __handle_irq_event_percpu(desc);
}

/* The flow of a line that reports changes: acknowledge first. */
void handle_edge_irq(struct irq_desc *desc)
{
	desc->irq_data.chip->irq_ack(&desc->irq_data);
	handle_irq_event(desc);
}

/* The flow of a controller that wants to hear of the end. */
void handle_fasteoi_irq(struct irq_desc *desc)
{
	struct irq_chip *chip = desc->irq_data.chip;

	handle_irq_event(desc);
	if (chip->irq_eoi)
		chip->irq_eoi(&desc->irq_data);
}

void irq_set_chip_and_handler(unsigned int irq, struct irq_chip *chip,
			      irq_flow_handler_t handle)
{
	struct irq_desc *desc = &irq_desc[irq];

	desc->irq_data.irq = irq;
	desc->irq_data.chip = chip;
	desc->handle_irq = handle;
}
