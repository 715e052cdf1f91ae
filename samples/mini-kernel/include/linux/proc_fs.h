/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_PROC_FS_H
#define _LINUX_PROC_FS_H

#include <linux/seq_file.h>

/**
 * struct proc_ops - file_operations, as far as /proc needs them
 * @proc_open: as &file_operations.open
 * @proc_read: as &file_operations.read
 * @proc_write: as &file_operations.write
 * @proc_release: as &file_operations.release
 */
struct proc_ops {
	int (*proc_open)(struct inode *inode, struct file *file);
	ssize_t (*proc_read)(struct file *file, char __user *buf,
			     size_t size, loff_t *pos);
	ssize_t (*proc_write)(struct file *file, const char __user *buf,
			      size_t size, loff_t *pos);
	int (*proc_release)(struct inode *inode, struct file *file);
};

struct proc_dir_entry {
	const char *name;
	struct list_head list;
	const struct proc_ops *proc_ops;
	union {
		const struct seq_operations *seq_ops;
		int (*single_show)(struct seq_file *m, void *v);
	};
	void *data;
};

struct proc_dir_entry *proc_create_data(const char *name,
					const struct proc_ops *proc_ops,
					void *data);
struct proc_dir_entry *proc_create_seq(const char *name,
				       const struct seq_operations *ops);
struct proc_dir_entry *
proc_create_single(const char *name, int (*show)(struct seq_file *, void *));

#endif
