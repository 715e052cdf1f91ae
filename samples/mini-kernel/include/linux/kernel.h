/* SPDX-License-Identifier: MIT */
#ifndef _LINUX_KERNEL_H
#define _LINUX_KERNEL_H

#include <linux/err.h>
#include <linux/types.h>

#define offsetof(type, member)	__builtin_offsetof(type, member)

/* From a member back to the structure that holds it. */
#define container_of(ptr, type, member) ({				\
	const typeof(((type *)0)->member) *__member = (ptr);		\
	(type *)((char *)__member - offsetof(type, member)); })

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define DIV_ROUND_UP(n, unit)	(((n) + (unit) - 1) / (unit))
#define min_t(type, a, b)	((type)(a) < (type)(b) ? (type)(a) : (type)(b))

#define BUG()			__builtin_trap()
#define BUG_ON(cond)		do { if (unlikely(cond)) BUG(); } while (0)
#define WARN_ON_ONCE(cond) ({						\
	bool __bad = !!(cond);						\
	if (unlikely(__bad))						\
		dump_stack();						\
	__bad; })

#define KERN_ALERT		"\0011"
#define KERN_INFO		"\0016"
#define pr_alert(fmt, ...)	printk(KERN_ALERT fmt, ##__VA_ARGS__)
#define pr_info(fmt, ...)	printk(KERN_INFO fmt, ##__VA_ARGS__)

__printf(1, 2) int printk(const char *fmt, ...);
__printf(2, 3) int sysfs_emit(char *buf, const char *fmt, ...);
__printf(3, 4) int snprintf(char *buf, size_t size, const char *fmt, ...);

typedef __builtin_va_list va_list;
#define va_start(args, last)	__builtin_va_start(args, last)
#define va_end(args)		__builtin_va_end(args)
int vsnprintf(char *buf, size_t size, const char *fmt, va_list args);
int kstrtoint(const char *s, unsigned int base, int *res);

void *memcpy(void *to, const void *from, size_t len);
void *memset(void *to, int byte, size_t len);
int memcmp(const void *a, const void *b, size_t len);
size_t strlen(const char *s);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t len);

/* lib/ */
void dump_stack(void);
void show_stack(const char *loglvl);
void sort(void *base, size_t num, size_t size,
	  cmp_func_t cmp_func, swap_func_t swap_func);

/* kernel/rcu/tiny.c */
void call_rcu(struct rcu_head *head, rcu_callback_t func);
void rcu_process_callbacks(void);
#define rcu_dereference(p)	READ_ONCE(p)
#define rcu_assign_pointer(p, v) WRITE_ONCE(p, v)

#define typeof_member(type, member)	typeof(((type *)0)->member)

/* One object per processor; this sample has a single one. */
#define DECLARE_PER_CPU(type, name)	extern typeof(type) name
#define DEFINE_PER_CPU(type, name)	typeof(type) name
#define per_cpu_ptr(ptr, cpu)		({ (void)(cpu); (ptr); })
#define this_cpu_ptr(ptr)		per_cpu_ptr(ptr, 0)
#define this_cpu_read(var)		(*this_cpu_ptr(&(var)))

#endif
