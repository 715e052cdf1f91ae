// SPDX-License-Identifier: MIT
/*
 * Pages that are blocks on a disk. The file system tells where they are: its
 * get_block() comes in as an argument.
 */
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/pagemap.h>

int block_read_full_folio(struct folio *folio, get_block_t *get_block)
{
	struct inode *inode = folio->mapping->host;
	int err;

	err = get_block(inode, folio->index, &folio->page, 0);
	if (!err)
		folio_set_uptodate(folio);
	folio_unlock(folio);
	return err;
}
EXPORT_SYMBOL(block_read_full_folio);

static int __block_write_begin(struct page *page, get_block_t *get_block)
{
	struct inode *inode = page->mapping->host;

	return get_block(inode, page->index, page, 1);
}

/* A mapped page is about to be written to: make sure it has a block. */
int block_page_mkwrite(struct vm_area_struct *vma, struct vm_fault *vmf,
		       get_block_t get_block)
{
	struct page *page = vmf->page;
	int ret;

	lock_page(page);
	ret = __block_write_begin(page, get_block);
	if (unlikely(ret < 0)) {
		unlock_page(page);
		return ret;
	}
	folio_mark_dirty(page_folio(page));
	return 0;
}
EXPORT_SYMBOL(block_page_mkwrite);

bool block_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	return filemap_dirty_folio(mapping, folio);
}
EXPORT_SYMBOL(block_dirty_folio);
