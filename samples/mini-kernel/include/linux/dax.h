/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_DAX_H
#define _LINUX_DAX_H

#include <linux/mm.h>

struct inode;

#define IOMAP_WRITE	(1 << 0)
#define IOMAP_FAULT	(1 << 3)

struct iomap {
	u64 addr;
	struct page *page;
};

/**
 * struct iomap_ops - where the bytes of a file are
 * @iomap_begin: find the place of @length bytes at @pos
 * @iomap_end: the caller is done with them; optional
 */
struct iomap_ops {
	int (*iomap_begin)(struct inode *inode, loff_t pos, loff_t length,
			   unsigned int flags, struct iomap *iomap);
	int (*iomap_end)(struct inode *inode, loff_t pos, loff_t length,
			 unsigned int flags, struct iomap *iomap);
};

vm_fault_t dax_iomap_fault(struct vm_fault *vmf, enum page_entry_size pe_size,
			   const struct iomap_ops *ops);

#endif
