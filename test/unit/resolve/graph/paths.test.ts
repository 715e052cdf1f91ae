import { beforeAll, expect, test } from 'vitest';
import { nodesNamed } from '../../../../server/src/resolve/graph/named.ts';
import { nodeName, openGraph } from '../../../../server/src/resolve/graph/nodes.ts';
import { findPaths } from '../../../../server/src/resolve/graph/paths.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`
//@ include/linux/fs.h
struct file;
struct file_operations { int (*read)(struct file *f); };
struct file { const struct file_operations *f_op; int (*readahead)(struct file *f); };
int filemap_read(struct file *f);
int generic_file_read(struct file *f);
//@ fs/read_write.c
#include <linux/fs.h>
int kernel_read(struct file *f) { return f->f_op->read(f); }
//@ mm/filemap.c
#include <linux/fs.h>
int filemap_read(struct file *f) { return f->readahead(f); }
int generic_file_read(struct file *f) { return filemap_read(f); }
//@ block/fops.c
#include <linux/fs.h>
static int blkdev_read(struct file *f) { return filemap_read(f); }
const struct file_operations def_blk_fops = { .read = blkdev_read };
//@ fs/xfs/file.c
#include <linux/fs.h>
static int xfs_read(struct file *f) { return filemap_read(f); }
const struct file_operations xfs_fops = { .read = xfs_read };
//@ fs/ext4/file.c
#include <linux/fs.h>
static int ext4_readahead(struct file *f) { return 0; }
static int ext4_read(struct file *f)
{
	f->readahead = ext4_readahead;
	return generic_file_read(f);
}
const struct file_operations ext4_fops = { .read = ext4_read };
`);
});

function chain(from: string, to: string, context: string[] = []): string[] {
  const [start, end] = [from, to].map((name) => nodesNamed({ index: tree.index, architecture: 'x86' }, name)[0]);
  if (!start || !end) throw new Error('no such function');
  const { found } = findPaths(openGraph({ index: tree.index, architecture: 'x86' }), [start], [end], {
    max: 1,
    context,
    timeLimit: 5000,
  });
  return (found[0]?.edges ?? []).map((e) => nodeName(e.to));
}

test('a chain that ends in a filesystem goes through its own tables, though others would be shorter', () => {
  expect(chain('kernel_read', 'ext4_readahead')).toEqual([
    'file_operations.read',
    'ext4_read',
    'generic_file_read',
    'filemap_read',
    'file.readahead',
    'ext4_readahead',
  ]);
});

test('one that ends in what all share takes the shared table, or that of the context', () => {
  expect(chain('kernel_read', 'filemap_read')).toEqual(['file_operations.read', 'blkdev_read', 'filemap_read']);
  expect(chain('kernel_read', 'filemap_read', ['xfs'])).toEqual(['file_operations.read', 'xfs_read', 'filemap_read']);
});
