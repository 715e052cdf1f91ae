/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_MM_TYPES_H
#define _LINUX_MM_TYPES_H

#include <linux/list.h>
#include <linux/spinlock.h>

struct address_space;
struct file;
struct vm_operations_struct;

typedef struct {
	unsigned long val;
} pte_t, pmd_t;

/* One page of memory. Whoever owns it also owns mapping, index and private. */
struct page {
	unsigned long flags;
	struct list_head lru;
	struct address_space *mapping;
	pgoff_t index;
	void *private;
	atomic_t _refcount;
	void *virtual;
};

/* A head page: the same bytes as struct page, under a type of its own. */
struct folio {
	union {
		struct {
			unsigned long flags;
			struct list_head lru;
			struct address_space *mapping;
			pgoff_t index;
			void *private;
			atomic_t _refcount;
			void *virtual;
		};
		struct page page;
	};
};

/**
 * struct vm_area_struct - one range of a process's memory
 * @vm_start: first address
 * @vm_end: first address after it
 * @vm_mm: whose memory
 * @vm_list: links the areas of @vm_mm, lowest address first
 * @vm_flags: VM_READ, VM_WRITE, VM_SHARED, ...
 * @vm_ops: what the area's owner does on faults; NULL for anonymous memory
 * @vm_pgoff: page of @vm_file at @vm_start
 * @vm_file: the mapped file, or NULL
 * @vm_private_data: for the owner
 */
struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	struct list_head vm_list;
	unsigned long vm_flags;
	const struct vm_operations_struct *vm_ops;
	unsigned long vm_pgoff;
	struct file *vm_file;
	void *vm_private_data;
};

/**
 * struct mm_struct - the memory of one process
 * @mmap: its areas
 * @get_unmapped_area: finds room for a new area; the architecture sets it
 * @mmap_lock: taken for reading by faults, for writing by mmap and munmap
 * @page_table_lock: for the entries themselves
 * @pgd: the page table, in this sample one entry per page
 */
struct mm_struct {
	struct list_head mmap;
	unsigned long (*get_unmapped_area)(struct file *filp,
					   unsigned long addr,
					   unsigned long len,
					   unsigned long pgoff,
					   unsigned long flags);
	struct rw_semaphore mmap_lock;
	spinlock_t page_table_lock;
	pmd_t *pgd;
};

typedef unsigned int vm_fault_t;

#define VM_FAULT_OOM		0x000001
#define VM_FAULT_SIGBUS		0x000002
#define VM_FAULT_MAJOR		0x000004
#define VM_FAULT_HWPOISON	0x000010
#define VM_FAULT_SIGSEGV	0x000040
#define VM_FAULT_NOPAGE		0x000100
#define VM_FAULT_LOCKED		0x000200
#define VM_FAULT_RETRY		0x000400
#define VM_FAULT_FALLBACK	0x000800
#define VM_FAULT_DONE_COW	0x001000
#define VM_FAULT_ERROR	(VM_FAULT_OOM | VM_FAULT_SIGBUS | \
			 VM_FAULT_SIGSEGV | VM_FAULT_HWPOISON)

/* Why a fault came about, and what may be done to resolve it. */
enum fault_flag {
	FAULT_FLAG_WRITE	= 0x001,
	FAULT_FLAG_MKWRITE	= 0x002,
	FAULT_FLAG_ALLOW_RETRY	= 0x004,
	FAULT_FLAG_TRIED	= 0x020,
	FAULT_FLAG_USER		= 0x040,
	FAULT_FLAG_INSTRUCTION	= 0x100,
};

/**
 * struct vm_special_mapping - an area without a file, such as the vdso
 * @name: for /proc/PID/maps
 * @fault: finds the page at an offset; not to be mistaken for
 *	vm_operations_struct's member of the same name, which calls it
 */
struct vm_special_mapping {
	const char *name;
	vm_fault_t (*fault)(const struct vm_special_mapping *sm,
			    struct vm_area_struct *vma, void *vmf);
};

#endif
