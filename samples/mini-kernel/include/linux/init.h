/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_INIT_H
#define _LINUX_INIT_H

#include <linux/types.h>

/* Code and data that are thrown away once the kernel is up. */
#define __init		__section(".init.text") __cold
#define __exit		__section(".exit.text") __used __cold
#define __initdata	__section(".init.data")
#define __initconst	__section(".init.rodata")

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

/*
 * An initcall is a function pointer in a section of its level. do_initcalls()
 * walks the levels in order.
 */
#define __define_initcall(fn, level)					\
	static initcall_t __initcall_##fn __used			\
		__section(".initcall" #level ".init") = fn

#define core_initcall(fn)	__define_initcall(fn, 1)
#define subsys_initcall(fn)	__define_initcall(fn, 4)
#define fs_initcall(fn)		__define_initcall(fn, 5)
#define device_initcall(fn)	__define_initcall(fn, 6)

/**
 * struct obs_kernel_param - one word of the kernel's command line
 * @str: the word, up to and with its "="
 * @setup_func: called with what follows the word
 */
struct obs_kernel_param {
	const char *str;
	int (*setup_func)(char *arg);
};

#define __setup(word, fn)						\
	static const struct obs_kernel_param __setup_##fn __used	\
		__section(".init.setup") = { word, fn }

extern initcall_t __initcall_start[], __initcall_end[];
extern const struct obs_kernel_param __setup_start[], __setup_end[];

int do_one_initcall(initcall_t fn);

#endif
