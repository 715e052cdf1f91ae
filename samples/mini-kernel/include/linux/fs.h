/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_FS_H
#define _LINUX_FS_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/uio.h>

struct address_space;
struct dentry;
struct file;
struct folio;
struct inode;
struct kiocb;
struct module;
struct page;
struct readahead_control;
struct super_block;
struct vm_area_struct;
struct vm_fault;

#define FMODE_READ	0x1u
#define FMODE_WRITE	0x2u

#define O_ACCMODE	03
#define O_RDONLY	00
#define O_DIRECT	040000

#define IOCB_DIRECT	(1 << 17)

#define S_IFDIR		0040000
#define S_IFREG		0100000
#define S_DAX		(1 << 13)
#define IS_DAX(inode)	((inode)->i_flags & S_DAX)
#define S_ISREG(mode)	(((mode) & 0170000) == S_IFREG)

enum writeback_sync_modes {
	WB_SYNC_NONE,
	WB_SYNC_ALL,
};

struct writeback_control {
	long nr_to_write;
	enum writeback_sync_modes sync_mode;
};

/**
 * struct address_space_operations - how a file's cached pages are filled
 *	and written back
 * @writepage: Write one dirty page.
 * @read_folio: Fill one folio and unlock it. Passed as a plain function to
 *	those who fill a single folio, and the fallback of @readahead.
 * @writepages: Write dirty pages of the mapping, as many as @wbc asks for.
 * @dirty_folio: A folio turns dirty. True if it was clean before.
 * @readahead: Start reading all folios of @rac. Errors are not returned:
 *	a folio that stays not up to date is read again by @read_folio.
 * @write_begin: Get a locked page ready for a write of @len bytes at @pos.
 * @write_end: The bytes are in the page; @copied of them came in.
 * @direct_IO: Read or write past the cache.
 * @release_folio: Let go of whatever folio->private stands for.
 *
 * A file's mapping points to its table by &address_space.a_ops.
 */
struct address_space_operations {
	int (*writepage)(struct page *page, struct writeback_control *wbc);
	int (*read_folio)(struct file *file, struct folio *folio);
	int (*writepages)(struct address_space *mapping,
			  struct writeback_control *wbc);
	bool (*dirty_folio)(struct address_space *mapping,
			    struct folio *folio);
	void (*readahead)(struct readahead_control *rac);
	int (*write_begin)(struct file *file, struct address_space *mapping,
			   loff_t pos, unsigned int len,
			   struct page **pagep, void **fsdata);
	int (*write_end)(struct file *file, struct address_space *mapping,
			 loff_t pos, unsigned int len, unsigned int copied,
			 struct page *page, void *fsdata);
	ssize_t (*direct_IO)(struct kiocb *iocb, struct iov_iter *iter);
	bool (*release_folio)(struct folio *folio, gfp_t gfp);
};

struct address_space {
	struct inode *host;
	struct list_head i_pages;
	unsigned long nrpages;
	gfp_t gfp_mask;
	const struct address_space_operations *a_ops;
	struct rw_semaphore invalidate_lock;
};

/* What was read ahead last: size pages from start, a mark near their end. */
struct file_ra_state {
	unsigned int ra_pages;
	unsigned int size, async_size;
	pgoff_t start;
};

struct inode {
	umode_t i_mode;
	unsigned int i_flags;
	const struct inode_operations *i_op;
	struct super_block *i_sb;
	struct address_space *i_mapping;
	struct address_space i_data;
	unsigned long i_ino;
	loff_t i_size;
	const struct file_operations *i_fop;
	struct list_head i_sb_list;
	void *i_private;
};

struct dentry {
	const char *d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
};

struct file {
	struct rcu_head f_rcuhead;
	struct inode *f_inode;
	struct address_space *f_mapping;
	const struct file_operations *f_op;
	unsigned int f_flags;
	fmode_t f_mode;
	loff_t f_pos;
	struct file_ra_state f_ra;
	atomic_t f_count;
	void *f_security;
	void *private_data;
};

/**
 * struct kiocb - one read or write that may finish later
 * @ki_filp: the file
 * @ki_pos: where in the file
 * @ki_flags: IOCB_*
 * @ki_complete: called when the request ends, if it was not done at once
 */
struct kiocb {
	struct file *ki_filp;
	loff_t ki_pos;
	int ki_flags;
	void (*ki_complete)(struct kiocb *iocb, long ret);
};

