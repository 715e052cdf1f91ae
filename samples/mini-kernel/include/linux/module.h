/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MODULE_H
#define _LINUX_MODULE_H

#include <linux/init.h>
#include <linux/list.h>

/**
 * struct module - a loaded .ko
 * @list: links the module into modules
 * @name: its name, without .ko
 * @init: what module_init() named
 * @exit: what module_exit() named, NULL for a module that stays
 */
struct module {
	struct list_head list;
	char name[56];
	initcall_t init;
	exitcall_t exit;
};

#ifdef MODULE
extern struct module __this_module;
#define THIS_MODULE	(&__this_module)

/* A module has one way in and one way out, under these fixed names. */
#define module_init(initfn)						\
	int init_module(void) __attribute__((alias(#initfn)))
#define module_exit(exitfn)						\
	void cleanup_module(void) __attribute__((alias(#exitfn)))
#else
#define THIS_MODULE	((struct module *)NULL)

#define module_init(initfn)	device_initcall(initfn)
#define module_exit(exitfn)						\
	static exitcall_t __exitcall_##exitfn __used			\
		__section(".exitcall.exit") = exitfn
#endif

#define __MODINFO(tag, text)						\
	static const char __modinfo_##tag[] __used			\
		__section(".modinfo") = #tag "=" text

#define MODULE_LICENSE(text)	__MODINFO(license, text)
#define MODULE_DESCRIPTION(text) __MODINFO(description, text)

/* A name that modules may use. */
#define EXPORT_SYMBOL(sym)	extern typeof(sym) sym
#define EXPORT_SYMBOL_GPL(sym)	EXPORT_SYMBOL(sym)

#endif
