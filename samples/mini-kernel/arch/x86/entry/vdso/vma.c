// SPDX-License-Identifier: MIT
/*
 * The page of code that every process has mapped without asking.
 */
#include <linux/mm.h>
#include <linux/sched.h>

static struct page *vdso_page;

static vm_fault_t vdso_fault(const struct vm_special_mapping *sm,
			     struct vm_area_struct *vma, void *arg)
{
	struct vm_fault *vmf = arg;

	if (!vdso_page || vmf->pgoff != 0)
		return VM_FAULT_SIGBUS;
	folio_get(page_folio(vdso_page));
	vmf->page = vdso_page;
	return 0;
}

static const struct vm_special_mapping vdso_mapping = {
	.name = "[vdso]",
	.fault = vdso_fault,
};

int arch_setup_additional_pages(unsigned long addr)
{
	struct vm_area_struct *vma;

	vma = _install_special_mapping(current->mm, addr, PAGE_SIZE,
				       VM_READ | VM_EXEC, &vdso_mapping);
	return IS_ERR(vma) ? (int)PTR_ERR(vma) : 0;
}