/**
 * struct file_operations - what an open file can do
 * @owner: Module that the functions are in.
 * @llseek: Move the file position.
 * @read: Read into a user buffer. Tried before @read_iter.
 * @write: Write from a user buffer. Tried before @write_iter.
 * @read_iter: Read into whatever the iterator describes, perhaps later.
 * @write_iter: Write what the iterator describes, perhaps later.
 * @unlocked_ioctl: A device's or file system's own commands.
 * @compat_ioctl: The same from a 32-bit program.
 * @mmap: Set up an area: above all, set its &vm_area_struct.vm_ops.
 * @open: The inode is opened through this file.
 * @flush: One of the file's descriptors is closed.
 * @release: The last reference is gone.
 * @fsync: Put the file's dirty data on stable storage.
 * @get_unmapped_area: Choose the address of a new area.
 *
 * An inode names its table by &inode.i_fop; opening copies it to &file.f_op.
 */
struct file_operations {
	struct module *owner;
	loff_t (*llseek)(struct file *file, loff_t offset, int whence);
	ssize_t (*read)(struct file *file, char __user *buf,
			size_t count, loff_t *pos);
	ssize_t (*write)(struct file *file, const char __user *buf,
			 size_t count, loff_t *pos);
	ssize_t (*read_iter)(struct kiocb *iocb, struct iov_iter *to);
	ssize_t (*write_iter)(struct kiocb *iocb, struct iov_iter *from);
	long (*unlocked_ioctl)(struct file *file, unsigned int cmd,
			       unsigned long arg);
	long (*compat_ioctl)(struct file *file, unsigned int cmd,
			     unsigned long arg);
	int (*mmap)(struct file *file, struct vm_area_struct *vma);
	int (*open)(struct inode *inode, struct file *file);
	int (*flush)(struct file *file, void *id);
	int (*release)(struct inode *inode, struct file *file);
	int (*fsync)(struct file *file, loff_t start, loff_t end,
		     int datasync);
	unsigned long (*get_unmapped_area)(struct file *file,
					   unsigned long addr,
					   unsigned long len,
					   unsigned long pgoff,
					   unsigned long flags);
};

struct inode_operations {
	struct dentry *(*lookup)(struct inode *dir, struct dentry *dentry);
	int (*create)(struct inode *dir, struct dentry *dentry, umode_t mode);
	int (*setattr)(struct dentry *dentry, loff_t size);
};

struct super_operations {
	struct inode *(*alloc_inode)(struct super_block *sb);
	void (*free_inode)(struct inode *inode);
	void (*put_super)(struct super_block *sb);
	int (*sync_fs)(struct super_block *sb, int wait);
};

struct super_block {
	const struct super_operations *s_op;
	struct file_system_type *s_type;
	struct dentry *s_root;
	struct list_head s_inodes;
	void *s_fs_info;
};

struct file_system_type {
	const char *name;
	struct module *owner;
	struct dentry *(*mount)(struct file_system_type *fs_type, int flags,
				const char *dev_name, void *data);
	void (*kill_sb)(struct super_block *sb);
	struct list_head list;
};

static inline struct inode *file_inode(const struct file *f)
{
	return f->f_inode;
}

static inline loff_t i_size_read(const struct inode *inode)
{
	return inode->i_size;
}

static inline void file_accessed(struct file *file)
{
	file->f_flags |= 0;
}

static inline void init_sync_kiocb(struct kiocb *kiocb, struct file *filp,
				   loff_t pos)
{
	*kiocb = (struct kiocb) {
		.ki_filp = filp,
		.ki_pos = pos,
		.ki_flags = filp->f_flags & O_DIRECT ? IOCB_DIRECT : 0,
	};
}

static inline int call_mmap(struct file *file, struct vm_area_struct *vma)
{
	return file->f_op->mmap(file, vma);
}

static inline ssize_t call_read_iter(struct file *file, struct kiocb *iocb,
				     struct iov_iter *to)
{
	return file->f_op->read_iter(iocb, to);
}

static inline ssize_t call_write_iter(struct file *file, struct kiocb *iocb,
				      struct iov_iter *from)
{
	return file->f_op->write_iter(iocb, from);
}

