/** A small memory manager of our own, with the names by which every kernel's maps begin and end. */
export const FAULT_TREE = `
//@ include/linux/mm.h
typedef unsigned int vm_fault_t;
struct vm_area_struct;
struct file;
struct readahead_control;
struct vm_fault { struct vm_area_struct *vma; };
struct vm_operations_struct { vm_fault_t (*fault)(struct vm_fault *vmf); };
struct vm_area_struct { const struct vm_operations_struct *vm_ops; struct file *file; };
struct address_space_operations { void (*readpages)(struct readahead_control *rac); };
struct address_space { const struct address_space_operations *a_ops; };
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address);
vm_fault_t filemap_fault(struct vm_fault *vmf);
void read_ahead(struct address_space *mapping);
//@ arch/x86/mm/fault.c
#include <linux/mm.h>
static void user_fault(struct vm_area_struct *vma) { handle_mm_fault(vma, 1); }
void exc_page_fault(struct vm_area_struct *vma) { user_fault(vma); }
//@ arch/arm64/mm/fault.c
#include <linux/mm.h>
void exc_abort(struct vm_area_struct *vma) { handle_mm_fault(vma, 1); }
//@ mm/memory.c
#include <linux/mm.h>
static vm_fault_t anonymous(struct vm_fault *vmf) { return 0; }
static vm_fault_t swapped(struct vm_fault *vmf) { return 0; }
static int counted(struct vm_fault *vmf) { return 0; }
static vm_fault_t ask_mapping(struct vm_fault *vmf) { return vmf->vma->vm_ops->fault(vmf); }
static vm_fault_t read_one(struct vm_fault *vmf) { return ask_mapping(vmf); }
static vm_fault_t copy_one(struct vm_fault *vmf) { return ask_mapping(vmf); }
static vm_fault_t of_file(struct vm_fault *vmf, int write)
{
	if (write)
		return copy_one(vmf);
	return read_one(vmf);
}
static vm_fault_t one_page(struct vm_fault *vmf)
{
	if (counted(vmf))
		return anonymous(vmf);
	if (!vmf->vma)
		return swapped(vmf);
	return of_file(vmf, 0);
}
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address)
{
	struct vm_fault vmf = { .vma = vma };
	return one_page(&vmf);
}
//@ mm/filemap.c
#include <linux/mm.h>
void read_ahead(struct address_space *mapping) { mapping->a_ops->readpages(0); }
vm_fault_t filemap_fault(struct vm_fault *vmf) { read_ahead(0); return 0; }
const struct vm_operations_struct generic_vm_ops = { .fault = filemap_fault };
//@ fs/small/file.c
#include <linux/mm.h>
static void small_readpages(struct readahead_control *rac) { }
const struct address_space_operations small_aops = { .readpages = small_readpages };
const struct vm_operations_struct small_vm_ops = { .fault = filemap_fault };
//@ drivers/odd/odd.c
#include <linux/mm.h>
static vm_fault_t odd_fault(struct vm_fault *vmf) { return 0; }
const struct vm_operations_struct odd_vm_ops = { .fault = odd_fault };
`;
