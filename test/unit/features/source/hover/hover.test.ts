import { beforeAll, describe, expect, test } from 'vitest';
import type { Request } from '../../../../../server/src/features/request.ts';
import { hover } from '../../../../../server/src/features/source/hover/hover.ts';
import { askIn, type IndexedTree, indexTree } from '../../../support/marked.ts';
import { VM_TREE } from '../../../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  const drivers = Array.from(
    { length: 60 },
    (_, n) => `
//@ drivers/d${n % 20}/d${n}.c
#include <linux/mm.h>
static int open_${n}(struct wide *w) { return 0; }
static const struct wide wide_${n} = { .open = open_${n} };
`,
  ).join('');
  tree = await indexTree(`${VM_TREE}
//@ include/linux/wide.h
struct wide { int (*open)(struct wide *w); };
//                   ^wide-open
//     ^wide
${drivers}
//@ fs/dispatch.c
#include <linux/mm.h>
int do_read_fault(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	return vma->vm_ops->fault(vmf);
	//                  ^checked-dispatch
}
int do_fault(struct vm_area_struct *vma, struct vm_fault *vmf)
{
	if (!vma->vm_ops->fault) {
		vmf->flags = 7;
		return 1;
	}
	return do_read_fault(vma, vmf);
}
//@ fs/plain.c
#include <linux/mm.h>
static int plain_function(struct vm_area_struct *vma, char *name, ...)
//         ^plain-function
{
	int local[2];
	return unknown->fault(local);
	//              ^unknown-slot
	//                    ^local
}
struct plain { int a; };
//     ^plain-struct
static int plain_variable;
//         ^plain-variable
`);
});

/** The hover at a mark, its links shortened to what they show. */
const at = (name: string, more: Partial<Request> = {}): string | undefined => {
  const { file, line, column } = tree.at(name);
  const contents = hover(askIn(tree, file, more), line, column)?.contents as { value: string } | undefined;
  return contents?.value.replace(/\]\(file:[^)]*\)/g, ']').replace(/\\/g, '');
};

test('a table: slots, functions, conditions, unset slots, installs', () => {
  expect(at('ext4_vm_ops')).toMatchInlineSnapshot(`
    "**ext4_vm_ops** · \`const struct vm_operations_struct\` · 2 slots set

    | slot | function | in | condition |
    | :-- | :-- | :-- | :-- |
    | \`.fault\` | [\`filemap_fault\`] | [mm/filemap.c:2] |  |
    | \`.mkwrite\` | [\`ext4_mkwrite\`] | line 2 | \`CONFIG_MKWRITE\` |

    1 more slot unset: open

    Installed in 1 place 
    - \`vm_area_struct.vm_ops\` in [\`ext4_mmap\`] · [fs/ext4/file.c:18] · if \`!dax\`"
  `);
});

test('links lead to the function', () => {
  const { file, line, column } = tree.at('ext4_vm_ops');
  const contents = hover(askIn(tree, file), line, column)?.contents as { value: string };
  expect(contents.value).toContain(
    `[\`filemap_fault\`](file://${tree.root}/mm/filemap.c#L${tree.at('filemap_fault').line})`,
  );
});

test('a slot: signature, kernel-doc, functions with their tables', () => {
  expect(at('fault-slot')).toMatchInlineSnapshot(`
    "**vm_operations_struct.fault** · [include/linux/mm.h:12]

    \`\`\`c
    int (*fault)(struct vm_fault *vmf);
    \`\`\`

    find the page of a fault

    **2 functions** + 1 in other architectures, 1 in other programs of the tree

    | function | table · installed in | in |
    | :-- | :-- | :-- |
    | [\`filemap_fault\`] | [\`ext4_vm_ops\`] + 1 · [\`ext4_mmap\`] | [mm/filemap.c] |
    | [\`xfs_fault\`] | [\`xfs_vm_ops\`] | [fs/xfs/file.c] |

    **Called** in 2 places: [\`ext4_mmap\`] · [\`do_read_fault\`]"
  `);
  // a dispatch tells, too, which of them are put into the pointer that it reads
  const there = ' · 1 put into vm_area_struct.vm_ops, the others not seen put there';
  expect(at('fault-dispatch')).toContain(`**2 functions**${there} +`);
  expect(at('fault-dispatch')?.replace(there, '')).toBe(at('fault-slot'));
});

test('a dispatch: where the nearest tables are installed, and what runs without one', () => {
  const text = at('checked-dispatch');
  expect(text).toContain('Without one: `vmf->flags = 7` · [`do_fault`]');
  const near = at('fault-dispatch');
  expect(near).toContain('| function | table · installed in | in |');
  expect(near).toContain('| [`filemap_fault`] | [`ext4_vm_ops`] + 1 · [`ext4_mmap`] | [mm/filemap.c] |');
  expect(near).not.toContain('Without one');
});

test('a slot whose struct is not known says so', () => {
  expect(at('unknown-slot')).toContain('The struct is not known here: by member name alone.');
  expect(at('unknown-slot', { besideOther: true })).toBeUndefined();
});

test('a registered function: its slots', () => {
  expect(at('filemap_fault')).toMatchInlineSnapshot(`
    "**filemap_fault** · [mm/filemap.c:2]

    \`\`\`c
    int filemap_fault(struct vm_fault *vmf)
    \`\`\`

    **Registered** in 2 places 

    | slot | table | in |
    | :-- | :-- | :-- |
    | \`vm_operations_struct.fault\` | [\`generic_vm_ops\`] | [mm/filemap.c:9] |
    | \`vm_operations_struct.fault\` | [\`ext4_vm_ops\`] | [fs/ext4/file.c:8] |"
  `);
});

test('a struct type: its slots and its tables by folder', () => {
  expect(at('struct')).toMatchInlineSnapshot(`
    "**struct vm_operations_struct** · [include/linux/mm.h:9]

    what an area can do

    3 slots: open, fault, mkwrite

    **3 tables** + 1 in other architectures, 1 in other programs of the tree

    | in | tables | nearest |
    | :-- | :-- | :-- |
    | fs/ext4/ | 1 | [\`ext4_vm_ops\`] |
    | fs/xfs/ | 1 | [\`xfs_vm_ops\`] |
    | mm/ | 1 | [\`generic_vm_ops\`] |"
  `);
});

test('a wide fan-out is a summary', () => {
  const slot = at('wide-open') ?? '';
  expect(slot).toContain('**60 functions**');
  expect(slot).toContain('52 more functions: ');
  expect(slot.split('\n').length).toBeLessThan(25);
  expect((at('wide') ?? '').split('\n').length).toBeLessThan(25);
});

describe('plain C', () => {
  test.each([
    ['plain-function', 'static int plain_function(struct vm_area_struct *vma, char *name, ...)'],
    ['plain-variable', 'static int plain_variable;'],
    ['plain-struct', '**struct plain**'],
    ['local', 'int local[2]'],
  ])('%s', (name, expected) => {
    expect(at(name)).toContain(expected);
    expect(at(name, { besideOther: true })).toBeUndefined();
  });
});

test('beside another server, what function pointers need is answered', () => {
  for (const name of ['ext4_vm_ops', 'fault-slot', 'filemap_fault', 'struct'])
    expect(at(name, { besideOther: true })).toBeTruthy();
  expect(at('filemap_fault', { besideOther: true })).not.toContain('```');
});

test('a partial answer says so', () => {
  expect(at('ext4_vm_ops', { partial: 'The index is being built: 40 %.' })).toMatch(
    /_The index is being built: 40 %\._$/,
  );
});
