// SPDX-License-Identifier: MIT
/*
 * Drivers come and go on an interrupt line.
 */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/slab.h>

static irqreturn_t irq_thread_fn(struct irqaction *action)
{
	return action->thread_fn(action->irq, action->dev_id);
}

static int irq_thread(void *data)
{
	struct irqaction *action = data;

	while (!kthread_should_stop()) {
		irq_thread_fn(action);
		schedule();
	}
	return 0;
}

/* For a driver that leaves everything to its thread. */
static irqreturn_t irq_default_primary_handler(int irq, void *dev_id)
{
	return IRQ_WAKE_THREAD;
}

/**
 * request_threaded_irq - have functions called on an interrupt
 * @irq: the line
 * @handler: called at once, with interrupts off; NULL for none
 * @thread_fn: called in a thread when @handler asks for it; NULL for none
 * @dev_id: given to both
 */
int request_threaded_irq(unsigned int irq, irq_handler_t handler,
			 irq_handler_t thread_fn, void *dev_id)
{
	struct irq_desc *desc = &irq_desc[irq % NR_IRQS];
	struct irqaction *action;

	if (!handler && !thread_fn)
		return -EINVAL;
	action = kmalloc(sizeof(*action), GFP_KERNEL);
	if (!action)
		return -ENOMEM;

	action->irq = irq;
	action->dev_id = dev_id;
	action->thread_fn = thread_fn;
	action->handler = handler ? handler : irq_default_primary_handler;
	action->thread = thread_fn ?
			 kthread_create(irq_thread, action, "irq") : NULL;

	action->next = desc->action;
	desc->action = action;
	if (desc->irq_data.chip->irq_unmask)
		desc->irq_data.chip->irq_unmask(&desc->irq_data);
	return 0;
}
EXPORT_SYMBOL(request_threaded_irq);

void free_irq(unsigned int irq, void *dev_id)
{
	struct irqaction **p = &irq_desc[irq].action;

	while (*p && (*p)->dev_id != dev_id)
		p = &(*p)->next;
	if (*p)
		*p = (*p)->next;
}
EXPORT_SYMBOL(free_irq);
