// SPDX-License-Identifier: MIT
/*
 * What happens on a page fault, once the architecture knows the area.
 *
 * handle_mm_fault() looks at the page table. An empty entry of a file's area
 * leads to do_fault(), and by one of its three ways to __do_fault(), which
 * asks the area's owner for the page: vma->vm_ops->fault().
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

/* No page to go on with: an error, or somebody else has dealt with it. */
#define VM_FAULT_UNFINISHED \
	(VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY)

/* Pages that are mapped around a faulting one if they are there anyway. */
static unsigned long fault_around_bytes __read_mostly = 16 * PAGE_SIZE;

static pte_t mk_pte(struct page *page, bool writable)
{
	return (pte_t) { (unsigned long)page | 1 | (writable ? 2 : 0) };
}

static bool pte_write(pte_t pte)
{
	return pte.val & 2;
}

static struct page *vm_normal_page(pte_t pte)
{
	return (struct page *)(pte.val & ~3UL);
}

static void set_pte_at(struct vm_fault *vmf, pte_t pte)
{
	struct mm_struct *mm = vmf->vma->vm_mm;

	spin_lock(&mm->page_table_lock);
	vmf->pmd->val = pte.val;
	spin_unlock(&mm->page_table_lock);
}

/* Put vmf->page, or the private copy, into the page table. */
vm_fault_t finish_fault(struct vm_fault *vmf)
{
	bool write = vmf->flags & FAULT_FLAG_WRITE;
	struct page *page = vmf->page;

	if (write && !(vmf->vma->vm_flags & VM_SHARED))
		page = vmf->cow_page;
	if (vmf->pmd->val)
		return VM_FAULT_NOPAGE;
	set_pte_at(vmf, mk_pte(page, write));
	return 0;
}

/* Memory without a file: a zeroed page is all it takes. */
static vm_fault_t do_anonymous_page(struct vm_fault *vmf)
{
	struct page *page = alloc_page(vmf->gfp_mask | __GFP_ZERO);

	if (!page)
		return VM_FAULT_OOM;
	set_pte_at(vmf, mk_pte(page, vmf->vma->vm_flags & VM_WRITE));
	return 0;
}

/* Ask the area's owner for the page at vmf->pgoff, and return it locked. */
static vm_fault_t __do_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	vm_fault_t got;

	got = vma->vm_ops->fault(vmf);
	if (got & (VM_FAULT_UNFINISHED | VM_FAULT_DONE_COW))
		return got;

	if (!(got & VM_FAULT_LOCKED)) {
		lock_page(vmf->page);
		got |= VM_FAULT_LOCKED;
	}
	if (unlikely(folio_test_hwpoison(page_folio(vmf->page)))) {
		unlock_page(vmf->page);
		put_page(vmf->page);
		return VM_FAULT_HWPOISON;
	}
	return got;
}

/* Tell the owner that a page is about to be written to. */
static vm_fault_t do_page_mkwrite(struct vm_fault *vmf)
{
	unsigned int flags = vmf->flags;
	vm_fault_t said;

	vmf->flags = FAULT_FLAG_MKWRITE | FAULT_FLAG_WRITE;
	said = vmf->vma->vm_ops->page_mkwrite(vmf);
	vmf->flags = flags;

	if (!(said & (VM_FAULT_UNFINISHED | VM_FAULT_LOCKED))) {
		lock_page(vmf->page);
		said |= VM_FAULT_LOCKED;
	}
	return said;
}

static void fault_dirty_shared_page(struct vm_fault *vmf)
{
	folio_mark_dirty(page_folio(vmf->page));
	unlock_page(vmf->page);
}

static bool should_fault_around(struct vm_fault *vmf)
{
	return vmf->vma->vm_ops->map_pages && fault_around_bytes > PAGE_SIZE;
}

static vm_fault_t do_fault_around(struct vm_fault *vmf)
{
	pgoff_t nr = fault_around_bytes >> PAGE_SHIFT;
	pgoff_t first = vmf->pgoff & ~(nr - 1);

	return vmf->vma->vm_ops->map_pages(vmf, first, first + nr - 1);
}

/* Nobody writes: the page is mapped as it is. */
static vm_fault_t do_read_fault(struct vm_fault *vmf)
{
	vm_fault_t got = 0;

	if (should_fault_around(vmf))
		got = do_fault_around(vmf);
	if (got)
		return got;

	got = __do_fault(vmf);
	if (got & VM_FAULT_UNFINISHED)
		return got;
	got |= finish_fault(vmf);
	unlock_page(vmf->page);
	return got;
}

/* A private mapping is written to: it gets a copy of the page. */
static vm_fault_t do_cow_fault(struct vm_fault *vmf)
{
	vm_fault_t got = VM_FAULT_OOM;

	vmf->cow_page = alloc_page(GFP_KERNEL);
	if (vmf->cow_page)
		got = __do_fault(vmf);
	if (got & VM_FAULT_DONE_COW)
		return got;
	if (got & VM_FAULT_UNFINISHED) {
		if (vmf->cow_page)
			put_page(vmf->cow_page);
		return got;
	}

	copy_user_highpage(vmf->cow_page, vmf->page);
	unlock_page(vmf->page);
	put_page(vmf->page);
	return got | finish_fault(vmf);
}

/* A shared mapping is written to: the owner may want to know before. */
static vm_fault_t do_shared_fault(struct vm_fault *vmf)
{
	const struct vm_operations_struct *ops = vmf->vma->vm_ops;
	vm_fault_t got = __do_fault(vmf);

	if (got & VM_FAULT_UNFINISHED)
		return got;

	if (ops->page_mkwrite) {
		unlock_page(vmf->page);
		got = do_page_mkwrite(vmf);
		if (got & VM_FAULT_UNFINISHED) {
			put_page(vmf->page);
			return got;
		}
	}
	got |= finish_fault(vmf);
	fault_dirty_shared_page(vmf);
	return got;
}

