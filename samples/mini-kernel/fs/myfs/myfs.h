/* SPDX-License-Identifier: MIT */
#ifndef _MYFS_H
#define _MYFS_H

#include <linux/pagemap.h>

extern const struct file_operations myfs_file_operations;
extern const struct address_space_operations myfs_aops;

#endif
