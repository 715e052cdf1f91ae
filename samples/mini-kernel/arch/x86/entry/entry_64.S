/* SPDX-License-Identifier: MIT */
/*
 * Ways into the kernel: the syscall instruction, exceptions, interrupts.
 */
#include <linux/linkage.h>

/* Registers as struct pt_regs wants them; the hardware pushed the rest. */
.macro PUSH_REGS
	.irp	reg, rdi, rsi, rdx, rcx, rax, r8, r9, r10
	pushq	%\reg
	.endr
.endm

.macro POP_REGS
	.irp	reg, r10, r9, r8, rax, rcx, rdx, rsi, rdi
	popq	%\reg
	.endr
	addq	$8, %rsp
.endm

	.section .entry.text, "ax"

/* A system call: its number in %rax, arguments in registers. */
SYM_CODE_START(entry_SYSCALL_64)
	swapgs
	pushq	$0x2b
	pushq	%rsp
	pushq	%r11
	pushq	$0x33
	pushq	%rcx
	pushq	%rax
	PUSH_REGS

	movq	%rsp, %rdi
	movslq	%eax, %rsi
	call	do_syscall_64

	POP_REGS
	swapgs
	sysretq
SYM_CODE_END(entry_SYSCALL_64)

/*
 * One exception: \asmsym is the address for the interrupt table, \cfunc the
 * handler in C.
 */
.macro idtentry vector asmsym cfunc has_error_code:req
SYM_CODE_START(\asmsym)
	.if \has_error_code == 0
	pushq	$-1
	.endif
	PUSH_REGS
	movq	%rsp, %rdi
	.if \has_error_code == 1
	movq	64(%rsp), %rsi
	movq	$-1, 64(%rsp)
	.endif
	call	\cfunc
	jmp	error_return
SYM_CODE_END(\asmsym)
.endm

/* asm_exc_page_fault and the other entries that idtentry.h lists */
#include <asm/idtentry.h>

/* Device interrupts; each vector's stub has pushed its number. */
idtentry 0x20 asm_common_interrupt common_interrupt has_error_code=1

SYM_CODE_START(error_return)
	POP_REGS
	iretq
SYM_CODE_END(error_return)

/* A new thread's first steps: its function in %rbx, the argument in %r12. */
SYM_CODE_START(ret_from_fork)
	movq	%r12, %rdi
	call	*%rbx
	ud2
SYM_CODE_END(ret_from_fork)

	.text

SYM_FUNC_START(clear_page)
	movl	$512, %ecx
	xorl	%eax, %eax
	rep stosq
	ret
SYM_FUNC_END(clear_page)
