// SPDX-License-Identifier: MIT
/*
 * The models of the sensor: every way to write down a table.
 */
#include "tempsense.h"

#define TS_REG_TEMP	0x0
#define TS_REG_CTRL	0x4

static int mmio_read(struct tempsense *ts, unsigned int reg)
{
	return *(volatile u32 *)(ts->pdev->regs + reg);
}

static int mmio_write(struct tempsense *ts, unsigned int reg, int val)
{
	*(volatile u32 *)(ts->pdev->regs + reg) = val;
	return 0;
}

static int basic_reset(struct tempsense *ts)
{
	return tempsense_bus_call(ts, write, TS_REG_CTRL, 1);
}

static int fast_reset(struct tempsense *ts)
{
	ts->last = 0;
	return 0;
}

static int cmp_samples(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static int filter_first(int *samples, size_t n)
{
	return samples[0];
}

static int filter_median(int *samples, size_t n)
{
	sort(samples, n, sizeof(*samples), cmp_samples, NULL);
	return samples[n / 2];
}

/* Positional: by the order of the members. */
static const struct tempsense_bus_ops mmio_bus = { mmio_read, mmio_write };

/* By index, with nested and dotted designators. */
static const struct tempsense_ops models[TS_MODELS] = {
	[TS_BASIC] = {
		.bus = { .read = mmio_read, .write = &mmio_write },
		.reset = basic_reset,
		.filter = filter_first,
		.name = "basic",
	},
	[TS_FAST] = {
		.bus.read = mmio_read,
		.reset = (fast_reset),
		.filter = IS_ENABLED(CONFIG_SMP) ? filter_median : filter_first,
		.name = "fast",
	},
	[TS_PAIR ... TS_MODELS - 1] = {
		.reset = fast_reset,
		.name = "pair",
	},
};

/* Each device gets a copy of its own, which may then be changed. */
struct tempsense_ops *tempsense_model_ops(enum tempsense_model model)
{
	struct tempsense_ops *ops;

	ops = kmemdup(&models[model], sizeof(*ops), GFP_KERNEL);
	if (!ops)
		return NULL;

	/* A pair is read by way of its first half. */
	if (model >= TS_PAIR) {
		*ops = models[TS_BASIC];
		ops->bus = mmio_bus;
		ops->filter = filter_median;
	}
	if (!ops->bus.write)
		ops->bus = (struct tempsense_bus_ops) {
			.read = ops->bus.read,
			.write = mmio_write,
		};
	return ops;
}

static int cmd_read(struct tempsense *ts, int arg)
{
	return tempsense_bus_call(ts, read, arg);
}

static int cmd_reset(struct tempsense *ts, int arg)
{
	return ts->ops->reset(ts);
}

static int __maybe_unused cmd_test(struct tempsense *ts, int arg)
{
	/* Known to this function only. */
	static int (*const checks[])(struct tempsense *ts) = {
		basic_reset,
		fast_reset,
	};
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(checks) && !err; i++)
		err = checks[i](ts);
	return err;
}

static int cmd_vendor(struct tempsense *ts, int arg)
{
	return -EOPNOTSUPP;
}

/* Plain functions in an array, one of them for a range. */
const tempsense_cmd_fn tempsense_cmds[TS_CMDS] = {
	[TS_CMD_READ]	= cmd_read,
	[TS_CMD_RESET]	= cmd_reset,
#ifdef CONFIG_DEBUG_FS
	[TS_CMD_TEST]	= cmd_test,
#endif
	[TS_CMD_VENDOR_FIRST ... TS_CMD_VENDOR_LAST] = cmd_vendor,
};
