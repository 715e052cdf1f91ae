// SPDX-License-Identifier: MIT
/*
 * /dev/mem, /dev/null, /dev/zero: one driver, one table per minor number.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>

static const struct vm_operations_struct mmap_mem_ops = {
	.access = generic_access_phys,
};

static int mmap_mem(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &mmap_mem_ops;
	vma->vm_flags |= VM_IO | VM_PFNMAP;
	return 0;
}

static ssize_t read_null(struct file *filp, char __user *to,
			 size_t len, loff_t *pos)
{
	return 0;
}

static ssize_t write_null(struct file *filp, const char __user *from,
			  size_t len, loff_t *pos)
{
	return len;
}

static ssize_t read_zero(struct file *filp, char __user *to,
			 size_t len, loff_t *pos)
{
	memset(to, 0, len);
	return len;
}

static int mmap_zero(struct file *file, struct vm_area_struct *vma)
{
	/* No table: the area is anonymous memory from now on. */
	vma->vm_ops = NULL;
	return 0;
}

#define write_zero	write_null

static const struct file_operations mem_fops = {
	.mmap	= mmap_mem,
};

static const struct file_operations null_fops = {
	.read	= read_null,
	.write	= write_null,
};

static const struct file_operations zero_fops = {
	.read	= read_zero,
	.write	= write_zero,
	.mmap	= mmap_zero,
};

static const struct memdev {
	const char *name;
	const struct file_operations *fops;
	umode_t mode;
} devlist[] = {
	[1] = { "mem", &mem_fops, 0640 },
	[3] = { "null", &null_fops, 0666 },
	[5] = { "zero", &zero_fops, 0666 },
};

static int memory_open(struct inode *inode, struct file *filp)
{
	const struct file_operations *fops = NULL;

	if (inode->i_ino < ARRAY_SIZE(devlist))
		fops = devlist[inode->i_ino].fops;
	if (!fops)
		return -ENXIO;

	/* From here on, the file is that device's. */
	filp->f_op = fops;
	return fops->open ? fops->open(inode, filp) : 0;
}

static const struct file_operations memory_fops = {
	.open	= memory_open,
	.llseek	= no_llseek,
};

static int __init chr_dev_init(void)
{
	for (unsigned int minor = 0; minor < ARRAY_SIZE(devlist); minor++)
		if (devlist[minor].name)
			debugfs_create_file(devlist[minor].name,
					    devlist[minor].mode, NULL, NULL,
					    &memory_fops);
	return 0;
}
fs_initcall(chr_dev_init);
