// SPDX-License-Identifier: MIT
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/proc_fs.h>

static void *int_seq_start(struct seq_file *f, loff_t *pos)
{
	return *pos < NR_IRQS ? &irq_desc[*pos] : NULL;
}

static void *int_seq_next(struct seq_file *f, void *v, loff_t *pos)
{
	++*pos;
	return int_seq_start(f, pos);
}

static void int_seq_stop(struct seq_file *f, void *v)
{
}

static int show_interrupts(struct seq_file *p, void *v)
{
	struct irq_desc *desc = v;

	if (desc->irq_data.chip)
		seq_printf(p, "%3d: %s\n", desc->irq_data.irq,
			   desc->irq_data.chip->name);
	return 0;
}

/* A whole table in one line: prefix_start(), _next(), _stop(), and show. */
#define SEQ_OPS(prefix, show_fn) {					\
	.start	= prefix##_start,					\
	.next	= prefix##_next,					\
	.stop	= prefix##_stop,					\
	.show	= show_fn,						\
}

static const struct seq_operations int_seq_ops =
	SEQ_OPS(int_seq, show_interrupts);

static int __init proc_interrupts_init(void)
{
	proc_create_seq("interrupts", &int_seq_ops);
	return 0;
}
fs_initcall(proc_interrupts_init);
