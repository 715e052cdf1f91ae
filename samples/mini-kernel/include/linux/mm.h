/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MM_H
#define _LINUX_MM_H

#include <linux/mm_types.h>
#include <linux/sched.h>
#include <linux/slab.h>

struct pt_regs;
struct mempolicy;

#define PAGE_SHIFT	12
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))
#define PAGE_ALIGN(len)	(((len) + PAGE_SIZE - 1) & PAGE_MASK)
#define TASK_SIZE	(1UL << 47)

#define VM_READ		0x00000001
#define VM_WRITE	0x00000002
#define VM_EXEC		0x00000004
#define VM_SHARED	0x00000008
#define VM_PFNMAP	0x00000400
#define VM_IO		0x00004000
#define VM_HUGEPAGE	0x20000000

#define PROT_READ	0x1
#define PROT_WRITE	0x2
#define PROT_EXEC	0x4
#define MAP_SHARED	0x01
#define MAP_PRIVATE	0x02
#define MAP_FIXED	0x10
#define MAP_ANONYMOUS	0x20

enum page_entry_size {
	PE_SIZE_PTE,
	PE_SIZE_PMD,
};

/**
 * struct vm_fault - all that is known about one page fault
 * @vma: the area that was touched
 * @gfp_mask: how its pages may be allocated
 * @pgoff: the page's place in the mapped file
 * @address: the page's address
 * @flags: FAULT_FLAG_*
 * @pmd: the entry one level up
 * @pte: the entry itself; NULL when it was found empty
 * @orig_pte: what it held when the fault came in
 * @cow_page: a private copy to fill
 * @page: set by &vm_operations_struct.fault
 */
struct vm_fault {
	const struct {
		struct vm_area_struct *vma;
		gfp_t gfp_mask;
		pgoff_t pgoff;
		unsigned long address;
	};
	unsigned int flags;
	pmd_t *pmd;
	pte_t *pte;
	pte_t orig_pte;
	struct page *cow_page;
	struct page *page;
};

/**
 * struct vm_operations_struct - what the owner of an area does for it
 * @open: A copy of the area came to be, by fork or by a split.
 * @close: The area goes away. May sleep; mmap_lock is held.
 * @may_split: Asked before the area is cut in two at @addr. Zero allows it.
 * @fault: Find the page at vmf->pgoff and leave it in vmf->page, locked if
 *	VM_FAULT_LOCKED is returned. An area without this member gets SIGBUS.
 * @huge_fault: The same for a whole entry one level up. Optional:
 *	VM_FAULT_FALLBACK, or no such member, leads back to @fault.
 * @map_pages: Map pages around the faulting one, if they are at hand without
 *	any waiting. Optional.
 * @page_mkwrite: A page that was mapped read-only is about to be written to.
 *	Without it the write is simply let through.
 * @pfn_mkwrite: As @page_mkwrite, for memory that has no struct page.
 * @access: A debugger reads or writes memory that cannot be pinned.
 * @pagesize: Size of the area's pages, if it is not PAGE_SIZE.
 * @set_policy: Set the memory policy of the area.
 * @get_policy: Look up the memory policy at an address.
 *
 * An area points to its table by &vm_area_struct.vm_ops, which the file's
 * &file_operations.mmap sets.
 */
struct vm_operations_struct {
	void (*open)(struct vm_area_struct *area);
	void (*close)(struct vm_area_struct *area);
	int (*may_split)(struct vm_area_struct *area, unsigned long addr);
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*huge_fault)(struct vm_fault *vmf,
				 enum page_entry_size size);
	vm_fault_t (*map_pages)(struct vm_fault *vmf, pgoff_t first,
				pgoff_t last);
	vm_fault_t (*page_mkwrite)(struct vm_fault *vmf);
	vm_fault_t (*pfn_mkwrite)(struct vm_fault *vmf);
	int (*access)(struct vm_area_struct *vma, unsigned long addr,
		      void *buf, int len, int write);
	unsigned long (*pagesize)(struct vm_area_struct *area);
#ifdef CONFIG_NUMA
	int (*set_policy)(struct vm_area_struct *vma, struct mempolicy *policy);
	struct mempolicy *(*get_policy)(struct vm_area_struct *vma,
					unsigned long addr);
