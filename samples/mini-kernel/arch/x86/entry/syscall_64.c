// SPDX-License-Identifier: MIT
#include <linux/syscalls.h>

long __x64_sys_ni_syscall(const struct pt_regs *regs);

#define __SYSCALL(nr, name) long __x64_sys_##name(const struct pt_regs *regs);
#include <asm/syscalls_64.h>
#undef __SYSCALL

/* For every number that is not in use. */
long __x64_sys_ni_syscall(const struct pt_regs *regs)
{
	return -ENOSYS;
}

/* First the same entry everywhere, then one by one from the list. */
#define __SYSCALL(nr, name)	[nr] = __x64_sys_##name,

const sys_call_ptr_t sys_call_table[] = {
	[0 ... 450] = &__x64_sys_ni_syscall,
	#include <asm/syscalls_64.h>
};
