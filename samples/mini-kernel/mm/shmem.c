// SPDX-License-Identifier: MIT
/*
 * Shared memory: files that live in the page cache and nowhere else.
 */
#include <linux/init.h>
#include <linux/module.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>

#ifdef CONFIG_SHMEM

static const struct vm_operations_struct shmem_vm_ops;

/* The folio at index; a new one is zeroed, there is nothing to read. */
static int shmem_get_folio(struct inode *inode, pgoff_t index,
			   struct folio **foliop)
{
	struct folio *folio = filemap_grab_folio(inode->i_mapping, index);

	if (!folio)
		return -ENOMEM;
	if (!folio_test_uptodate(folio)) {
		memset(page_address(&folio->page), 0, PAGE_SIZE);
		folio_set_uptodate(folio);
	}
	*foliop = folio;
	return 0;
}

static vm_fault_t shmem_fault(struct vm_fault *vmf)
{
	struct inode *inode = file_inode(vmf->vma->vm_file);
	struct folio *folio = NULL;
	int err;

	err = shmem_get_folio(inode, vmf->pgoff, &folio);
	if (err)
		return err == -ENOMEM ? VM_FAULT_OOM : VM_FAULT_SIGBUS;
	vmf->page = &folio->page;
	return VM_FAULT_LOCKED;
}

#ifdef CONFIG_NUMA
static int shmem_set_policy(struct vm_area_struct *vma,
			    struct mempolicy *policy)
{
	SHMEM_I(file_inode(vma->vm_file))->policy = policy;
	return 0;
}

static struct mempolicy *shmem_get_policy(struct vm_area_struct *vma,
					  unsigned long addr)
{
	return SHMEM_I(file_inode(vma->vm_file))->policy;
}
#endif

static int shmem_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct shmem_inode_info *info = SHMEM_I(file_inode(file));

	if ((info->seals & F_SEAL_WRITE) && (vma->vm_flags & VM_WRITE))
		return -EPERM;
	file_accessed(file);
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

static int shmem_writepage(struct page *page, struct writeback_control *wbc)
{
	/* There is no swap here: the page has to stay. */
	folio_mark_dirty(page_folio(page));
	unlock_page(page);
	return 0;
}

#ifdef CONFIG_TMPFS
static int
shmem_write_begin(struct file *file, struct address_space *mapping,
		  loff_t pos, unsigned int len,
		  struct page **pagep, void **fsdata)
{
	struct folio *folio;
	int ret = shmem_get_folio(mapping->host, pos >> PAGE_SHIFT, &folio);

	if (!ret)
		*pagep = &folio->page;
	return ret;
}

static int
shmem_write_end(struct file *file, struct address_space *mapping,
		loff_t pos, unsigned int len, unsigned int copied,
		struct page *page, void *fsdata)
{
	struct inode *inode = mapping->host;

	if (pos + copied > inode->i_size)
		inode->i_size = pos + copied;
	folio_mark_dirty(page_folio(page));
	unlock_page(page);
	return copied;
}

static ssize_t shmem_file_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct inode *inode = file_inode(iocb->ki_filp);
	struct folio *folio;
	ssize_t copied;
	int error;

	error = shmem_get_folio(inode, iocb->ki_pos >> PAGE_SHIFT, &folio);
	if (error)
		return error;
	copied = copy_to_iter(page_address(&folio->page), PAGE_SIZE, to);
	iocb->ki_pos += copied;
	folio_unlock(folio);
	return copied;
}
#endif

static const struct address_space_operations shmem_aops = {
	.writepage	= shmem_writepage,
	.dirty_folio	= filemap_dirty_folio,
#ifdef CONFIG_TMPFS
	.write_begin	= shmem_write_begin,
	.write_end	= shmem_write_end,
#endif
};

static const struct file_operations shmem_file_operations = {
	.mmap		= shmem_mmap,
#ifdef CONFIG_TMPFS
	.llseek		= generic_file_llseek,
	.read_iter	= shmem_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.fsync		= noop_fsync,
#endif
};

static const struct vm_operations_struct shmem_vm_ops = {
#ifdef CONFIG_NUMA
	.get_policy	= shmem_get_policy,
	.set_policy	= shmem_set_policy,
#endif
	.map_pages	= filemap_map_pages,
	.fault		= shmem_fault,
};

static struct inode *shmem_alloc_inode(struct super_block *sb)
{
	struct shmem_inode_info *info = kzalloc(sizeof(*info), GFP_KERNEL);

	return info ? &info->vfs_inode : NULL;
}

static const struct super_operations shmem_ops = {
	.alloc_inode	= shmem_alloc_inode,
};

#else /* !CONFIG_SHMEM */

/* Small systems get by with plain files in memory. */
#define shmem_vm_ops	generic_file_vm_ops

static const struct address_space_operations shmem_aops = {
	.read_folio	= simple_read_folio,
	.write_begin	= simple_write_begin,
	.write_end	= simple_write_end,
	.dirty_folio	= filemap_dirty_folio,
};

static int shmem_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_ops = &shmem_vm_ops;
	return 0;
}

static const struct file_operations shmem_file_operations = {
	.read_iter	= generic_file_read_iter,
	.write_iter	= generic_file_write_iter,
	.mmap		= shmem_mmap,
	.fsync		= noop_fsync,
};

static const struct super_operations shmem_ops;

#endif /* CONFIG_SHMEM */

static int shmem_fill_super(struct super_block *sb, void *data, int silent)
{
	sb->s_op = &shmem_ops;
	return 0;
}

static struct dentry *shmem_mount(struct file_system_type *fs_type, int flags,
				  const char *dev_name, void *data)
{
	return mount_nodev(fs_type, flags, data, shmem_fill_super);
}

static struct file_system_type shmem_fs_type = {
	.owner		= THIS_MODULE,
	.name		= "tmpfs",
	.mount		= shmem_mount,
	.kill_sb	= kill_anon_super,
};

static struct dentry *shm_mnt;

/* A file for shared memory that nobody can open by name. */
struct file *shmem_kernel_file_setup(const char *name, loff_t size,
				     unsigned long flags)
{
	struct inode *inode = new_inode(shm_mnt->d_sb);

	if (!inode)
		return ERR_PTR(-ENOSPC);
	inode->i_mode = S_IFREG | 0600;
	inode->i_size = size;
	inode->i_fop = &shmem_file_operations;
	inode->i_mapping->a_ops = &shmem_aops;
	return alloc_file(inode, FMODE_READ | FMODE_WRITE,
			  &shmem_file_operations);
}
EXPORT_SYMBOL_GPL(shmem_kernel_file_setup);

static int __init shmem_init(void)
{
	int error = register_filesystem(&shmem_fs_type);

	if (error)
		return error;
	shm_mnt = shmem_fs_type.mount(&shmem_fs_type, 0, "tmpfs", NULL);
	return IS_ERR(shm_mnt) ? (int)PTR_ERR(shm_mnt) : 0;
}
fs_initcall(shmem_init);
