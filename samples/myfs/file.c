// SPDX-License-Identifier: MIT
/*
 * Files of myfs: they live in the page cache. The test_ functions say that
 * they were reached, and from where.
 */
#include <linux/highmem.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <myfs_compat.h>
#include "myfs.h"

static void myfs_fill(struct page *page)
{
	atomic_long_inc(&myfs_sb(page->mapping->host->i_sb)->reads);
	clear_highpage(page);
	flush_dcache_page(page);
	SetPageUptodate(page);
	unlock_page(page);
}

#ifdef MYFS_HAVE_READ_FOLIO
static int test_simple_readpage(struct file *file, struct folio *folio)
{
	dump_stack();
	myfs_fill(&folio->page);
	return 0;
}
#else
static int test_simple_readpage(struct file *file, struct page *page)
{
	dump_stack();
	myfs_fill(page);
	return 0;
}
#endif

const struct address_space_operations myfs_aops = {
#ifdef MYFS_HAVE_READ_FOLIO
	.read_folio	= test_simple_readpage,
	.dirty_folio	= noop_dirty_folio,
#else
	.readpage	= test_simple_readpage,
	.set_page_dirty	= __set_page_dirty_no_writeback,
#endif
	.write_begin	= simple_write_begin,
	.write_end	= simple_write_end,
};

static vm_fault_t myfs_fault(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);

	atomic_long_inc(&myfs_sb(inode->i_sb)->faults);
	return filemap_fault(vmf);
}

static const struct vm_operations_struct myfs_vm_ops = {
	.fault		= myfs_fault,
	.map_pages	= filemap_map_pages,
	.page_mkwrite	= filemap_page_mkwrite,
};

static int test_generic_file_mmap(struct file *file,
				  struct vm_area_struct *vma)
{
	dump_stack();
	file_accessed(file);
	vma->vm_ops = &myfs_vm_ops;
	return 0;
}

const struct file_operations myfs_file_operations = {
	.owner		= THIS_MODULE,
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= test_generic_file_mmap,
	.fsync		= noop_fsync,
};
