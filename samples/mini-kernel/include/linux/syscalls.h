/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_SYSCALLS_H
#define _LINUX_SYSCALLS_H

#include <linux/kernel.h>
#include <asm/ptrace.h>

/* __MAPn(m, type1, name1, ...) gives m(type1, name1), m(type2, name2) ... */
#define __MAP1(m, t, a)		m(t, a)
#define __MAP2(m, t, a, ...)	m(t, a), __MAP1(m, __VA_ARGS__)
#define __MAP3(m, t, a, ...)	m(t, a), __MAP2(m, __VA_ARGS__)
#define __MAP4(m, t, a, ...)	m(t, a), __MAP3(m, __VA_ARGS__)
#define __MAP5(m, t, a, ...)	m(t, a), __MAP4(m, __VA_ARGS__)
#define __MAP6(m, t, a, ...)	m(t, a), __MAP5(m, __VA_ARGS__)

#define __SC_DECL(type, name)	type name
#define __SC_LONG(type, name)	long name
#define __SC_CAST(type, name)	(type)name

/* The entry stub __SYSCALL_STUBx() is the architecture's own. */
#include <asm/syscall_wrapper.h>

/*
 * From SYSCALL_DEFINE3(read, ...) come three functions: the entry in the
 * system call table, __se_sys_read() with every argument a long, and
 * __do_sys_read() with the body that follows the macro.
 */
#define SYSCALL_DEFINEx(n, name, ...)					\
	static long __se_sys##name(__MAP##n(__SC_LONG, __VA_ARGS__));	\
	static inline long __do_sys##name(__MAP##n(__SC_DECL, __VA_ARGS__)); \
	__SYSCALL_STUBx(n, name)					\
	static long __se_sys##name(__MAP##n(__SC_LONG, __VA_ARGS__))	\
	{								\
		return __do_sys##name(__MAP##n(__SC_CAST, __VA_ARGS__)); \
	}								\
	static inline long __do_sys##name(__MAP##n(__SC_DECL, __VA_ARGS__))

#define SYSCALL_DEFINE1(sys, ...)	SYSCALL_DEFINEx(1, _##sys, __VA_ARGS__)
#define SYSCALL_DEFINE2(sys, ...)	SYSCALL_DEFINEx(2, _##sys, __VA_ARGS__)
#define SYSCALL_DEFINE3(sys, ...)	SYSCALL_DEFINEx(3, _##sys, __VA_ARGS__)
#define SYSCALL_DEFINE4(sys, ...)	SYSCALL_DEFINEx(4, _##sys, __VA_ARGS__)
#define SYSCALL_DEFINE5(sys, ...)	SYSCALL_DEFINEx(5, _##sys, __VA_ARGS__)
#define SYSCALL_DEFINE6(sys, ...)	SYSCALL_DEFINEx(6, _##sys, __VA_ARGS__)

/* What the system calls and a few in-kernel callers share. */
ssize_t ksys_read(unsigned int fd, char __user *buf, size_t count);
ssize_t ksys_write(unsigned int fd, const char __user *buf, size_t count);
unsigned long ksys_mmap_pgoff(unsigned long addr, unsigned long len,
			      unsigned long prot, unsigned long flags,
			      unsigned long fd, unsigned long pgoff);

#endif
