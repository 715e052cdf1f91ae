// SPDX-License-Identifier: MIT
#include <linux/mm.h>
#include <linux/syscalls.h>

SYSCALL_DEFINE6(mmap, unsigned long, start, unsigned long, len,
		unsigned long, prot, unsigned long, flags,
		unsigned long, fd, unsigned long, offset)
{
	unsigned long pgoff = offset >> PAGE_SHIFT;

	if (pgoff << PAGE_SHIFT != offset)
		return -EINVAL;
	return ksys_mmap_pgoff(start, len, prot, flags, fd, pgoff);
}

/* Highest gap that is large enough. */
unsigned long arch_get_unmapped_area(struct file *filp, unsigned long addr,
				     unsigned long len, unsigned long pgoff,
				     unsigned long flags)
{
	if (flags & MAP_FIXED)
		return addr;
	for (addr = TASK_SIZE - len; addr > len; addr -= len) {
		struct vm_area_struct *vma = find_vma(current->mm, addr);

		if (!vma || addr + len <= vma->vm_start)
			break;
	}
	return addr;
}

#define __NR_munmap	215
#define __NR_execve	221
#define __NR_mmap	222
#define __NR_syscalls	451

long __arm64_sys_close(const struct pt_regs *regs);
long __arm64_sys_execve(const struct pt_regs *regs);
long __arm64_sys_munmap(const struct pt_regs *regs);
long __arm64_sys_read(const struct pt_regs *regs);
long __arm64_sys_write(const struct pt_regs *regs);

static long __arm64_sys_ni_syscall(const struct pt_regs *regs)
{
	return -ENOSYS;
}

static const syscall_fn_t sys_call_table[__NR_syscalls] = {
	[0 ... __NR_syscalls - 1] = __arm64_sys_ni_syscall,
	[57]		= __arm64_sys_close,
	[63]		= __arm64_sys_read,
	[64]		= __arm64_sys_write,
	[__NR_munmap]	= __arm64_sys_munmap,
	[__NR_execve]	= __arm64_sys_execve,
	[__NR_mmap]	= __arm64_sys_mmap,
};

static long __invoke_syscall(struct pt_regs *regs, syscall_fn_t syscall_fn)
{
	return syscall_fn(regs);
}

static void invoke_syscall(struct pt_regs *regs, unsigned int scno,
			   const syscall_fn_t syscall_table[])
{
	syscall_fn_t syscall_fn = __arm64_sys_ni_syscall;

	if (scno < __NR_syscalls)
		syscall_fn = syscall_table[scno];
	regs->regs[0] = __invoke_syscall(regs, syscall_fn);
}

static void el0_svc_common(struct pt_regs *regs, int scno,
			   const syscall_fn_t syscall_table[])
{
	regs->orig_x0 = regs->regs[0];
	regs->syscallno = scno;
	invoke_syscall(regs, scno, syscall_table);
}

void do_el0_svc(struct pt_regs *regs)
{
	el0_svc_common(regs, regs->regs[8], sys_call_table);
}
