// SPDX-License-Identifier: MIT
#include <linux/binfmts.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>

struct elf_header {
	char ident[16];
	u64 entry;
	u64 load_address;
	u64 size;
};

static unsigned long elf_map(struct file *filep, const struct elf_header *hdr)
{
	return vm_mmap_pgoff(filep, hdr->load_address, hdr->size,
			     PROT_READ | PROT_EXEC, MAP_PRIVATE, 0);
}

static int load_elf_binary(struct linux_binprm *bprm)
{
	const struct elf_header *hdr = (const void *)bprm->buf;
	unsigned long addr;

	if (memcmp(hdr->ident, "\177ELF", 4))
		return -ENOEXEC;
	addr = elf_map(bprm->file, hdr);
	if (IS_ERR((void *)addr))
		return addr;
	bprm->entry = hdr->entry;
	return 0;
}

static struct linux_binfmt elf_format = {
	.module		= THIS_MODULE,
	.load_binary	= load_elf_binary,
};

static int __init init_elf_binfmt(void)
{
	register_binfmt(&elf_format);
	return 0;
}
core_initcall(init_elf_binfmt);