/* A file that holds one number, which __get reads and __set writes. */
#define DEFINE_SIMPLE_ATTRIBUTE(__fops, __get, __set, __fmt)		\
static int __fops##_open(struct inode *inode, struct file *file)	\
{									\
	return simple_attr_open(inode, file, __get, __set, __fmt);	\
}									\
static const struct file_operations __fops = {				\
	.owner	 = THIS_MODULE,						\
	.open	 = __fops##_open,					\
	.release = simple_attr_release,					\
	.read	 = simple_attr_read,					\
	.write	 = simple_attr_write,					\
	.llseek	 = generic_file_llseek,					\
}

/* fs/open.c */
struct file *filp_open(const char *filename, int flags);
struct file *fget(unsigned int fd);
int fd_install(struct file *file);
int vfs_open(struct dentry *dentry, struct file *file);
struct file *alloc_file(struct inode *inode, fmode_t mode,
			const struct file_operations *fop);
void fput(struct file *file);
int filp_close(struct file *filp, void *id);
int d_add(struct dentry *dentry);

/* fs/read_write.c */
ssize_t vfs_read(struct file *file, char __user *buf, size_t count,
		 loff_t *pos);
ssize_t vfs_write(struct file *file, const char __user *buf, size_t count,
		  loff_t *pos);
ssize_t kernel_read(struct file *file, void *buf, size_t count, loff_t *pos);
loff_t generic_file_llseek(struct file *file, loff_t offset, int whence);
loff_t no_llseek(struct file *file, loff_t offset, int whence);
int vfs_fsync(struct file *file, int datasync);

/* fs/super.c */
int register_filesystem(struct file_system_type *fs);
void unregister_filesystem(struct file_system_type *fs);
struct dentry *mount_nodev(struct file_system_type *fs_type, int flags,
			   void *data,
			   int (*fill_super)(struct super_block *sb,
					     void *data, int silent));
struct dentry *mount_bdev(struct file_system_type *fs_type, int flags,
			  const char *dev_name, void *data,
			  int (*fill_super)(struct super_block *sb,
					    void *data, int silent));
void kill_anon_super(struct super_block *sb);
struct inode *new_inode(struct super_block *sb);
void iput(struct inode *inode);
struct dentry *d_make_root(struct inode *root);

/* fs/libfs.c */
struct dentry *simple_lookup(struct inode *dir, struct dentry *dentry);
int simple_setattr(struct dentry *dentry, loff_t size);
int simple_read_folio(struct file *file, struct folio *folio);
int simple_write_begin(struct file *file, struct address_space *mapping,
		       loff_t pos, unsigned int len,
		       struct page **pagep, void **fsdata);
int simple_write_end(struct file *file, struct address_space *mapping,
		     loff_t pos, unsigned int len, unsigned int copied,
		     struct page *page, void *fsdata);
int noop_fsync(struct file *file, loff_t start, loff_t end, int datasync);
ssize_t noop_direct_IO(struct kiocb *iocb, struct iov_iter *iter);
int simple_attr_open(struct inode *inode, struct file *file,
		     int (*get)(void *data, u64 *val),
		     int (*set)(void *data, u64 val), const char *fmt);
int simple_attr_release(struct inode *inode, struct file *file);
ssize_t simple_attr_read(struct file *file, char __user *to,
			 size_t count, loff_t *pos);
ssize_t simple_attr_write(struct file *file, const char __user *from,
			  size_t count, loff_t *pos);
ssize_t simple_read_from_buffer(void __user *to, size_t count, loff_t *ppos,
				const void *from, size_t available);
struct dentry *debugfs_create_file(const char *name, umode_t mode,
				   struct dentry *parent, void *data,
				   const struct file_operations *fops);

/* fs/buffer.c */
typedef int (get_block_t)(struct inode *inode, sector_t iblock,
			  struct page *page, int create);
int block_read_full_folio(struct folio *folio, get_block_t *get_block);
int block_page_mkwrite(struct vm_area_struct *vma, struct vm_fault *vmf,
		       get_block_t get_block);
bool block_dirty_folio(struct address_space *mapping, struct folio *folio);

/* mm/filemap.c */
ssize_t generic_file_read_iter(struct kiocb *iocb, struct iov_iter *iter);
ssize_t generic_file_write_iter(struct kiocb *iocb, struct iov_iter *from);
int generic_file_mmap(struct file *file, struct vm_area_struct *vma);

#endif
