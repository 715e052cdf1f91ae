// SPDX-License-Identifier: MIT
/*
 * Files of myfs. The test_ functions only say that they were reached, and
 * from where, and go on to the common ones.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include "myfs.h"

static int test_simple_readpage(struct file *file, struct folio *folio)
{
	dump_stack();
	return simple_read_folio(file, folio);
}

static int test_generic_file_mmap(struct file *file,
				  struct vm_area_struct *vma)
{
	dump_stack();
	return generic_file_mmap(file, vma);
}

const struct address_space_operations myfs_aops = {
	.read_folio	= test_simple_readpage,
	.write_begin	= simple_write_begin,
	.write_end	= simple_write_end,
	.dirty_folio	= filemap_dirty_folio,
};

const struct file_operations myfs_file_operations = {
	.owner		= THIS_MODULE,
	.llseek		= generic_file_llseek,
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= test_generic_file_mmap,
	.fsync		= noop_fsync,
};
