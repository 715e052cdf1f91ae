/** A tree for most tests of features: two file systems, a forwarder, an architecture, a tool. */
export const VM_TREE = `
//@ include/linux/mm.h
#define container_of(ptr, type, member) ((type *)((char *)(ptr) - 0))
struct vm_fault { int flags; };
struct vm_area_struct;
/**
 * struct vm_operations_struct - what an area can do
 * @open: called on fork
 * @fault: find the page of a fault
 */
struct vm_operations_struct {
//     ^struct
	void (*open)(struct vm_area_struct *area);
	int (*fault)(struct vm_fault *vmf);
	//    ^fault-member
	union {
		int (*mkwrite)(struct vm_fault *vmf);
		long cookie;
	};
};
struct vm_area_struct {
	unsigned long start;
	const struct vm_operations_struct *vm_ops;
	struct vm_operations_struct own;
};
int filemap_fault(struct vm_fault *vmf);
struct vm_area_struct *find_vma(int n);

//@ mm/filemap.c
#include <linux/mm.h>
int filemap_fault(struct vm_fault *vmf)
//  ^filemap_fault
{
	return 0;
}
static const struct vm_operations_struct generic_vm_ops = {
//                                       ^generic_vm_ops
	.fault = filemap_fault,
	//       ^fault-registration
};

//@ fs/ext4/file.c
#include <linux/mm.h>
static int ext4_mkwrite(struct vm_fault *vmf)
{
	return 0;
}
static const struct vm_operations_struct ext4_vm_ops = {
//                                       ^ext4_vm_ops
	.fault = filemap_fault,
	// ^fault-slot
	//       ^fault-registration
#ifdef CONFIG_MKWRITE
	.mkwrite = ext4_mkwrite,
#endif
};
static int ext4_mmap(struct vm_area_struct *vma, int dax)
{
	if (!dax)
		vma->vm_ops = &ext4_vm_ops;
		//             ^install
	return vma->vm_ops->fault(0);
	//                  ^fault-dispatch
}

//@ fs/xfs/file.c
#include <linux/mm.h>
static int xfs_fault(struct vm_fault *vmf)
//         ^xfs_fault
{
	return 0;
}
static const struct vm_operations_struct xfs_vm_ops = {
	.fault = xfs_fault,
	//       ^fault-registration
};

//@ arch/arm64/mm/fault.c
#include <linux/mm.h>
static int arm_fault(struct vm_fault *vmf)
{
	return 0;
}
static const struct vm_operations_struct arm_vm_ops = { .fault = arm_fault };

//@ tools/testing/vm.c
#include <linux/mm.h>
static int test_fault(struct vm_fault *vmf)
{
	return 0;
}
static const struct vm_operations_struct test_vm_ops = { .fault = test_fault };
`;