/* An empty entry in an area that has an owner. */
static vm_fault_t do_fault(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;

	if (!vma->vm_ops->fault)
		return VM_FAULT_SIGBUS;
	if (!(vmf->flags & FAULT_FLAG_WRITE))
		return do_read_fault(vmf);
	if (vma->vm_flags & VM_SHARED)
		return do_shared_fault(vmf);
	return do_cow_fault(vmf);
}

static vm_fault_t create_huge_pmd(struct vm_fault *vmf)
{
	const struct vm_operations_struct *ops = vmf->vma->vm_ops;

	if (!ops || !ops->huge_fault)
		return VM_FAULT_FALLBACK;
	return ops->huge_fault(vmf, PE_SIZE_PMD);
}

/* Shared memory without struct pages, such as a device's own. */
static vm_fault_t wp_pfn_shared(struct vm_fault *vmf)
{
	const struct vm_operations_struct *ops = vmf->vma->vm_ops;
	vm_fault_t said = 0;

	if (ops && ops->pfn_mkwrite)
		said = ops->pfn_mkwrite(vmf);
	if (!(said & VM_FAULT_UNFINISHED))
		set_pte_at(vmf, mk_pte(NULL, true));
	return said;
}

static vm_fault_t wp_page_shared(struct vm_fault *vmf)
{
	const struct vm_operations_struct *ops = vmf->vma->vm_ops;
	vm_fault_t said = 0;

	if (ops && ops->page_mkwrite)
		said = do_page_mkwrite(vmf);
	else
		lock_page(vmf->page);
	if (said & VM_FAULT_UNFINISHED)
		return said;

	set_pte_at(vmf, mk_pte(vmf->page, true));
	fault_dirty_shared_page(vmf);
	return said;
}

static vm_fault_t wp_page_copy(struct vm_fault *vmf)
{
	struct page *copy = alloc_page(GFP_KERNEL);

	if (!copy)
		return VM_FAULT_OOM;
	copy_user_highpage(copy, vmf->page);
	set_pte_at(vmf, mk_pte(copy, true));
	return 0;
}

/* A write to a page that is mapped read-only. */
static vm_fault_t do_wp_page(struct vm_fault *vmf)
{
	vmf->page = vm_normal_page(vmf->orig_pte);
	if (!vmf->page)
		return wp_pfn_shared(vmf);
	if (vmf->vma->vm_flags & VM_SHARED)
		return wp_page_shared(vmf);
	return wp_page_copy(vmf);
}

static vm_fault_t handle_pte_fault(struct vm_fault *vmf)
{
	bool write = vmf->flags & FAULT_FLAG_WRITE;

	if (vmf->pte)
		return write && !pte_write(vmf->orig_pte) ? do_wp_page(vmf) : 0;
	return vma_is_anonymous(vmf->vma) ? do_anonymous_page(vmf)
					  : do_fault(vmf);
}

static vm_fault_t __handle_mm_fault(struct vm_area_struct *vma,
				    unsigned long addr, unsigned int flags)
{
	pgoff_t nr = (addr - vma->vm_start) >> PAGE_SHIFT;
	pmd_t *entry = &vma->vm_mm->pgd[addr >> PAGE_SHIFT];
	struct vm_fault vmf = {
		.vma	  = vma,
		.address  = addr & PAGE_MASK,
		.pgoff	  = vma->vm_pgoff + nr,
		.gfp_mask = GFP_KERNEL,
		.flags	  = flags,
		.pmd	  = entry,
		.orig_pte = { READ_ONCE(entry->val) },
	};

	if (vmf.orig_pte.val)
		vmf.pte = &vmf.orig_pte;
	if (!vmf.pte && (vma->vm_flags & VM_HUGEPAGE)) {
		vm_fault_t got = create_huge_pmd(&vmf);

		if (!(got & VM_FAULT_FALLBACK))
			return got;
	}
	return handle_pte_fault(&vmf);
}

/**
 * handle_mm_fault - resolve a page fault
 * @vma: the area that @address is in
 * @address: what was touched
 * @flags: FAULT_FLAG_*
 * @regs: the registers at the time, or NULL
 *
 * The caller holds mmap_lock for reading. It is dropped where VM_FAULT_RETRY
 * is returned.
 */
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address,
			   unsigned int flags, struct pt_regs *regs)
{
	vm_fault_t ret;

	ret = __handle_mm_fault(vma, address, flags);
	if (ret & VM_FAULT_RETRY)
		up_read(&vma->vm_mm->mmap_lock);
	return ret;
}
EXPORT_SYMBOL_GPL(handle_mm_fault);

/* &vm_operations_struct.access for memory that is always mapped. */
int generic_access_phys(struct vm_area_struct *vma, unsigned long addr,
			void *buf, int len, int write)
{
	void *maddr = (void *)(addr - vma->vm_start +
			       (vma->vm_pgoff << PAGE_SHIFT));

	if (write)
		memcpy(maddr, buf, len);
	else
		memcpy(buf, maddr, len);
	return len;
}
EXPORT_SYMBOL_GPL(generic_access_phys);

/* Read or write another process's memory, as a debugger does. */
int access_process_vm(struct mm_struct *mm, unsigned long addr,
		      void *buf, int len, int write)
{
	struct vm_area_struct *vma = find_vma(mm, addr);
	int ret = 0;

	if (vma && vma->vm_ops && vma->vm_ops->access)
		ret = vma->vm_ops->access(vma, addr, buf, len, write);
	return ret;
}
