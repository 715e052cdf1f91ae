/** A tree for backtraces and patches: inlines, slots, jumps, macros, assembly, two modules, two architectures. */
export const TRACE_TREE = `
//@ include/linux/fs.h
struct file;
struct kref { int n; };
struct file_operations {
	long (*read)(struct file *f, char *buf);
	long (*poke)(struct file *f);
};
struct file { const struct file_operations *f_op; struct kref ref; };
#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
#define WITH_LOCK(f, what) do { lock_file(f); what; } while (0)
static inline long call_read(struct file *f, char *buf)
{
	return f->f_op->read(f, buf);
	//              ^call_read
}
static inline int kref_put(struct kref *ref, void (*release)(struct kref *ref))
{
	if (--ref->n == 0) {
		release(ref);
		//      ^kref_put
		return 1;
	}
	return 0;
}
long vfs_read(struct file *f, char *buf);
void lock_file(struct file *f);
void wait_here(void);
long count_up(struct file *f);

//@ include/trace/events/files.h
TRACE_EVENT(file_read,
//^event
	TP_PROTO(struct file *f),
	TP_ARGS(f)
);

//@ fs/read_write.c
#include <linux/fs.h>
static long new_sync_read(struct file *f, char *buf)
{
	long r;

	r = call_read(f, buf);
	//            ^new_sync_read
	lock_file(f);
	return r;
}
long vfs_read(struct file *f, char *buf)
//   ^vfs_read-def
{
	long r;

	if (!f->f_op)
		return -1;
	r = new_sync_read(f, buf);
	//                ^vfs_read
	lock_file(f);
	return r;
}
long count_up(struct file *f)
{
	return f->ref.n;
}
long ksys_read(int fd, char *buf)
{
	struct file *f = find_file(fd);
	long r = vfs_read(f, buf);
	//                ^ksys_read

	lock_file(f);
	return r;
}
#define SYSCALL_DEFINE1(name, t, a) \\
	static inline long __do_sys_##name(t a); \\
	long __x64_sys_##name(long *regs) { return __do_sys_##name((t)regs[0]); } \\
	static inline long __do_sys_##name(t a)
SYSCALL_DEFINE1(read, int, fd)
{
	return ksys_read(fd, 0);
}

//@ fs/open.c
#include <linux/fs.h>
static void file_release(struct kref *ref)
{
	wait_here();
	//        ^file_release
	lock_file(0);
}
void twice(struct file *f)
{
	wait_here();
	//        ^twice-first
	count_up(f);
	count_up(f);
	count_up(f);
	wait_here();
	//        ^twice-second
	lock_file(f);
}
void put_file(struct file *f)
{
	kref_put(&f->ref, file_release);
	//                ^put_file
	lock_file(f);
}
void in_macro(struct file *f)
{
	WITH_LOCK(f,
	//        ^in_macro
		wait_here());
	lock_file(f);
}
long by_jump(struct file *f)
{
	long r = jump_on(f);
	//               ^by_jump
	lock_file(f);
	return r;
}
void fires(struct file *f)
{
	trace_file_read(f);
	//              ^fires
	lock_file(f);
}

//@ fs/jump.c
#include <linux/fs.h>
long jump_on(struct file *f)
{
	lock_file(f);
	return count_up(f);
}

//@ fs/myfs/Makefile
obj-$(CONFIG_MYFS) += my-fs.o
my-fs-y := file.o \\
	   util.o

//@ fs/myfs/file.c
#include <linux/fs.h>
static long my_read(struct file *f, char *buf)
{
	helper(f);
	//     ^my_read
	return 0;
}
static long my_poke(struct file *f)
{
	return 0;
}
const struct file_operations my_fops = {
	.read = my_read,
	.poke = my_poke,
};

//@ fs/myfs/util.c
#include <linux/fs.h>
void helper(struct file *f)
//   ^helper-myfs
{
	lock_file(f);
}

//@ fs/other/Makefile
obj-m += other.o

//@ fs/other/other.c
#include <linux/fs.h>
void helper(struct file *f)
//   ^helper-other
{
	count_up(f);
	lock_file(f);
}

//@ arch/x86/entry/entry_64.S
SYM_CODE_START(entry_call)
	pushq %rax
	call	do_entry
	//      ^entry
	ret
SYM_CODE_END(entry_call)

//@ arch/x86/entry/common.c
void do_entry(void)
//   ^entry-x86
{
}

//@ arch/arm64/kernel/entry-common.c
void do_entry(void)
//   ^entry-arm64
{
}
`;
