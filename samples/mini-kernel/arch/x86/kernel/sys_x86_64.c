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

/* Lowest gap that is large enough. */
unsigned long arch_get_unmapped_area(struct file *filp, unsigned long addr,
				     unsigned long len, unsigned long pgoff,
				     unsigned long flags)
{
	struct vm_area_struct *vma;

	if (flags & MAP_FIXED)
		return addr;
	addr = PAGE_ALIGN(addr ? addr : TASK_SIZE / 3);
	while ((vma = find_vma(current->mm, addr))) {
		if (addr + len <= vma->vm_start)
			break;
		addr = vma->vm_end;
	}
	return addr;
}
