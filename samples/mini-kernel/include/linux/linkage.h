/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_LINKAGE_H
#define _LINUX_LINKAGE_H

#ifdef __ASSEMBLY__

/* SYM_CODE_*: code with a stack or registers of its own making. */
#define SYM_CODE_START(name)	.globl name; .balign 16; name:
#define SYM_CODE_END(name)	.size name, . - name

/* SYM_FUNC_*: callable from C as any other function. */
#define SYM_FUNC_START(name)	.globl name; .type name, %function; \
				.balign 16; name:
#define SYM_FUNC_END(name)	.size name, . - name

#else

#include <linux/compiler.h>

#endif

#endif
