// SPDX-License-Identifier: MIT
/*
 * Inodes of ext4, and how their pages are filled and written.
 */
#include <linux/module.h>
#include "ext4.h"

/* Where a block of the file is: in this sample, simply one after another. */
static int _ext4_get_block(struct inode *inode, sector_t iblock,
			   struct page *page, bool create)
{
	struct ext4_sb_info *sbi = EXT4_SB(inode->i_sb);

	if (iblock << PAGE_SHIFT >= sbi->s_image_size)
		return create ? -ENOSPC : -EIO;
	page->private = sbi->s_image + (iblock << PAGE_SHIFT);
	return 0;
}

static int ext4_get_block(struct inode *inode, sector_t iblock,
			  struct page *page, int create)
{
	return _ext4_get_block(inode, iblock, page, create);
}

static int ext4_get_block_unwritten(struct inode *inode, sector_t iblock,
				    struct page *page, int create)
{
	return _ext4_get_block(inode, iblock, page, true);
}

/* Delayed allocation: a block is promised now and chosen when written. */
static int ext4_da_get_block_prep(struct inode *inode, sector_t iblock,
				  struct page *page, int create)
{
	page->private = NULL;
	return 0;
}

static int ext4_read_folio(struct file *file, struct folio *folio)
{
	return ext4_mpage_readpages(folio->mapping->host, NULL, folio);
}

static void ext4_readahead(struct readahead_control *rac)
{
	struct inode *inode = rac->mapping->host;

	ext4_mpage_readpages(inode, rac, NULL);
}

static int ext4_write_begin(struct file *file, struct address_space *mapping,
			    loff_t pos, unsigned int len,
			    struct page **pagep, void **fsdata)
{
	struct folio *folio = filemap_grab_folio(mapping, pos >> PAGE_SHIFT);
	get_block_t *get_block = ext4_get_block;

	if (!folio)
		return -ENOMEM;
	if (ext4_should_dioread_nolock(mapping->host))
		get_block = ext4_get_block_unwritten;
	*pagep = &folio->page;
	return get_block(mapping->host, folio->index, *pagep, 1);
}

static int ext4_da_write_begin(struct file *file,
			       struct address_space *mapping,
			       loff_t pos, unsigned int len,
			       struct page **pagep, void **fsdata)
{
	struct folio *folio = filemap_grab_folio(mapping, pos >> PAGE_SHIFT);

	if (!folio)
		return -ENOMEM;
	*pagep = &folio->page;
	return ext4_da_get_block_prep(mapping->host, folio->index, *pagep, 1);
}

static int ext4_write_end(struct file *file, struct address_space *mapping,
			  loff_t pos, unsigned int len, unsigned int copied,
			  struct page *page, void *fsdata)
{
	EXT4_I(mapping->host)->i_disksize = pos + copied;
	return simple_write_end(file, mapping, pos, len, copied, page, fsdata);
}

static int ext4_writepage(struct page *page, struct writeback_control *wbc,
			  void *data)
{
	get_block_t *get_block = data;
	struct inode *inode = page->mapping->host;
	int err;

	err = get_block(inode, page->index, page, 1);
	if (!err)
		memcpy(page->private, page_address(page), PAGE_SIZE);
	return err;
}

static int ext4_writepages(struct address_space *mapping,
			   struct writeback_control *wbc)
{
	return write_cache_pages(mapping, wbc, ext4_writepage, ext4_get_block);
}

/* In journal mode, dirty means: dirty for the journal. */
static bool ext4_journalled_dirty_folio(struct address_space *mapping,
					struct folio *folio)
{
	folio->private = mapping->host;
	return filemap_dirty_folio(mapping, folio);
}

static bool ext4_release_folio(struct folio *folio, gfp_t wait)
{
	folio->private = NULL;
	return true;
}

static const struct address_space_operations ext4_aops = {
	.read_folio	= ext4_read_folio,
	.readahead	= ext4_readahead,
	.writepages	= ext4_writepages,
	.write_begin	= ext4_write_begin,
	.write_end	= ext4_write_end,
	.dirty_folio	= block_dirty_folio,
	.release_folio	= ext4_release_folio,
	.direct_IO	= noop_direct_IO,
};

