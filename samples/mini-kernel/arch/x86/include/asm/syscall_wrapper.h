/* SPDX-License-Identifier: MIT */
#ifndef _ASM_X86_SYSCALL_WRAPPER_H
#define _ASM_X86_SYSCALL_WRAPPER_H

typedef long (*sys_call_ptr_t)(const struct pt_regs *regs);

/* The registers in which arguments come in. */
#define __X64_ARGS1(regs)	(regs)->di
#define __X64_ARGS2(regs)	__X64_ARGS1(regs), (regs)->si
#define __X64_ARGS3(regs)	__X64_ARGS2(regs), (regs)->dx
#define __X64_ARGS4(regs)	__X64_ARGS3(regs), (regs)->r10
#define __X64_ARGS5(regs)	__X64_ARGS4(regs), (regs)->r8
#define __X64_ARGS6(regs)	__X64_ARGS5(regs), (regs)->r9

#define __SYSCALL_STUBx(n, name)					\
	long __x64_sys##name(const struct pt_regs *regs);		\
	long __x64_sys##name(const struct pt_regs *regs)		\
	{								\
		return __se_sys##name(__X64_ARGS##n(regs));		\
	}

#endif
