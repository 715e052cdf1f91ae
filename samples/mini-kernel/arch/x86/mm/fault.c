// SPDX-License-Identifier: MIT
/*
 * Page faults on x86: from the exception to handle_mm_fault().
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <asm/idtentry.h>
#include <asm/ptrace.h>

/* What the processor says about the access. */
#define X86_PF_WRITE	0x02
#define X86_PF_USER	0x04
#define X86_PF_INSTR	0x10

static __always_inline unsigned long read_cr2(void)
{
	unsigned long address;

	asm volatile("mov %%cr2, %0" : "=r" (address));
	return address;
}

static bool fault_in_kernel_space(unsigned long address)
{
	return address >= TASK_SIZE;
}

static noinline void
page_fault_oops(struct pt_regs *regs, unsigned long error_code,
		unsigned long address)
{
	pr_alert("BUG: unable to handle page fault for address: %lx\n",
		 address);
	die("Oops", regs, error_code);
}

static void bad_area(struct pt_regs *regs, unsigned long error_code,
		     unsigned long address, int sig)
{
	if (!user_mode(regs)) {
		page_fault_oops(regs, error_code, address);
		return;
	}
	force_sig_fault(sig, address);
}

static inline bool access_error(unsigned long error_code,
				struct vm_area_struct *vma)
{
	if (error_code & X86_PF_WRITE)
		return !(vma->vm_flags & VM_WRITE);
	if (error_code & X86_PF_INSTR)
		return !(vma->vm_flags & VM_EXEC);
	return !(vma->vm_flags & VM_READ);
}

/* An address in the kernel's half. */
static void do_kern_addr_fault(struct pt_regs *regs, unsigned long error_code,
			       unsigned long address)
{
	bad_area(regs, error_code, address, SIGSEGV);
}

/* An address in the user's half, whoever touched it. */
static void do_user_addr_fault(struct pt_regs *regs, unsigned long error_code,
			       unsigned long address)
{
	unsigned int flags = FAULT_FLAG_ALLOW_RETRY;
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	vm_fault_t fault;

	if (unlikely(!mm)) {
		bad_area(regs, error_code, address, SIGSEGV);
		return;
	}
	if (user_mode(regs))
		flags |= FAULT_FLAG_USER;
	flags |= error_code & X86_PF_WRITE ? FAULT_FLAG_WRITE : 0;
	flags |= error_code & X86_PF_INSTR ? FAULT_FLAG_INSTRUCTION : 0;

retry:
	down_read(&mm->mmap_lock);
	vma = find_vma(mm, address);
	if (!vma || vma->vm_start > address || access_error(error_code, vma)) {
		up_read(&mm->mmap_lock);
		bad_area(regs, error_code, address, SIGSEGV);
		return;
	}

	fault = handle_mm_fault(vma, address, flags, regs);
	if (unlikely(fault & VM_FAULT_RETRY)) {
		/* The lock was dropped to wait for I/O. */
		flags |= FAULT_FLAG_TRIED;
		goto retry;
	}
	up_read(&mm->mmap_lock);

	if (unlikely(fault & VM_FAULT_ERROR))
		bad_area(regs, error_code, address,
			 fault & VM_FAULT_SIGBUS ? SIGBUS : SIGSEGV);
}

static __always_inline void
handle_page_fault(struct pt_regs *regs, unsigned long error_code,
		  unsigned long address)
{
	if (unlikely(fault_in_kernel_space(address)))
		do_kern_addr_fault(regs, error_code, address);
	else
		do_user_addr_fault(regs, error_code, address);
}

DEFINE_IDTENTRY_RAW_ERRORCODE(exc_page_fault)
{
	unsigned long address = read_cr2();

	irqentry_enter(regs);
	handle_page_fault(regs, error_code, address);
	irqentry_exit(regs);
}

#ifdef CONFIG_X86_32
/* The name that the 32-bit entry code, and arm64, know it by. */
__visible void do_page_fault(struct pt_regs *regs, unsigned long error_code)
{
	handle_page_fault(regs, error_code, read_cr2());
}
#endif
