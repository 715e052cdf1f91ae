// SPDX-License-Identifier: MIT
/*
 * Files that are memory already: a fault maps them without the page cache.
 */
#include <linux/dax.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

#ifdef CONFIG_FS_DAX

/* One step: the file system maps a range, and hears what became of it. */
static int iomap_iter(struct inode *inode, loff_t pos, unsigned int flags,
		      struct iomap *iomap, const struct iomap_ops *ops)
{
	int ret;

	ret = ops->iomap_begin(inode, pos, PAGE_SIZE, flags, iomap);
	if (ret < 0)
		return ret;
	if (ops->iomap_end)
		ret = ops->iomap_end(inode, pos, PAGE_SIZE, flags, iomap);
	return ret;
}

/**
 * dax_iomap_fault - fault in a page of persistent memory
 * @vmf: the fault
 * @pe_size: how much to map
 * @ops: the file system's table
 */
vm_fault_t dax_iomap_fault(struct vm_fault *vmf, enum page_entry_size pe_size,
			   const struct iomap_ops *ops)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	unsigned int flags = IOMAP_FAULT;
	struct iomap iomap = { };
	int error;

	if (pe_size != PE_SIZE_PTE)
		return VM_FAULT_FALLBACK;
	if (vmf->flags & FAULT_FLAG_WRITE)
		flags |= IOMAP_WRITE;
	error = iomap_iter(inode, vmf->pgoff << PAGE_SHIFT, flags, &iomap, ops);
	if (error)
		return error == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
	vmf->page = iomap.page;
	return finish_fault(vmf) | VM_FAULT_NOPAGE;
}
EXPORT_SYMBOL_GPL(dax_iomap_fault);

#endif
