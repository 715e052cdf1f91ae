// SPDX-License-Identifier: MIT
/*
 * Reading more of a file than was asked for.
 */
#include <linux/pagemap.h>

/* Hand the folios to the file system: all at once, or one by one. */
static void read_pages(struct readahead_control *rac)
{
	const struct address_space_operations *aops = rac->mapping->a_ops;
	struct folio *folio;

	if (!readahead_count(rac))
		return;

	if (aops->readahead) {
		aops->readahead(rac);
		/* What it left over stays locked and not up to date. */
		while ((folio = readahead_folio(rac)) != NULL)
			folio_unlock(folio);
	} else {
		while ((folio = readahead_folio(rac)) != NULL)
			aops->read_folio(rac->file, folio);
	}
	BUG_ON(readahead_count(rac));
}

/**
 * page_cache_ra_unbounded - put folios into the cache and start reading them
 * @ractl: where to begin
 * @nr_to_read: how many
 * @lookahead_size: so many before the last, a folio gets a mark: whoever
 *	comes across it starts the next round
 */
void page_cache_ra_unbounded(struct readahead_control *ractl,
			     unsigned long nr_to_read,
			     unsigned long lookahead_size)
{
	struct address_space *mapping = ractl->mapping;
	pgoff_t index = ractl->_index;
	unsigned long i;

	filemap_invalidate_lock_shared(mapping);
	for (i = 0; i < nr_to_read; i++) {
		struct folio *folio = filemap_get_folio(mapping, index + i);

		if (folio) {
			/* Already there: read what has come together. */
			folio_put(folio);
			read_pages(ractl);
			ractl->_index = index + i + 1;
			continue;
		}
		folio = filemap_alloc_folio(mapping->gfp_mask);
		if (!folio)
			break;
		filemap_add_folio(mapping, folio, index + i);
		if (i == nr_to_read - lookahead_size)
			folio_set_readahead(folio);
		ractl->_nr_pages++;
	}
	read_pages(ractl);
	filemap_invalidate_unlock_shared(mapping);
}

/* The same, but never past the end of the file. */
static void do_page_cache_ra(struct readahead_control *ractl,
			     unsigned long nr_to_read,
			     unsigned long lookahead_size)
{
	struct inode *inode = ractl->mapping->host;
	pgoff_t end_index = DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE);

	if (ractl->_index >= end_index)
		return;
	nr_to_read = min_t(unsigned long, nr_to_read,
			   end_index - ractl->_index);
	page_cache_ra_unbounded(ractl, nr_to_read, lookahead_size);
}

/* How much to read, from how the last rounds went. */
static void ondemand_readahead(struct readahead_control *ractl,
			       struct folio *folio, unsigned long req_size)
{
	struct file_ra_state *ra = ractl->ra;
	unsigned long max_pages = ra->ra_pages;

	if (folio && ractl->_index == ra->start + ra->size - ra->async_size) {
		ra->start += ra->size;
		ra->size = min_t(unsigned int, ra->size * 2, max_pages);
		ra->async_size = ra->size;
	} else {
		ra->start = ractl->_index;
		ra->size = min_t(unsigned int, req_size * 2, max_pages);
		ra->async_size = ra->size / 2;
	}

	ractl->_index = ra->start;
	do_page_cache_ra(ractl, ra->size, ra->async_size);
}

/* No readahead wanted: read what was asked for and no more. */
static void force_page_cache_ra(struct readahead_control *ractl,
				unsigned long nr_to_read)
{
	do_page_cache_ra(ractl, nr_to_read, 0);
}

void page_cache_sync_ra(struct readahead_control *ractl,
			unsigned long req_count)
{
	if (!ractl->ra->ra_pages) {
		force_page_cache_ra(ractl, req_count);
		return;
	}
	ondemand_readahead(ractl, NULL, req_count);
}

void page_cache_async_ra(struct readahead_control *ractl, struct folio *folio,
			 unsigned long req_count)
{
	if (!ractl->ra->ra_pages)
		return;
	folio_clear_readahead(folio);
	ondemand_readahead(ractl, folio, req_count);
}
