// SPDX-License-Identifier: MIT
/*
 * What can be done with an open file of ext4.
 */
#include <linux/module.h>
#include "ext4.h"

static ssize_t ext4_dio_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	return noop_direct_IO(iocb, to);
}

static ssize_t ext4_file_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct ext4_sb_info *sbi = EXT4_SB(file_inode(iocb->ki_filp)->i_sb);

	if (ext4_forced_shutdown(sbi))
		return -EIO;
	if (iocb->ki_flags & IOCB_DIRECT)
		return ext4_dio_read_iter(iocb, to);
	return generic_file_read_iter(iocb, to);
}

static ssize_t ext4_buffered_write_iter(struct kiocb *iocb,
					struct iov_iter *from)
{
	return generic_file_write_iter(iocb, from);
}

static ssize_t ext4_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct ext4_sb_info *sbi = EXT4_SB(file_inode(iocb->ki_filp)->i_sb);

	if (ext4_forced_shutdown(sbi))
		return -EIO;
	return ext4_buffered_write_iter(iocb, from);
}

static int ext4_file_open(struct inode *inode, struct file *filp)
{
	if (unlikely(ext4_forced_shutdown(EXT4_SB(inode->i_sb))))
		return -EIO;
	return 0;
}

static int ext4_release_file(struct inode *inode, struct file *filp)
{
	return 0;
}

static int ext4_sync_file(struct file *file, loff_t start, loff_t end,
			  int datasync)
{
	struct writeback_control wbc = {
		.sync_mode = WB_SYNC_ALL,
		.nr_to_write = file->f_mapping->nrpages,
	};

	return do_writepages(file->f_mapping, &wbc);
}

#ifdef CONFIG_FS_DAX
static vm_fault_t ext4_dax_huge_fault(struct vm_fault *vmf,
				      enum page_entry_size pe_size)
{
	return dax_iomap_fault(vmf, pe_size, &ext4_iomap_ops);
}

static vm_fault_t ext4_dax_fault(struct vm_fault *vmf)
{
	return ext4_dax_huge_fault(vmf, PE_SIZE_PTE);
}

static const struct vm_operations_struct ext4_dax_vm_ops = {
	.huge_fault	= ext4_dax_huge_fault,
	.fault		= ext4_dax_fault,
	.page_mkwrite	= ext4_dax_fault,
	.pfn_mkwrite	= ext4_dax_fault,
};
#else
/* Without DAX, the branch in ext4_file_mmap() makes no difference. */
#define ext4_dax_vm_ops	ext4_file_vm_ops
#endif

static const struct vm_operations_struct ext4_file_vm_ops = {
	.fault		= filemap_fault,
	.page_mkwrite	= ext4_page_mkwrite,
	.map_pages	= filemap_map_pages,
};

/* The area's table depends on what the file is made of. */
static int ext4_file_mmap(struct file *filp, struct vm_area_struct *vma)
{
	struct inode *inode = file_inode(filp);

	if (ext4_forced_shutdown(EXT4_SB(inode->i_sb)))
		return -EIO;
	if (!IS_DAX(inode)) {
		vma->vm_ops = &ext4_file_vm_ops;
		return 0;
	}
	vma->vm_ops = &ext4_dax_vm_ops;
	vma->vm_flags |= VM_HUGEPAGE;
	return 0;
}

const struct file_operations ext4_file_operations = {
	.open		= ext4_file_open,
	.release	= ext4_release_file,
	.llseek		= generic_file_llseek,
	.read_iter	= ext4_file_read_iter,
	.write_iter	= ext4_file_write_iter,
	.mmap		= ext4_file_mmap,
	.fsync		= ext4_sync_file,
	.unlocked_ioctl	= ext4_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl	= ext4_compat_ioctl,
#endif
};

const struct inode_operations ext4_file_inode_operations = {
	.setattr	= ext4_setattr,
};
