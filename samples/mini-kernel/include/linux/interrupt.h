/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_INTERRUPT_H
#define _LINUX_INTERRUPT_H

#include <linux/kernel.h>
#include <linux/sched.h>

typedef enum {
	IRQ_NONE,
	IRQ_HANDLED,
	IRQ_WAKE_THREAD,
} irqreturn_t;

typedef irqreturn_t (*irq_handler_t)(int irq, void *dev_id);

struct irq_desc;
struct irq_data;

typedef void (*irq_flow_handler_t)(struct irq_desc *desc);

/**
 * struct irqaction - one driver's interest in an interrupt
 * @handler: runs with interrupts off
 * @dev_id: given back to @handler
 * @next: the next driver on the same line
 * @thread_fn: runs in a thread of its own if @handler asks for it
 * @thread: that thread
 * @irq: the number of the line
 */
struct irqaction {
	irq_handler_t handler;
	void *dev_id;
	struct irqaction *next;
	irq_handler_t thread_fn;
	struct task_struct *thread;
	int irq;
};

/**
 * struct irq_chip - the controller of a line
 * @name: for /proc/interrupts
 * @irq_ack: the interrupt was seen
 * @irq_eoi: the interrupt was dealt with
 * @irq_mask: keep the line quiet
 * @irq_unmask: let it speak again
 */
struct irq_chip {
	const char *name;
	void (*irq_ack)(struct irq_data *data);
	void (*irq_eoi)(struct irq_data *data);
	void (*irq_mask)(struct irq_data *data);
	void (*irq_unmask)(struct irq_data *data);
};

struct irq_data {
	int irq;
	struct irq_chip *chip;
};

struct irq_desc {
	struct irq_data irq_data;
	irq_flow_handler_t handle_irq;
	struct irqaction *action;
};

#define NR_IRQS		64
extern struct irq_desc irq_desc[NR_IRQS];

int request_threaded_irq(unsigned int irq, irq_handler_t handler,
			 irq_handler_t thread_fn, void *dev);
void free_irq(unsigned int irq, void *dev);
void irq_set_chip_and_handler(unsigned int irq, struct irq_chip *chip,
			      irq_flow_handler_t handle);
void handle_edge_irq(struct irq_desc *desc);
void handle_fasteoi_irq(struct irq_desc *desc);

static inline int request_irq(unsigned int irq, irq_handler_t handler,
			      void *dev)
{
	return request_threaded_irq(irq, handler, NULL, dev);
}

static inline void generic_handle_irq_desc(struct irq_desc *desc)
{
	desc->handle_irq(desc);
}

#endif
