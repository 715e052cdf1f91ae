/* SPDX-License-Identifier: MIT */
#ifndef _TEMPSENSE_H
#define _TEMPSENSE_H

#include <linux/platform_device.h>

struct tempsense;

enum tempsense_model {
	TS_BASIC,
	TS_FAST,
	TS_PAIR,
	TS_MODELS = 8,
};

enum tempsense_cmd {
	TS_CMD_READ,
	TS_CMD_RESET,
	TS_CMD_TEST,
	TS_CMD_VENDOR_FIRST,
	TS_CMD_VENDOR_LAST = 7,
	TS_CMDS,
};

/**
 * struct tempsense_bus_ops - how a chip's registers are reached
 * @read: one register
 * @write: one register
 */
struct tempsense_bus_ops {
	int (*read)(struct tempsense *ts, unsigned int reg);
	int (*write)(struct tempsense *ts, unsigned int reg, int val);
};

/**
 * struct tempsense_ops - what one model of the chip can do
 * @bus: its registers
 * @reset: start from scratch
 * @filter: pick one value out of several samples
 * @name: printed at start
 */
struct tempsense_ops {
	struct tempsense_bus_ops bus;
	int (*reset)(struct tempsense *ts);
	int (*filter)(int *samples, size_t n);
	const char *name;
};

typedef int (*tempsense_cmd_fn)(struct tempsense *ts, int arg);

/* Call one of a chip's bus functions, if it has it. */
#define tempsense_bus_call(ts, f, args...) \
	((ts)->ops->bus.f ? (ts)->ops->bus.f((ts), ##args) : -EOPNOTSUPP)

struct tempsense {
	struct platform_device *pdev;
	struct tempsense_ops *ops;
	int limit;
	int last;
};

extern const tempsense_cmd_fn tempsense_cmds[TS_CMDS];

struct tempsense_ops *tempsense_model_ops(enum tempsense_model model);

#endif
