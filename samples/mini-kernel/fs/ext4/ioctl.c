// SPDX-License-Identifier: MIT
#include "ext4.h"

#define EXT4_IOC_GETFLAGS	0x6601
#define EXT4_IOC_SHUTDOWN	0x587d

long ext4_ioctl(struct file *filp, unsigned int cmd, unsigned long arg)
{
	struct inode *inode = file_inode(filp);

	switch (cmd) {
	case EXT4_IOC_GETFLAGS:
		return EXT4_I(inode)->i_flags;
	case EXT4_IOC_SHUTDOWN:
		EXT4_SB(inode->i_sb)->s_mount_flags |= EXT4_FLAGS_SHUTDOWN;
		return 0;
	default:
		return -ENOTTY;
	}
}

#ifdef CONFIG_COMPAT
long ext4_compat_ioctl(struct file *filp, unsigned int cmd,
		       unsigned long arg)
{
	return ext4_ioctl(filp, cmd, (u32)arg);
}
#endif
