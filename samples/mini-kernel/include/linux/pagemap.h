/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PAGEMAP_H
#define _LINUX_PAGEMAP_H

#include <linux/fs.h>
#include <linux/mm.h>

/* Fills one folio: the type of &address_space_operations.read_folio. */
typedef int filler_t(struct file *file, struct folio *folio);

/* Writes one page, for write_cache_pages(). */
typedef int (*writepage_t)(struct page *page, struct writeback_control *wbc,
			   void *data);

/**
 * struct readahead_control - a run of folios to read
 * @mapping: where they belong
 * @ra: the file's state
 * @file: may be NULL
 * @_index: of the next folio
 * @_nr_pages: how many are left
 */
struct readahead_control {
	struct address_space *mapping;
	struct file_ra_state *ra;
	struct file *file;
	pgoff_t _index;
	unsigned int _nr_pages;
};

/* A run that is empty so far, and starts at page first. */
#define DEFINE_READAHEAD(name, filp, state, m, first)			\
	struct readahead_control name = {				\
		.mapping = (m), .ra = (state), .file = (filp),		\
		._index = (first),					\
	}

struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index);
struct folio *filemap_alloc_folio(gfp_t gfp);
int filemap_add_folio(struct address_space *mapping, struct folio *folio,
		      pgoff_t index);
struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index);
struct folio *read_cache_folio(struct address_space *mapping, pgoff_t index,
			       filler_t *filler, struct file *file);

/* mm/readahead.c */
void page_cache_ra_unbounded(struct readahead_control *ractl,
			     unsigned long nr_to_read,
			     unsigned long lookahead_size);
void page_cache_sync_ra(struct readahead_control *ractl,
			unsigned long req_count);
void page_cache_async_ra(struct readahead_control *ractl, struct folio *folio,
			 unsigned long req_count);

/* mm/page-writeback.c */
bool folio_mark_dirty(struct folio *folio);
bool filemap_dirty_folio(struct address_space *mapping, struct folio *folio);
int do_writepages(struct address_space *mapping,
		  struct writeback_control *wbc);
int write_cache_pages(struct address_space *mapping,
		      struct writeback_control *wbc, writepage_t writepage,
		      void *data);

/* The reader needs this folio now: read it, and some more. */
static inline void page_cache_sync_readahead(struct address_space *mapping,
					     struct file_ra_state *ra,
					     struct file *file, pgoff_t index,
					     unsigned long req_count)
{
	DEFINE_READAHEAD(ractl, file, ra, mapping, index);

	page_cache_sync_ra(&ractl, req_count);
}

/* The reader came across a marked folio: time to read on. */
static inline void page_cache_async_readahead(struct address_space *mapping,
					      struct file_ra_state *ra,
					      struct file *file,
					      struct folio *folio,
					      pgoff_t index,
					      unsigned long req_count)
{
	DEFINE_READAHEAD(ractl, file, ra, mapping, index);

	page_cache_async_ra(&ractl, folio, req_count);
}

static inline unsigned int readahead_count(struct readahead_control *rac)
{
	return rac->_nr_pages;
}

/* The next folio to read, locked, or NULL at the end. */
static inline struct folio *readahead_folio(struct readahead_control *rac)
{
	struct folio *folio;

	if (!rac->_nr_pages)
		return NULL;
	folio = filemap_get_folio(rac->mapping, rac->_index++);
	rac->_nr_pages--;
	return folio;
}

static inline struct folio *read_mapping_folio(struct address_space *mapping,
					       pgoff_t index,
					       struct file *file)
{
	return read_cache_folio(mapping, index, NULL, file);
}

static inline void filemap_invalidate_lock_shared(struct address_space *mapping)
{
	down_read(&mapping->invalidate_lock);
}

static inline void
filemap_invalidate_unlock_shared(struct address_space *mapping)
{
	up_read(&mapping->invalidate_lock);
}

#endif
