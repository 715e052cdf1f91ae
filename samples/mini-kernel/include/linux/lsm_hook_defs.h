/* SPDX-License-Identifier: MIT */
/*
 * Every security hook, once. Whoever includes this file says with LSM_HOOK()
 * what to make of (return type, default, name, arguments).
 */
LSM_HOOK(int, 0, bprm_check_security, struct linux_binprm *bprm)
LSM_HOOK(int, 0, file_alloc_security, struct file *file)
LSM_HOOK(void, LSM_RET_VOID, file_free_security, struct file *file)
LSM_HOOK(int, 0, file_open, struct file *file)
LSM_HOOK(int, 0, file_permission, struct file *file, int mask)
LSM_HOOK(int, 0, mmap_file, struct file *file, unsigned long prot,
	 unsigned long flags)
