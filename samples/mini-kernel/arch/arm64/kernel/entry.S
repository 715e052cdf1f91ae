/* SPDX-License-Identifier: MIT */
/*
 * The exception vectors of arm64. Each saves the registers and goes on in
 * entry-common.c.
 */
#include <linux/linkage.h>

#define S_FRAME_SIZE	304

	.macro	kernel_entry
	sub	sp, sp, #S_FRAME_SIZE
	stp	x0, x1, [sp, #16 * 0]
	stp	x2, x3, [sp, #16 * 1]
	stp	x29, x30, [sp, #16 * 14]
	.endm

	.macro	kernel_exit
	ldp	x29, x30, [sp, #16 * 14]
	ldp	x2, x3, [sp, #16 * 1]
	ldp	x0, x1, [sp, #16 * 0]
	add	sp, sp, #S_FRAME_SIZE
	eret
	.endm

/* el1h_64_sync calls el1h_64_sync_handler, and so on. */
	.macro	entry_handler el:req, ht:req, regsize:req, label:req
SYM_CODE_START(el\el\ht\()_\regsize\()_\label)
	kernel_entry
	mov	x0, sp
	bl	el\el\ht\()_\regsize\()_\label\()_handler
	b	ret_to_user
SYM_CODE_END(el\el\ht\()_\regsize\()_\label)
	.endm

	.section ".entry.text", "ax"

	entry_handler	1, h, 64, sync
	entry_handler	0, t, 64, sync
	entry_handler	0, t, 64, irq

SYM_CODE_START(ret_to_user)
	kernel_exit
SYM_CODE_END(ret_to_user)

/* A new thread's first steps: its function in x19, the argument in x20. */
SYM_CODE_START(ret_from_fork)
	mov	x0, x20
	blr	x19
	brk	#0
SYM_CODE_END(ret_from_fork)

	.text

SYM_FUNC_START(clear_page)
	mov	x1, #512
1:	str	xzr, [x0], #8
	subs	x1, x1, #1
	b.ne	1b
	ret
SYM_FUNC_END(clear_page)
