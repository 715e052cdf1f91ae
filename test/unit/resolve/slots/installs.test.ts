import { beforeAll, expect, test } from 'vitest';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import { definitionsFrom } from '../../../../server/src/resolve/names/scope.ts';
import { installsOf, slotsHanded, tablesHanded } from '../../../../server/src/resolve/slots/installs.ts';
import { type Registered, slotAnswer } from '../../../../server/src/resolve/slots/slots.ts';
import { type IndexedTree, memoryTree, writtenTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await memoryTree(`
//@ include/linux/cdev.h
struct file;
struct file_operations { int (*open)(struct file *file); int (*read)(struct file *file); };
struct cdev { const struct file_operations *ops; int count; };
struct inode { const struct file_operations *i_fop; };
struct file { const struct file_operations *f_op; struct inode *inode; };
struct host_ops { void (*attach)(struct cdev *cdev, const struct file_operations *fops); };
#define fops_get(fops) ((fops) && try_get((fops)->open) ? (fops) : 0)
int try_get(void *p);
void cdev_init(struct cdev *cdev, const struct file_operations *fops);
void cdev_setup(struct cdev *cdev, const struct file_operations *fops);
const struct file_operations *pick(struct inode *inode);
//@ fs/char_dev.c
#include <linux/cdev.h>
void cdev_init(struct cdev *cdev, const struct file_operations *fops)
{
	cdev->count = 0;
	cdev->ops = fops;
}
void cdev_setup(struct cdev *cdev, const struct file_operations *fops)
{
	cdev_init(cdev, fops);
}
int chrdev_open(struct inode *inode, struct file *file)
{
	file->f_op = fops_get(inode->i_fop);
	return file->f_op->open(file);
}
int reopen(struct file *file, struct file *other)
{
	file->f_op = pick(file->inode);
	other->f_op = file->f_op;
	return 0;
}
const struct file_operations *pick(struct inode *inode)
{
	return inode->i_fop;
}
//@ drivers/a.c
#include <linux/cdev.h>
static int a_open(struct file *file) { return 0; }
static const struct file_operations a_fops = { .open = a_open };
static struct cdev a_cdev;
static int count;
void count_up(int *count);
void a_init(void)
{
	count_up(&count);
	cdev_setup(&a_cdev, &a_fops);
}
//@ drivers/b.c
#include <linux/cdev.h>
static int b_open(struct file *file) { return 1; }
/* of another file, and nobody hands it over */
static const struct file_operations a_fops = { .open = b_open };
static const struct file_operations b_fops = { .open = b_open };
void b_init(struct inode *inode, const struct host_ops *host, struct cdev *cdev)
{
	inode->i_fop = &b_fops;
	host->attach(cdev, &a_fops);
}
//@ drivers/host.c
#include <linux/cdev.h>
static void real_attach(struct cdev *cdev, const struct file_operations *fops) { cdev->ops = fops; }
const struct host_ops host_ops = { .attach = real_attach };
`);
});

const line = (r: Registered) =>
  `${r.target} -> ${r.owner}.${r.member} in ${r.function}${r.by ? ` by ${r.by}` : ''}, ${r.filePath}:${r.targetLine}`;
const into = (owner: string, member: string) =>
  tablesHanded({ index: tree.index, architecture: 'x86' }, owner, member, 'fs/char_dev.c').map(line).sort();

test('a table that is handed from function to function, and to what a slot holds', () => {
  expect(into('cdev', 'ops')).toEqual([
    'a_fops -> cdev.ops in a_init by cdev_setup, drivers/a.c:10',
    'a_fops -> cdev.ops in b_init by host_ops.attach, drivers/b.c:9',
  ]);
});

test('a table that is copied from member to member: behind a macro, out of a function', () => {
  expect(into('file', 'f_op')).toContain('b_fops -> inode.i_fop in b_init, drivers/b.c:8');
});

test('where a table ends up: of two of one name each by itself', () => {
  const ends = (file: string) => {
    const [table] = definitionsFrom({ index: tree.index, architecture: 'x86' }, 'a_fops', file, [NameKind.Variable]);
    return slotsHanded({ index: tree.index, architecture: 'x86' }, table, file).map(line);
  };
  expect(ends('drivers/a.c')).toEqual(['a_fops -> cdev.ops in a_init by cdev_setup, drivers/a.c:10']);
  expect(ends('drivers/b.c')).toEqual(['a_fops -> cdev.ops in b_init by host_ops.attach, drivers/b.c:9']);
});

test('installs of a function: by the name of its table, and by a call', () => {
  const { implementations } = slotAnswer(
    { index: tree.index, architecture: 'x86' },
    'file_operations',
    'open',
    'fs/char_dev.c',
  );
  const of = (name: string) =>
    implementations
      .filter((i) => i.name === name)
      .flatMap((i) =>
        i.registrations.flatMap((r) =>
          installsOf({ index: tree.index, architecture: 'x86' }, r, 'fs/char_dev.c').map(line),
        ),
      );
  expect(of('a_open')).toEqual(['a_fops -> cdev.ops in a_init by cdev_setup, drivers/a.c:10']);
  expect(of('b_open')).toContain('b_fops -> inode.i_fop in b_init, drivers/b.c:8');
});

test('nothing but tables and functions is followed', () => {
  expect(tree.index.flowsFrom({ kind: 'name', name: 'count' })).toEqual([]);
  expect(tree.index.flowsFrom({ kind: 'name', name: 'a_cdev' })).toEqual([]);
});

test('a call that registers a table, where no pointer is known to hold it; what takes it back is none', async () => {
  const { index } = await writtenTree(`
//@ include/linux/bus.h
struct drv { int (*probe)(int id); int (*remove)(int id); struct list_head *node; };
struct fs_type { const char *name; int flags; int (*mount)(int n); struct fs_type *next; int a; int b; int c; };
int __drv_register(struct drv *drv, void *owner);
void drv_unregister(struct drv *drv);
int register_fs(struct fs_type *type);
#define drv_register(drv) __drv_register(drv, 0)
#define module_drv(__drv) \\
	static int __drv##_init(void) { return drv_register(&(__drv)); } \\
	static void __drv##_exit(void) { drv_unregister(&(__drv)); }
//@ drivers/one.c
#include <linux/bus.h>
static int one_probe(int id) { return id; }
static struct drv one = { .probe = one_probe };
module_drv(one);
//@ drivers/two.c
#include <linux/bus.h>
static int two_probe(int id) { return id; }
static struct drv two = { .probe = two_probe };
static int two_mount(int n) { return n; }
static struct fs_type two_fs = { .name = "two", .mount = two_mount };
int two_start(void)
{
	register_fs(&two_fs);
	return drv_register(&two);
}
void two_stop(void) { drv_unregister(&two); }
`);
  const world = { index, architecture: 'x86' };
  const registered = (name: string, file: string) => {
    const [table] = definitionsFrom(world, name, file, [NameKind.Variable]);
    return slotsHanded(world, table, file).map((r) => `${r.by} in ${r.function}:${r.targetLine}`);
  };
  expect(registered('one', 'drivers/one.c')).toEqual(['module_drv in one_init:4']);
  expect(registered('two', 'drivers/two.c')).toEqual(['drv_register in two_start:9']);
  expect(registered('two_fs', 'drivers/two.c')).toEqual(['register_fs in two_start:8']);
});
