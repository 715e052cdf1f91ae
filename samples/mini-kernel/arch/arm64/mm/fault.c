// SPDX-License-Identifier: MIT
/*
 * Page faults on arm64: from the abort to handle_mm_fault(). The class of the
 * abort picks a handler out of fault_info[].
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <asm/ptrace.h>

#define ESR_ELx_FSC	0x3f
#define ESR_ELx_WNR	(1UL << 6)

struct fault_info {
	int (*fn)(unsigned long far, unsigned long esr, struct pt_regs *regs);
	int sig;
	const char *name;
};

static const struct fault_info fault_info[];

static inline const struct fault_info *esr_to_fault_info(unsigned long esr)
{
	return fault_info + (esr & ESR_ELx_FSC);
}

static void die_kernel_fault(unsigned long addr, unsigned long esr,
			     struct pt_regs *regs)
{
	pr_alert("Unable to handle kernel paging request at %016lx\n", addr);
	die("Oops", regs, esr);
}

static void bad_area(unsigned long far, unsigned long esr,
		     struct pt_regs *regs, int sig)
{
	if (user_mode(regs))
		force_sig_fault(sig, far);
	else
		die_kernel_fault(far, esr, regs);
}

static vm_fault_t __do_page_fault(struct mm_struct *mm, unsigned long addr,
				  unsigned int mm_flags,
				  unsigned long vm_flags, struct pt_regs *regs)
{
	struct vm_area_struct *vma = find_vma(mm, addr);

	if (!vma || vma->vm_start > addr || !(vma->vm_flags & vm_flags))
		return VM_FAULT_SIGSEGV;
	return handle_mm_fault(vma, addr, mm_flags, regs);
}

static int do_page_fault(unsigned long far, unsigned long esr,
			 struct pt_regs *regs)
{
	unsigned int mm_flags = FAULT_FLAG_ALLOW_RETRY;
	unsigned long vm_flags = VM_READ;
	struct mm_struct *mm = current->mm;
	vm_fault_t fault;

	if (!mm) {
		die_kernel_fault(far, esr, regs);
		return 0;
	}
	if (user_mode(regs))
		mm_flags |= FAULT_FLAG_USER;
	if (esr & ESR_ELx_WNR) {
		vm_flags = VM_WRITE;
		mm_flags |= FAULT_FLAG_WRITE;
	}

retry:
	down_read(&mm->mmap_lock);
	fault = __do_page_fault(mm, far, mm_flags, vm_flags, regs);
	if (fault & VM_FAULT_RETRY) {
		mm_flags |= FAULT_FLAG_TRIED;
		goto retry;
	}
	up_read(&mm->mmap_lock);

	if (unlikely(fault & VM_FAULT_ERROR))
		bad_area(far, esr, regs,
			 fault & VM_FAULT_SIGBUS ? SIGBUS : SIGSEGV);
	return 0;
}

static int do_translation_fault(unsigned long far, unsigned long esr,
				struct pt_regs *regs)
{
	if (far < TASK_SIZE)
		return do_page_fault(far, esr, regs);
	bad_area(far, esr, regs, SIGSEGV);
	return 0;
}

static int do_bad(unsigned long far, unsigned long esr, struct pt_regs *regs)
{
	return 1;
}

static int do_alignment_fault(unsigned long far, unsigned long esr,
			      struct pt_regs *regs)
{
	bad_area(far, esr, regs, SIGBUS);
	return 0;
}

static const struct fault_info fault_info[] = {
	{ do_bad, SIGKILL, "address too large for level 0" },
	{ do_bad, SIGKILL, "address too large for level 1" },
	{ do_bad, SIGKILL, "address too large for level 2" },
	{ do_bad, SIGKILL, "address too large for level 3" },
	{ do_translation_fault, SIGSEGV, "no entry at level 0" },
	{ do_translation_fault, SIGSEGV, "no entry at level 1" },
	{ do_translation_fault, SIGSEGV, "no entry at level 2" },
	{ do_translation_fault, SIGSEGV, "no entry at level 3" },
	[8]		= { do_bad, SIGKILL, "unknown 8" },
	[9 ... 11]	= { do_page_fault, SIGSEGV, "access flag fault" },
	[12]		= { do_bad, SIGKILL, "unknown 12" },
	[13 ... 15]	= { do_page_fault, SIGSEGV, "permission fault" },
	[16 ... 32]	= { do_bad, SIGBUS, "external abort" },
	[33]		= { do_alignment_fault, SIGBUS, "alignment fault" },
	[34 ... 63]	= { do_bad, SIGKILL, "unknown" },
};

void do_mem_abort(unsigned long far, unsigned long esr, struct pt_regs *regs)
{
	const struct fault_info *inf = esr_to_fault_info(esr);

	if (!inf->fn(far, esr, regs))
		return;
	pr_alert("Unhandled fault: %s\n", inf->name);
	bad_area(far, esr, regs, inf->sig);
}