#endif
};

enum pageflags {
	PG_locked,
	PG_uptodate,
	PG_dirty,
	PG_readahead,
	PG_hwpoison,
};

/* folio_test_x(), folio_set_x() and folio_clear_x() for one flag. */
#define FOLIO_FLAG(name, bit)						\
static inline bool folio_test_##name(const struct folio *folio)	\
{									\
	return folio->flags & (1UL << (bit));				\
}									\
static inline void folio_set_##name(struct folio *folio)		\
{									\
	folio->flags |= 1UL << (bit);					\
}									\
static inline void folio_clear_##name(struct folio *folio)		\
{									\
	folio->flags &= ~(1UL << (bit));				\
}

FOLIO_FLAG(locked, PG_locked)
FOLIO_FLAG(uptodate, PG_uptodate)
FOLIO_FLAG(dirty, PG_dirty)
FOLIO_FLAG(readahead, PG_readahead)
FOLIO_FLAG(hwpoison, PG_hwpoison)

#define page_folio(p)	((struct folio *)(p))

static inline void *page_address(const struct page *page)
{
	return page->virtual;
}

static inline void folio_lock(struct folio *folio)
{
	while (folio_test_locked(folio))
		schedule();
	folio_set_locked(folio);
}

static inline void folio_unlock(struct folio *folio)
{
	folio_clear_locked(folio);
}

static inline void folio_get(struct folio *folio)
{
	folio->_refcount.counter++;
}

static inline void folio_put(struct folio *folio)
{
	if (--folio->_refcount.counter == 0)
		kfree(folio);
}

static inline void lock_page(struct page *page)
{
	folio_lock(page_folio(page));
}

static inline void unlock_page(struct page *page)
{
	folio_unlock(page_folio(page));
}

static inline void put_page(struct page *page)
{
	folio_put(page_folio(page));
}

static inline bool vma_is_anonymous(const struct vm_area_struct *vma)
{
	return !vma->vm_ops;
}

struct page *alloc_page(gfp_t gfp);
void copy_user_highpage(struct page *to, struct page *from);

/* mm/memory.c */
vm_fault_t handle_mm_fault(struct vm_area_struct *vma, unsigned long address,
			   unsigned int flags, struct pt_regs *regs);
vm_fault_t finish_fault(struct vm_fault *vmf);
int access_process_vm(struct mm_struct *mm, unsigned long addr,
		      void *buf, int len, int write);
int generic_access_phys(struct vm_area_struct *vma, unsigned long addr,
			void *buf, int len, int write);

/* mm/filemap.c */
extern const struct vm_operations_struct generic_file_vm_ops;
vm_fault_t filemap_fault(struct vm_fault *vmf);
vm_fault_t filemap_map_pages(struct vm_fault *vmf,
			     pgoff_t start_pgoff, pgoff_t end_pgoff);
vm_fault_t filemap_page_mkwrite(struct vm_fault *vmf);

/* mm/mmap.c */
struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr);
unsigned long get_unmapped_area(struct file *file, unsigned long addr,
				unsigned long len, unsigned long pgoff,
				unsigned long flags);
unsigned long do_mmap(struct file *file, unsigned long addr,
		      unsigned long len, unsigned long prot,
		      unsigned long flags, unsigned long pgoff);
unsigned long vm_mmap_pgoff(struct file *file, unsigned long addr,
			    unsigned long len, unsigned long prot,
			    unsigned long flag, unsigned long pgoff);
unsigned long mmap_region(struct file *file, unsigned long addr,
			  unsigned long len, unsigned long vm_flags,
			  unsigned long pgoff);
int do_munmap(struct mm_struct *mm, unsigned long start, size_t len);
struct vm_area_struct *
_install_special_mapping(struct mm_struct *mm, unsigned long addr,
			 unsigned long len, unsigned long vm_flags,
			 const struct vm_special_mapping *spec);
unsigned long arch_get_unmapped_area(struct file *filp, unsigned long addr,
				     unsigned long len, unsigned long pgoff,
				     unsigned long flags);

#endif