static const struct address_space_operations ext4_journalled_aops = {
	.read_folio	= ext4_read_folio,
	.readahead	= ext4_readahead,
	.writepages	= ext4_writepages,
	.write_begin	= ext4_write_begin,
	.write_end	= ext4_write_end,
	.dirty_folio	= ext4_journalled_dirty_folio,
	.release_folio	= ext4_release_folio,
	.direct_IO	= noop_direct_IO,
};

static const struct address_space_operations ext4_da_aops = {
	.read_folio	= ext4_read_folio,
	.readahead	= ext4_readahead,
	.writepages	= ext4_writepages,
	.write_begin	= ext4_da_write_begin,
	.write_end	= ext4_write_end,
	.dirty_folio	= block_dirty_folio,
	.release_folio	= ext4_release_folio,
	.direct_IO	= noop_direct_IO,
};

static const struct address_space_operations ext4_dax_aops = {
	.dirty_folio	= filemap_dirty_folio,
	.direct_IO	= noop_direct_IO,
};

/* Which of the four tables the inode's pages go by. */
void ext4_set_aops(struct inode *inode)
{
	struct address_space *mapping = inode->i_mapping;

	if (ext4_inode_journal_mode(inode) == EXT4_INODE_JOURNAL_DATA_MODE) {
		mapping->a_ops = &ext4_journalled_aops;
		return;
	}
	if (test_opt(inode->i_sb, DELALLOC))
		mapping->a_ops = &ext4_da_aops;
	else
		mapping->a_ops = &ext4_aops;
	if (IS_DAX(inode))
		mapping->a_ops = &ext4_dax_aops;
}

/* A page of a shared mapping is about to be written to. */
vm_fault_t ext4_page_mkwrite(struct vm_fault *vmf)
{
	struct vm_area_struct *vma = vmf->vma;
	struct inode *inode = file_inode(vma->vm_file);
	struct address_space *mapping = inode->i_mapping;
	get_block_t *get_block;
	int err;

	filemap_invalidate_lock_shared(mapping);
	if (test_opt(inode->i_sb, DELALLOC)) {
		err = block_page_mkwrite(vma, vmf, ext4_da_get_block_prep);
		goto out;
	}
	get_block = ext4_should_dioread_nolock(inode) ?
			ext4_get_block_unwritten : ext4_get_block;
	err = block_page_mkwrite(vma, vmf, get_block);
out:
	filemap_invalidate_unlock_shared(mapping);
	return err ? VM_FAULT_SIGBUS : VM_FAULT_LOCKED;
}

static int ext4_iomap_begin(struct inode *inode, loff_t offset, loff_t length,
			    unsigned int flags, struct iomap *iomap)
{
	struct folio *folio = filemap_grab_folio(inode->i_mapping,
						 offset >> PAGE_SHIFT);

	if (!folio)
		return -ENOMEM;
	iomap->page = &folio->page;
	return _ext4_get_block(inode, folio->index, iomap->page,
			       flags & IOMAP_WRITE);
}

static int ext4_iomap_end(struct inode *inode, loff_t offset, loff_t length,
			  unsigned int flags, struct iomap *iomap)
{
	unlock_page(iomap->page);
	return 0;
}

const struct iomap_ops ext4_iomap_ops = {
	.iomap_begin	= ext4_iomap_begin,
	.iomap_end	= ext4_iomap_end,
};

int ext4_setattr(struct dentry *dentry, loff_t size)
{
	EXT4_I(dentry->d_inode)->i_disksize = size;
	return simple_setattr(dentry, size);
}

struct inode *ext4_iget(struct super_block *sb, unsigned long ino)
{
	struct inode *inode = new_inode(sb);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	inode->i_ino = ino;
	if (ino == 2) {
		inode->i_mode = S_IFDIR | 0755;
		inode->i_op = &ext4_dir_inode_operations;
		return inode;
	}
	inode->i_mode = S_IFREG | 0644;
	inode->i_size = EXT4_SB(sb)->s_image_size;
	if (test_opt(sb, DAX_ALWAYS))
		inode->i_flags |= S_DAX;
	inode->i_op = &ext4_file_inode_operations;
	inode->i_fop = &ext4_file_operations;
	ext4_set_aops(inode);
	return inode;
}
