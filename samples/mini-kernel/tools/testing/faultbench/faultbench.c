// SPDX-License-Identifier: MIT
/*
 * A program that counts faults in a model of an area. Its functions are
 * called as the kernel's are, and have nothing to do with them.
 */
#include <linux/mm.h>

static unsigned long major;

static vm_fault_t filemap_fault(struct vm_fault *vmf)
{
	if (vmf->pgoff >= vmf->vma->pages)
		return VM_FAULT_SIGBUS;
	major++;
	return VM_FAULT_MAJOR;
}

static const struct vm_operations_struct bench_vm_ops = {
	.fault = filemap_fault,
};

static vm_fault_t __do_fault(struct vm_fault *vmf)
{
	return vmf->vma->vm_ops->fault(vmf);
}

static vm_fault_t handle_mm_fault(struct vm_area_struct *vma,
				  unsigned long pgoff)
{
	struct vm_fault vmf = { .vma = vma, .pgoff = pgoff };

	return __do_fault(&vmf);
}

int main(void)
{
	struct vm_area_struct vma = { .vm_ops = &bench_vm_ops, .pages = 16 };
	unsigned long pgoff;

	for (pgoff = 0; pgoff < 20; pgoff++)
		if (handle_mm_fault(&vma, pgoff) & VM_FAULT_SIGBUS)
			break;
	printf("%lu faults\n", major);
	return 0;
}
