// SPDX-License-Identifier: MIT
/*
 * System V shared memory: a thin layer over files of shmem.
 *
 * A segment's area has this layer's table. Whatever the file underneath had
 * put there is kept in shm_file_data, and the calls are forwarded to it.
 */
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/shmem_fs.h>
#include <linux/syscalls.h>

struct shmid_kernel {
	int id;
	unsigned long shm_nattch;
	struct file *shm_file;
};

/* What a segment's file stands in front of. */
struct shm_file_data {
	const struct vm_operations_struct *vm_ops;
	struct file *file;
	int id;
};

static const struct vm_operations_struct shm_vm_ops;
static const struct file_operations shm_file_operations;

static inline struct shm_file_data *shm_file_data(struct file *file)
{
	return file->private_data;
}

static struct shmid_kernel segments[16];

/* A segment's file is made the first time somebody asks for it. */
static struct shmid_kernel *newseg(int id)
{
	struct shmid_kernel *shp = &segments[id];
	struct file *file;

	if (shp->shm_file)
		return shp;
	file = shmem_kernel_file_setup("SYSV", 16 * PAGE_SIZE, 0);
	if (IS_ERR(file))
		return ERR_PTR(PTR_ERR(file));
	shp->id = id;
	shp->shm_file = file;
	return shp;
}

static void shm_open(struct vm_area_struct *vma)
{
	struct shm_file_data *sfd = shm_file_data(vma->vm_file);

	segments[sfd->id].shm_nattch++;
	if (sfd->vm_ops->open)
		sfd->vm_ops->open(vma);
}

static void shm_close(struct vm_area_struct *vma)
{
	struct shm_file_data *sfd = shm_file_data(vma->vm_file);

	segments[sfd->id].shm_nattch--;
	if (sfd->vm_ops->close)
		sfd->vm_ops->close(vma);
}

static vm_fault_t shm_fault(struct vm_fault *vmf)
{
	struct shm_file_data *sfd = shm_file_data(vmf->vma->vm_file);

	return sfd->vm_ops->fault(vmf);
}

static int shm_may_split(struct vm_area_struct *vma, unsigned long addr)
{
	const struct vm_operations_struct *below;

	below = shm_file_data(vma->vm_file)->vm_ops;
	return below->may_split ? below->may_split(vma, addr) : 0;
}

static unsigned long shm_pagesize(struct vm_area_struct *vma)
{
	const struct vm_operations_struct *below;

	below = shm_file_data(vma->vm_file)->vm_ops;
	return below->pagesize ? below->pagesize(vma) : PAGE_SIZE;
}

#ifdef CONFIG_NUMA
static int shm_set_policy(struct vm_area_struct *vma, struct mempolicy *policy)
{
	struct shm_file_data *sfd = shm_file_data(vma->vm_file);

	if (!sfd->vm_ops->set_policy)
		return 0;
	return sfd->vm_ops->set_policy(vma, policy);
}

static struct mempolicy *shm_get_policy(struct vm_area_struct *vma,
					unsigned long addr)
{
	struct shm_file_data *sfd = shm_file_data(vma->vm_file);

	if (!sfd->vm_ops->get_policy)
		return NULL;
	return sfd->vm_ops->get_policy(vma, addr);
}
#endif

static int shm_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct shm_file_data *sfd = shm_file_data(file);
	int err = call_mmap(sfd->file, vma);

	if (err)
		return err;

	/* Keep what shmem_mmap() has put there, then take its place. */
	sfd->vm_ops = vma->vm_ops;
	vma->vm_ops = &shm_vm_ops;
	segments[sfd->id].shm_nattch++;
	return 0;
}

static int shm_release(struct inode *inode, struct file *file)
{
	struct shm_file_data *sfd = shm_file_data(file);

	file->private_data = NULL;
	fput(sfd->file);
	kfree(sfd);
	return 0;
}

static int shm_fsync(struct file *file, loff_t from, loff_t to, int datasync)
{
	struct file *below = shm_file_data(file)->file;

	if (below->f_op->fsync)
		return below->f_op->fsync(below, from, to, datasync);
	return -EINVAL;
}

static const struct file_operations shm_file_operations = {
	.release	= shm_release,
	.mmap		= shm_mmap,
	.fsync		= shm_fsync,
};

static const struct vm_operations_struct shm_vm_ops = {
	.fault		= shm_fault,
	.open		= shm_open,
	.close		= shm_close,
	.pagesize	= shm_pagesize,
	.may_split	= shm_may_split,
#if defined(CONFIG_NUMA)
	.get_policy	= shm_get_policy,
	.set_policy	= shm_set_policy,
#endif
};

static long do_shmat(int shmid, unsigned long addr)
{
	struct shm_file_data *sfd;
	struct shmid_kernel *shp;
	struct file *file;

	if (shmid < 0 || shmid >= (int)ARRAY_SIZE(segments))
		return -EINVAL;
	shp = newseg(shmid);
	if (IS_ERR(shp))
		return PTR_ERR(shp);
	sfd = kzalloc(sizeof(*sfd), GFP_KERNEL);
	if (!sfd)
		return -ENOMEM;

	file = alloc_file(file_inode(shp->shm_file), FMODE_READ | FMODE_WRITE,
			  &shm_file_operations);
	if (IS_ERR(file)) {
		kfree(sfd);
		return PTR_ERR(file);
	}
	sfd->id = shp->id;
	sfd->file = shp->shm_file;
	sfd->file->f_count.counter++;
	file->private_data = sfd;
	return do_mmap(file, addr, file_inode(file)->i_size,
		       PROT_READ | PROT_WRITE, MAP_SHARED, 0);
}

SYSCALL_DEFINE3(shmat, int, shmid, char __user *, shmaddr, int, shmflg)
{
	return do_shmat(shmid, (unsigned long)shmaddr);
}
