// SPDX-License-Identifier: MIT
/*
 * The page cache: files read and mapped by way of cached pages.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/pagemap.h>

struct folio *filemap_get_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio;

	list_for_each_entry(folio, &mapping->i_pages, lru)
		if (folio->index == index) {
			folio_get(folio);
			return folio;
		}
	return NULL;
}

struct folio *filemap_alloc_folio(gfp_t gfp)
{
	return page_folio(alloc_page(gfp));
}

int filemap_add_folio(struct address_space *mapping, struct folio *folio,
		      pgoff_t index)
{
	folio_lock(folio);
	folio->mapping = mapping;
	folio->index = index;
	list_add_tail(&folio->lru, &mapping->i_pages);
	mapping->nrpages++;
	return 0;
}

/* The folio at index, locked; a new one if there was none. */
struct folio *filemap_grab_folio(struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = filemap_get_folio(mapping, index);

	if (folio) {
		folio_lock(folio);
		return folio;
	}
	folio = filemap_alloc_folio(mapping->gfp_mask);
	if (folio)
		filemap_add_folio(mapping, folio, index);
	return folio;
}

/* Fill one folio by whichever function the caller brings. */
static int filemap_read_folio(struct file *file, filler_t filler,
			      struct folio *folio)
{
	int error;

	error = filler(file, folio);
	if (error)
		return error;
	return folio_test_uptodate(folio) ? 0 : -EIO;
}

static int filemap_create_folio(struct file *file,
				struct address_space *mapping, pgoff_t index)
{
	struct folio *folio = filemap_grab_folio(mapping, index);
	int error;

	if (!folio)
		return -ENOMEM;
	filemap_invalidate_lock_shared(mapping);
	error = filemap_read_folio(file, mapping->a_ops->read_folio, folio);
	filemap_invalidate_unlock_shared(mapping);
	folio_put(folio);
	return error;
}

/* Find the folio at index, reading ahead or, failing that, just that one. */
static int filemap_get_pages(struct kiocb *iocb, pgoff_t index, size_t count,
			     struct folio **foliop)
{
	struct file *filp = iocb->ki_filp;
	struct address_space *mapping = filp->f_mapping;
	struct file_ra_state *ra = &filp->f_ra;
	pgoff_t last_index = DIV_ROUND_UP(iocb->ki_pos + count, PAGE_SIZE);
	struct folio *folio = filemap_get_folio(mapping, index);

	if (!folio) {
		page_cache_sync_readahead(mapping, ra, filp, index,
					  last_index - index);
		folio = filemap_get_folio(mapping, index);
	}
	if (!folio) {
		int err = filemap_create_folio(filp, mapping, index);

		if (err)
			return err;
		folio = filemap_get_folio(mapping, index);
	}
	if (folio_test_readahead(folio))
		page_cache_async_readahead(mapping, ra, filp, folio, index,
					   last_index - index);
	if (!folio_test_uptodate(folio)) {
		int err = filemap_read_folio(filp, mapping->a_ops->read_folio,
					     folio);
		if (err)
			return err;
	}
	*foliop = folio;
	return 0;
}

static ssize_t filemap_read(struct kiocb *iocb, struct iov_iter *iter,
			    ssize_t already_read)
{
	struct inode *inode = iocb->ki_filp->f_mapping->host;
	int error = 0;

	while (iov_iter_count(iter) && iocb->ki_pos < i_size_read(inode)) {
		size_t offset = iocb->ki_pos & ~PAGE_MASK;
		struct folio *folio;
		size_t copied;

		error = filemap_get_pages(iocb, iocb->ki_pos >> PAGE_SHIFT,
					  iov_iter_count(iter), &folio);
		if (error)
			break;
		copied = copy_to_iter(page_address(&folio->page) + offset,
				      PAGE_SIZE - offset, iter);
		folio_put(folio);
		already_read += copied;
		iocb->ki_pos += copied;
	}
	file_accessed(iocb->ki_filp);
	return already_read ? already_read : error;
}

/**
 * generic_file_read_iter - read a file by way of the page cache
 * @iocb: the request
 * @iter: where the bytes go to
 *
 * For &file_operations.read_iter of file systems that have no wishes of
 * their own.
 */
ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	ssize_t retval = 0;

	if (!iov_iter_count(iter))
		return 0;
	if (iocb->ki_flags & IOCB_DIRECT) {
		struct address_space *mapping = iocb->ki_filp->f_mapping;

		retval = mapping->a_ops->direct_IO(iocb, iter);
		if (retval < 0 || !iov_iter_count(iter))
			return retval;
	}
	return filemap_read(iocb, iter, retval);
}
EXPORT_SYMBOL(generic_file_read_iter);

static ssize_t generic_perform_write(struct kiocb *iocb, struct iov_iter *i)
{
	struct file *file = iocb->ki_filp;
	struct address_space *mapping = file->f_mapping;
	const struct address_space_operations *a_ops = mapping->a_ops;
	loff_t pos = iocb->ki_pos;
	ssize_t written = 0;
	int status = 0;

	while (iov_iter_count(i)) {
		size_t offset = pos & ~PAGE_MASK;
		size_t bytes = min_t(size_t, PAGE_SIZE - offset,
				     iov_iter_count(i));
		struct page *page;
		void *fsdata;

		status = a_ops->write_begin(file, mapping, pos, bytes,
					    &page, &fsdata);
		if (status < 0)
			break;
		bytes = copy_from_iter(page_address(page) + offset, bytes, i);
		status = a_ops->write_end(file, mapping, pos, bytes, bytes,
					  page, fsdata);
		if (status < 0)
			break;
		pos += status;
		written += status;
	}
	iocb->ki_pos = pos;
	return written ? written : status;
}

ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	return generic_perform_write(iocb, from);
}
EXPORT_SYMBOL(generic_file_write_iter);

