// SPDX-License-Identifier: MIT
/*
 * A printer, in the style of old: tables are written "member: function".
 */
#include <linux/fs.h>
#include <linux/module.h>

#define LP_RESET	0x060c

static int lp_count;

static ssize_t lp_write(struct file *file, const char __user *buf,
			size_t count, loff_t *ppos)
{
	lp_count += count;
	return count;
}

static long lp_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	if (cmd != LP_RESET)
		return -EINVAL;
	lp_count = 0;
	return 0;
}

static long lp_compat_ioctl(struct file *file, unsigned int cmd,
			    unsigned long arg)
{
	return lp_ioctl(file, cmd, (u32)arg);
}

static int lp_open(struct inode *inode, struct file *file)
{
	return 0;
}

static int lp_release(struct inode *inode, struct file *file)
{
	return 0;
}

static struct file_operations lp_fops = {
	owner:		THIS_MODULE,
	write:		lp_write,
	unlocked_ioctl:	lp_ioctl,
	compat_ioctl:	IS_ENABLED(CONFIG_COMPAT) ? lp_compat_ioctl : NULL,
	open:		lp_open,
	release:	lp_release,
};

/* lp=reset and the like on the kernel's command line */
static int __init lp_setup(char *str)
{
	lp_count = strcmp(str, "reset") ? lp_count : 0;
	return 1;
}
__setup("lp=", lp_setup);

static int __init lp_init(void)
{
	debugfs_create_file("lp0", 0220, NULL, NULL, &lp_fops);
	return 0;
}
module_init(lp_init);

MODULE_LICENSE("Dual MIT/GPL");
