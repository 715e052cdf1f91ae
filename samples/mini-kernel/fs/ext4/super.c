// SPDX-License-Identifier: MIT
/*
 * Mounting ext4, and what goes on behind a mounted one: a thread, a timer,
 * and work to do.
 */
#include <linux/module.h>
#include <linux/sched.h>
#include "ext4.h"

static struct kmem_cache *ext4_inode_cachep;

/* Runs once for each new object of the cache. */
static void init_once(void *foo)
{
	struct ext4_inode_info *ei = foo;

	memset(ei, 0, sizeof(*ei));
}

static struct inode *ext4_alloc_inode(struct super_block *sb)
{
	struct ext4_inode_info *ei;

	ei = kmem_cache_alloc(ext4_inode_cachep, GFP_KERNEL);
	return ei ? &ei->vfs_inode : NULL;
}

static void ext4_free_in_core_inode(struct inode *inode)
{
	kmem_cache_free(ext4_inode_cachep, EXT4_I(inode));
}

static void ext4_put_super(struct super_block *sb)
{
	struct ext4_sb_info *sbi = EXT4_SB(sb);

	del_timer(&sbi->s_err_report);
	kfree(sbi);
}

static int ext4_sync_fs(struct super_block *sb, int wait)
{
	schedule_work(&EXT4_SB(sb)->s_error_work);
	return 0;
}

static const struct super_operations ext4_sops = {
	.alloc_inode	= ext4_alloc_inode,
	.free_inode	= ext4_free_in_core_inode,
	.put_super	= ext4_put_super,
	.sync_fs	= ext4_sync_fs,
};

/* Once a day: are there errors that nobody has looked at? */
static void print_daily_error_info(struct timer_list *t)
{
	struct ext4_sb_info *sbi = from_timer(sbi, t, s_err_report);

	if (ext4_forced_shutdown(sbi))
		pr_info("EXT4-fs: shut down after errors\n");
	mod_timer(&sbi->s_err_report, jiffies + 24UL * 60 * 60 * HZ);
}

/* Errors are written down later, from a place that may sleep. */
static void flush_stashed_error_work(struct work_struct *work)
{
	struct ext4_sb_info *sbi = container_of(work, struct ext4_sb_info,
						s_error_work);

	sbi->s_mount_flags |= EXT4_FLAGS_SHUTDOWN;
}

/* Fills tables that mkfs left empty. */
static int ext4_lazyinit_thread(void *arg)
{
	struct ext4_sb_info *sbi = arg;

	while (!kthread_should_stop() && !ext4_forced_shutdown(sbi))
		schedule();
	return 0;
}

static int ext4_fill_super(struct super_block *sb, void *data, int silent)
{
	struct ext4_sb_info *sbi = kzalloc(sizeof(*sbi), GFP_KERNEL);
	struct inode *root;

	if (!sbi)
		return -ENOMEM;
	sb->s_fs_info = sbi;
	sb->s_op = &ext4_sops;
	sbi->s_mount_opt = EXT4_MOUNT_DELALLOC;
	sbi->s_image = data;
	sbi->s_image_size = 1 << 20;

	timer_setup(&sbi->s_err_report, print_daily_error_info, 0);
	INIT_WORK(&sbi->s_error_work, flush_stashed_error_work);
	sbi->s_lazyinit_task = kthread_run(ext4_lazyinit_thread, sbi,
					   "ext4lazyinit");

	root = ext4_iget(sb, 2);
	if (IS_ERR(root))
		return PTR_ERR(root);
	sb->s_root = d_make_root(root);
	return sb->s_root ? 0 : -ENOMEM;
}

static struct dentry *ext4_mount(struct file_system_type *fs_type, int flags,
				 const char *dev_name, void *data)
{
	return mount_bdev(fs_type, flags, dev_name, data, ext4_fill_super);
}

static struct file_system_type ext4_fs_type = {
	.owner		= THIS_MODULE,
	.name		= "ext4",
	.mount		= ext4_mount,
	.kill_sb	= kill_anon_super,
};

static int __init ext4_init_fs(void)
{
	ext4_inode_cachep = kmem_cache_create("ext4_inode_cache",
					      sizeof(struct ext4_inode_info),
					      init_once);
	if (!ext4_inode_cachep)
		return -ENOMEM;
	return register_filesystem(&ext4_fs_type);
}

static void __exit ext4_exit_fs(void)
{
	unregister_filesystem(&ext4_fs_type);
}

MODULE_DESCRIPTION("A reader's ext4");
MODULE_LICENSE("Dual MIT/GPL");
module_init(ext4_init_fs);
module_exit(ext4_exit_fs);
