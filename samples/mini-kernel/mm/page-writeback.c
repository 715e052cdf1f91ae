// SPDX-License-Identifier: MIT
/*
 * Dirty pages: how they become so, and how they are written.
 */
#include <linux/pagemap.h>

/* &address_space_operations.dirty_folio where nothing else is to be done */
bool filemap_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	if (folio_test_dirty(folio))
		return false;
	folio_set_dirty(folio);
	return true;
}

bool folio_mark_dirty(struct folio *folio)
{
	struct address_space *mapping = folio->mapping;

	if (likely(mapping))
		return mapping->a_ops->dirty_folio(mapping, folio);
	return filemap_dirty_folio(NULL, folio);
}

/* Call writepage on each dirty page, until enough are written. */
int write_cache_pages(struct address_space *mapping,
		      struct writeback_control *wbc, writepage_t writepage,
		      void *data)
{
	struct folio *folio;
	int error;

	list_for_each_entry(folio, &mapping->i_pages, lru) {
		if (!folio_test_dirty(folio))
			continue;
		folio_clear_dirty(folio);
		error = (*writepage)(&folio->page, wbc, data);
		if (error)
			return error;
		if (--wbc->nr_to_write <= 0)
			break;
	}
	return 0;
}

static int __writepage(struct page *page, struct writeback_control *wbc,
		       void *data)
{
	struct address_space *mapping = data;

	return mapping->a_ops->writepage(page, wbc);
}

/* A mapping that can only write page by page. */
static int generic_writepages(struct address_space *mapping,
			      struct writeback_control *wbc)
{
	if (!mapping->a_ops->writepage)
		return 0;
	return write_cache_pages(mapping, wbc, __writepage, mapping);
}

int do_writepages(struct address_space *mapping,
		  struct writeback_control *wbc)
{
	if (wbc->nr_to_write <= 0)
		return 0;
	if (mapping->a_ops->writepages)
		return mapping->a_ops->writepages(mapping, wbc);
	return generic_writepages(mapping, wbc);
}