/* A fault found no folio: read it, with its neighbours. */
static void do_sync_mmap_readahead(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct file_ra_state *ra = &file->f_ra;
	DEFINE_READAHEAD(ractl, file, ra, file->f_mapping, vmf->pgoff);

	page_cache_sync_ra(&ractl, ra->ra_pages);
}

/* A fault found a marked folio: read on while the process works. */
static void do_async_mmap_readahead(struct vm_fault *vmf, struct folio *folio)
{
	struct file *file = vmf->vma->vm_file;
	struct file_ra_state *ra = &file->f_ra;
	DEFINE_READAHEAD(ractl, file, ra, file->f_mapping, vmf->pgoff);

	if (folio_test_readahead(folio))
		page_cache_async_ra(&ractl, folio, ra->ra_pages);
}

/**
 * filemap_fault - find a mapped file's page in the page cache
 * @vmf: the fault
 *
 * The &vm_operations_struct.fault of nearly every file system.
 */
vm_fault_t filemap_fault(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct address_space *mapping = file->f_mapping;
	struct inode *inode = mapping->host;
	pgoff_t max_idx = DIV_ROUND_UP(i_size_read(inode), PAGE_SIZE);
	pgoff_t index = vmf->pgoff;
	vm_fault_t ret = 0;
	struct folio *folio;
	int error;

	if (unlikely(index >= max_idx))
		return VM_FAULT_SIGBUS;

	folio = filemap_get_folio(mapping, index);
	if (likely(folio)) {
		if (!(vmf->flags & FAULT_FLAG_TRIED))
			do_async_mmap_readahead(vmf, folio);
		folio_lock(folio);
	} else {
		ret = VM_FAULT_MAJOR;
		do_sync_mmap_readahead(vmf);
		folio = filemap_grab_folio(mapping, index);
		if (!folio)
			return VM_FAULT_OOM;
	}

	/* Readahead failed, or never came this far. */
	if (unlikely(!folio_test_uptodate(folio))) {
		filemap_invalidate_lock_shared(mapping);
		error = filemap_read_folio(file, mapping->a_ops->read_folio,
					   folio);
		filemap_invalidate_unlock_shared(mapping);
		folio_put(folio);
		return error ? VM_FAULT_SIGBUS : ret | VM_FAULT_RETRY;
	}

	vmf->page = &folio->page;
	return ret | VM_FAULT_LOCKED;
}
EXPORT_SYMBOL(filemap_fault);

/* Map what is in the cache already, from start_pgoff to end_pgoff. */
vm_fault_t filemap_map_pages(struct vm_fault *vmf,
			     pgoff_t start_pgoff, pgoff_t end_pgoff)
{
	struct address_space *mapping = vmf->vma->vm_file->f_mapping;
	pgoff_t index;

	for (index = start_pgoff; index <= end_pgoff; index++) {
		struct folio *folio = filemap_get_folio(mapping, index);

		if (!folio || !folio_test_uptodate(folio))
			continue;
		vmf->page = &folio->page;
		if (index == vmf->pgoff)
			return finish_fault(vmf) | VM_FAULT_NOPAGE;
	}
	return 0;
}
EXPORT_SYMBOL(filemap_map_pages);

vm_fault_t filemap_page_mkwrite(struct vm_fault *vmf)
{
	struct folio *folio = page_folio(vmf->page);

	folio_lock(folio);
	if (folio->mapping != vmf->vma->vm_file->f_mapping) {
		folio_unlock(folio);
		return VM_FAULT_NOPAGE;
	}
	folio_mark_dirty(folio);
	return VM_FAULT_LOCKED;
}

const struct vm_operations_struct generic_file_vm_ops = {
	.fault		= filemap_fault,
	.page_mkwrite	= filemap_page_mkwrite,
	.map_pages	= filemap_map_pages,
};

/* The &file_operations.mmap of file systems that need nothing special. */
int generic_file_mmap(struct file *filp, struct vm_area_struct *vma)
{
	if (!filp->f_mapping->a_ops->read_folio)
		return -ENOEXEC;
	vma->vm_ops = &generic_file_vm_ops;
	file_accessed(filp);
	return 0;
}
EXPORT_SYMBOL(generic_file_mmap);

static struct folio *do_read_cache_folio(struct address_space *mapping,
					 pgoff_t index, filler_t *filler,
					 struct file *file)
{
	struct folio *folio = filemap_grab_folio(mapping, index);
	int error = 0;

	if (!folio)
		return ERR_PTR(-ENOMEM);
	if (!filler)
		filler = mapping->a_ops->read_folio;
	if (!folio_test_uptodate(folio))
		error = filemap_read_folio(file, filler, folio);
	return error ? ERR_PTR(error) : folio;
}

/**
 * read_cache_folio - one folio of a file, read if need be
 * @mapping: the file's
 * @index: which folio
 * @filler: fills it; NULL for the mapping's own ->read_folio
 * @file: given to @filler
 */
struct folio *read_cache_folio(struct address_space *mapping, pgoff_t index,
			       filler_t *filler, struct file *file)
{
	return do_read_cache_folio(mapping, index, filler, file);
}
EXPORT_SYMBOL(read_cache_folio);
