/* SPDX-License-Identifier: MIT */
#ifndef _ASM_ARM64_SYSCALL_WRAPPER_H
#define _ASM_ARM64_SYSCALL_WRAPPER_H

typedef long (*syscall_fn_t)(const struct pt_regs *regs);

/* Arguments come in x0 to x5; x0 itself may be overwritten by then. */
#define __ARM64_ARGS1(r)	(r)->orig_x0
#define __ARM64_ARGS2(r)	__ARM64_ARGS1(r), (r)->regs[1]
#define __ARM64_ARGS3(r)	__ARM64_ARGS2(r), (r)->regs[2]
#define __ARM64_ARGS4(r)	__ARM64_ARGS3(r), (r)->regs[3]
#define __ARM64_ARGS5(r)	__ARM64_ARGS4(r), (r)->regs[4]
#define __ARM64_ARGS6(r)	__ARM64_ARGS5(r), (r)->regs[5]

#define __SYSCALL_STUBx(n, name)					\
	long __arm64_sys##name(const struct pt_regs *regs);		\
	long __arm64_sys##name(const struct pt_regs *regs)		\
	{								\
		return __se_sys##name(__ARM64_ARGS##n(regs));		\
	}

#endif
