import { beforeAll, expect, test } from 'vitest';
import type { CallHierarchyItem } from 'vscode-languageserver';
import { prepareCallHierarchy } from '../../../../server/src/features/source/callHierarchy.ts';
import { incomingCalls } from '../../../../server/src/features/source/hierarchy/incoming.ts';
import { outgoingCalls } from '../../../../server/src/features/source/hierarchy/outgoing.ts';
import { hover } from '../../../../server/src/features/source/hover/hover.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
import { askIn, type IndexedTree, indexTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: IndexedTree;

const MANY = Array.from({ length: 50 }, (_, i) => {
  const folder = i < 45 ? 'drivers/many' : `drivers/d${i}`;
  return `//@ ${folder}/f${i}.c
#include <linux/mm.h>
static void open_${i}(struct vm_area_struct *area) { }
static const struct vm_operations_struct ops_${i} = { .open = open_${i} };
`;
}).join('');

beforeAll(async () => {
  tree = await indexTree(`${VM_TREE}
//@ mm/local.c
#include <linux/mm.h>
int by_local(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	int (*handle)(struct vm_fault *vmf) = vma->vm_ops->fault;
	return handle(vmf);
//	       ^handle
}
//@ mm/memory.c
#include <linux/mm.h>
#define do_twice(f) (count_one(), count_one())
#ifdef CONFIG_CHECKED
#define lowest(a, b) checked(a, b)
#endif
#define checked(a, b) ((a) < (b) ? (a) : (b))
int count_one(void) { return 1; }
int apply(struct vm_fault *vmf, int (*each)(struct vm_fault *vmf)) { return each(vmf); }
//                                                                          ^each
static int each_fault(struct vm_fault *vmf) { return 0; }
//         ^each_fault
int __do_fault(struct vm_area_struct *vma, struct vm_fault *vmf)
//  ^do_fault
{
	count_one();
	do_twice(lowest(1, 2));
	lowest(3, 4);
	apply(vmf, each_fault);
	count_one();
	return vma->vm_ops->fault(vmf);
}
int opens(struct vm_area_struct *vma) { vma->vm_ops->open(vma); return 0; }
//                                                   ^open
${MANY}`);
});

const prepare = (mark: string): CallHierarchyItem => {
  const { file, line, column } = tree.at(mark);
  const items = prepareCallHierarchy(askIn(tree, file), line, column);
  if (items?.length !== 1) throw new Error(`${items?.length} items`);
  return items[0];
};
const view = () => askIn(tree, 'mm/memory.c');
const show = (item: CallHierarchyItem) => `${item.name} · ${item.detail}`;
const out = (item: CallHierarchyItem) => toEnd(outgoingCalls(view(), item));
const into = (item: CallHierarchyItem) => toEnd(incomingCalls(view(), item));

test('outgoing: functions and slots in the order of the text, then macros that get to a function; a slot opens into its functions', () => {
  const calls = out(prepare('do_fault'));
  expect(calls.map((c) => show(c.to))).toEqual([
    'count_one · mm/memory.c',
    'apply · mm/memory.c',
    '->fault · vm_operations_struct · 2 implementations',
    'do_twice · macro · mm/memory.c',
  ]);
  // both calls of one function, at the name
  expect(calls[0].fromRanges.map((r) => [r.start.line, r.start.character, r.end.character])).toEqual([
    [14, 1, 10],
    [18, 1, 10],
  ]);
  expect(out(calls[3].to).map((c) => c.to.name)).toEqual(['count_one']);
  // the table that is put into vm_ops comes first, as in a hover there
  expect(out(calls[2].to).map((c) => show(c.to))).toEqual([
    'filemap_fault · ext4_vm_ops, generic_vm_ops · mm/filemap.c',
    'xfs_fault · xfs_vm_ops · fs/xfs/file.c',
  ]);
});

test('incoming: the slot that a function stands in, then who calls through it', () => {
  const slots = into(prepare('xfs_fault'));
  expect(slots.map((c) => show(c.from))).toEqual(['->fault · vm_operations_struct · xfs_vm_ops']);
  const callers = into(slots[0].from);
  expect(callers.map((c) => c.from.name).sort()).toEqual(['__do_fault', 'by_local', 'ext4_mmap']);
  const own = callers.find((c) => c.from.name === 'ext4_mmap');
  const { line, column } = tree.at('fault-dispatch');
  expect(own?.fromRanges).toEqual([
    { start: { line: line - 1, character: column - 1 }, end: { line: line - 1, character: column + 4 } },
  ]);
});

test('incoming: what hands a function on, and to whom', () => {
  expect(into(prepare('each_fault')).map((c) => show(c.from))).toEqual([
    '__do_fault · hands it to apply · mm/memory.c',
  ]);
});

test('a local that is taken out of a member is that slot', () => {
  const slot = prepare('handle');
  expect(show(slot)).toMatch(/^->fault · vm_operations_struct · 2 implementations/);
  expect(out(slot).map((c) => c.to.name)).toEqual(['filemap_fault', 'xfs_fault']);
});

test('a pointer that is called opens into what it was handed', () => {
  const [apply] = out(prepare('do_fault')).filter((c) => c.to.name === 'apply');
  const [each] = out(apply.to);
  expect(show(each.to)).toBe('(*each) · pointer in apply');
  expect(out(each.to).map((c) => c.to.name)).toEqual(['each_fault']);
});

test('a slot that many functions stand in opens by folder', () => {
  const slot = prepare('open');
  expect(show(slot)).toBe('->open · vm_operations_struct · 50 implementations');
  const folders = out(slot).map((c) => c.to);
  expect(folders).toHaveLength(6);
  expect(show(folders[0])).toBe('drivers/many · ->open · 45 implementations');
  expect(out(folders[0])).toHaveLength(45);
});

test('hover: how a function is reached', () => {
  const text = (mark: string) => {
    const { file, line, column } = tree.at(mark);
    return (hover(askIn(tree, file), line, column)?.contents as { value: string } | undefined)?.value ?? '';
  };
  expect(text('each_fault')).toContain('handed to `apply`');
  expect(text('do_fault')).not.toContain('Called');
});
