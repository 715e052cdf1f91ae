/* SPDX-License-Identifier: MIT */
#ifndef _TOOLS_LINUX_MM_H
#define _TOOLS_LINUX_MM_H

/* Stand-ins for programs under tools/: not the kernel's own types. */
typedef unsigned int vm_fault_t;

#define VM_FAULT_SIGBUS	0x2
#define VM_FAULT_MAJOR	0x4

struct vm_fault {
	struct vm_area_struct *vma;
	unsigned long pgoff;
};

struct vm_operations_struct {
	vm_fault_t (*fault)(struct vm_fault *vmf);
};

struct vm_area_struct {
	const struct vm_operations_struct *vm_ops;
	unsigned long pages;
};

int printf(const char *fmt, ...);

#endif
