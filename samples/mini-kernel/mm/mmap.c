// SPDX-License-Identifier: MIT
/*
 * Areas of memory: mmap, munmap, and areas of the kernel's own making.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/security.h>
#include <linux/syscalls.h>

/* The first area that ends above addr. */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	struct vm_area_struct *vma;

	list_for_each_entry(vma, &mm->mmap, vm_list)
		if (addr < vma->vm_end)
			return vma;
	return NULL;
}

static void vma_link(struct mm_struct *mm, struct vm_area_struct *vma)
{
	struct vm_area_struct *next = find_vma(mm, vma->vm_start);

	list_add_tail(&vma->vm_list, next ? &next->vm_list : &mm->mmap);
}

static void remove_vma(struct vm_area_struct *vma)
{
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	if (vma->vm_file)
		fput(vma->vm_file);
	list_del(&vma->vm_list);
	kfree(vma);
}

/* The file, or else the architecture, chooses the address. */
unsigned long get_unmapped_area(struct file *file, unsigned long addr,
				unsigned long len, unsigned long pgoff,
				unsigned long flags)
{
	unsigned long (*get_area)(struct file *, unsigned long,
				  unsigned long, unsigned long, unsigned long);

	get_area = current->mm->get_unmapped_area;
	if (file && file->f_op->get_unmapped_area)
		get_area = file->f_op->get_unmapped_area;
	return get_area(file, addr, len, pgoff, flags);
}

unsigned long mmap_region(struct file *file, unsigned long addr,
			  unsigned long len, unsigned long vm_flags,
			  unsigned long pgoff)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int error;

	vma = kzalloc(sizeof(*vma), GFP_KERNEL);
	if (!vma)
		return -ENOMEM;
	vma->vm_mm = mm;
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags;
	vma->vm_pgoff = pgoff;

	if (file) {
		file->f_count.counter++;
		vma->vm_file = file;
		error = call_mmap(file, vma);
		if (error) {
			fput(file);
			kfree(vma);
			return error;
		}
	}
	vma_link(mm, vma);
	return addr;
}

unsigned long do_mmap(struct file *file, unsigned long addr,
		      unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long pgoff)
{
	unsigned long vm_flags = prot & (PROT_READ | PROT_WRITE | PROT_EXEC);

	len = PAGE_ALIGN(len);
	if (!len)
		return -EINVAL;
	addr = get_unmapped_area(file, addr, len, pgoff, flags);
	if (IS_ERR((void *)addr))
		return addr;

	if (flags & MAP_SHARED)
		vm_flags |= VM_SHARED;
	if (file && !file->f_op->mmap)
		return -ENODEV;
	return mmap_region(file, addr, len, vm_flags, pgoff);
}

unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr,
			    unsigned long len, unsigned long prot,
			    unsigned long flag, unsigned long pgoff)
{
	unsigned long ret = security_mmap_file(file, prot, flag);

	if (!ret)
		ret = do_mmap(file, addr, len, prot, flag, pgoff);
	return ret;
}

unsigned long ksys_mmap_pgoff(unsigned long addr, unsigned long len,
			      unsigned long prot, unsigned long flags,
			      unsigned long fd, unsigned long pgoff)
{
	struct file *file;

	if (flags & MAP_ANONYMOUS)
		return vm_mmap_pgoff(NULL, addr, len, prot, flags, pgoff);

	file = fget(fd);
	if (!file)
		return -EBADF;
	addr = vm_mmap_pgoff(file, addr, len, prot, flags, pgoff);
	fput(file);
	return addr;
}

/* Cut an area in two, if its owner allows it. */
static int split_vma(struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *new;
	int err;

	if (vma->vm_ops && vma->vm_ops->may_split) {
		err = vma->vm_ops->may_split(vma, addr);
		if (err)
			return err;
	}

	new = kmemdup(vma, sizeof(*vma), GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	new->vm_end = addr;
	vma->vm_pgoff += (addr - vma->vm_start) >> PAGE_SHIFT;
	vma->vm_start = addr;
	if (new->vm_ops && new->vm_ops->open)
		new->vm_ops->open(new);
	vma_link(vma->vm_mm, new);
	return 0;
}

int do_munmap(struct mm_struct *mm, unsigned long start, size_t len)
{
	unsigned long end = start + PAGE_ALIGN(len);
	struct vm_area_struct *vma, *next;
	int error;

	list_for_each_entry_safe(vma, next, &mm->mmap, vm_list) {
		if (vma->vm_end <= start || vma->vm_start >= end)
			continue;
		if (vma->vm_start < start || vma->vm_end > end) {
			error = split_vma(vma, vma->vm_start < start ?
					       start : end);
			if (error)
				return error;
			continue;
		}
		remove_vma(vma);
	}
	return 0;
}

SYSCALL_DEFINE2(munmap, unsigned long, addr, size_t, len)
{
	return do_munmap(current->mm, addr, len);
}

/* Areas without a file: the fault goes on to the mapping's own function. */
static vm_fault_t special_mapping_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	const struct vm_special_mapping *sm = vma->vm_private_data;

	if (sm->fault)
		return sm->fault(sm, vma, vmf);
	return VM_FAULT_SIGBUS;
}

static int special_mapping_split(struct vm_area_struct *vma,
				 unsigned long addr)
{
	return -EINVAL;
}

static const struct vm_operations_struct special_mapping_vmops = {
	.fault		= special_mapping_fault,
	.may_split	= special_mapping_split,
};

struct vm_area_struct *
_install_special_mapping(struct mm_struct *mm, unsigned long addr,
			 unsigned long len, unsigned long vm_flags,
			 const struct vm_special_mapping *spec)
{
	struct vm_area_struct *vma = kzalloc(sizeof(*vma), GFP_KERNEL);

	if (!vma)
		return ERR_PTR(-ENOMEM);
	vma->vm_mm = mm;
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags;
	vma->vm_ops = &special_mapping_vmops;
	vma->vm_private_data = (void *)spec;
	vma_link(mm, vma);
	return vma;
}
