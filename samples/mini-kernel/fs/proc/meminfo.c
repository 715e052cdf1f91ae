// SPDX-License-Identifier: MIT
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/proc_fs.h>

static int meminfo_proc_show(struct seq_file *m, void *v)
{
	seq_printf(m, "MemTotal:       %8lu kB\n", 1UL << 10);
	seq_printf(m, "PageSize:       %8lu kB\n", PAGE_SIZE >> 10);
	return 0;
}

static int __init proc_meminfo_init(void)
{
	proc_create_single("meminfo", meminfo_proc_show);
	return 0;
}
fs_initcall(proc_meminfo_init);
