import { beforeAll, describe, expect, test } from 'vitest';
import { type Entity, entityAt } from '../../../../server/src/resolve/cursor/cursor.ts';
import { textView } from '../../../../server/src/resolve/cursor/textView.ts';
import { askIn, type IndexedTree, memoryTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await memoryTree(`${VM_TREE}
//@ fs/cursor.c
#include <linux/mm.h>
struct box { struct vm_operations_struct ops; struct vm_area_struct *areas[4]; int (*bare)(int); };
#define READ_ONCE(x) (x)
static struct vm_area_struct *area_of(struct box *b);
static int fn(struct vm_fault *vmf)
{
	return 0;
}
static struct box nested = {
	.ops = { .fault = fn },
	//        ^designator-nested
	.ops.open = 0,
	//   ^designator-chained
	.bare = 0,
	// ^designator-bare
};
static struct vm_operations_struct array[] = {
	[1] = { .fault = fn },
	//       ^designator-array
	[2].mkwrite = fn,
	//  ^designator-index
};
static struct vm_operations_struct gnu = {
	fault: fn,
	// ^designator-gnu
};
static int body(struct vm_area_struct *vma, struct box *box, void *opaque, int unknown_type)
{
	struct vm_operations_struct *ops = (struct vm_operations_struct *)vma->vm_ops;
	struct vm_operations_struct local = { .fault = fn, .cookie = 1 };
	//                                                  ^designator-local
	int n = 1;
	*ops = (struct vm_operations_struct){ .fault = fn };
	//                                     ^designator-literal
	vma->vm_ops->fault(0);
	//           ^receiver-parameter
	ops->fault = fn;
	//   ^receiver-local
	box->ops.fault(0);
	//       ^receiver-field
	box->areas[n + 1]->vm_ops->fault(0);
	//                         ^receiver-array
	area_of(box)->own.fault(0);
	//                ^receiver-call
	find_vma(3)->own.fault(0);
	//               ^receiver-prototype
	((struct vm_area_struct *)opaque)->own.fault(0);
	//                                     ^receiver-cast
	container_of(opaque, struct box, ops)->ops.fault(0);
	//                                         ^receiver-container
	READ_ONCE(vma->vm_ops)->fault(0);
	//                      ^receiver-wrapper
	(*ops).fault(0);
	//     ^receiver-star
	(n ? ops : 0)->fault(0);
	//             ^receiver-choice
	if (ops->mkwrite)
	//       ^receiver-unnamed-union
		return 1;
	if (n) {
		struct box *ops = box;
		ops->bare(1);
		//   ^receiver-shadowing
	}
	ops->open(vma);
	//   ^receiver-behind-the-block
	nobody_knows(opaque)->fault(0);
	//                    ^receiver-unknown
	return fn(0) + ext4_something(local.cookie);
	//     ^a-function
	//             ^a-stranger
}
struct box boxes[2];
//     ^a-tag
`);
});

function describeThing(entity: Entity | null): string {
  switch (entity?.kind) {
    case 'slot':
      return `${entity.owner || '?'}.${entity.member} ${entity.evidence}`;
    case 'variable':
    case 'function':
      return `${entity.kind} ${entity.definition.file}:${entity.definition.line}`;
    case 'record':
      return `struct ${entity.tag} ${entity.definition?.file}`;
    case 'local':
      return `local ${entity.type.text}`;
    default:
      return entity?.kind ?? 'nothing';
  }
}

const here = (name: string): string => {
  const { file, line, column } = tree.at(name);
  return describeThing(entityAt({ index: tree.index, architecture: 'x86' }, askIn(tree, file).file, line, column));
};

describe('a slot in an initialiser', () => {
  test.each([
    ['designator-nested', 'vm_operations_struct.fault typed'],
    ['designator-chained', 'vm_operations_struct.open typed'],
    ['designator-bare', 'box.bare typed'],
    ['designator-array', 'vm_operations_struct.fault typed'],
    ['designator-index', 'vm_operations_struct.mkwrite typed'],
    ['designator-gnu', 'vm_operations_struct.fault typed'],
    ['designator-local', 'vm_operations_struct.cookie typed'],
    ['designator-literal', 'vm_operations_struct.fault typed'],
  ])('%s', (name, expected) => expect(here(name)).toBe(expected));
});

describe("a member's struct is that of its receiver", () => {
  test.each([
    ['receiver-parameter', 'vm_operations_struct.fault typed'],
    ['receiver-local', 'vm_operations_struct.fault typed'],
    ['receiver-field', 'vm_operations_struct.fault typed'],
    ['receiver-array', 'vm_operations_struct.fault typed'],
    ['receiver-call', 'vm_operations_struct.fault typed'],
    ['receiver-prototype', 'vm_operations_struct.fault typed'],
    ['receiver-cast', 'vm_operations_struct.fault typed'],
    ['receiver-container', 'vm_operations_struct.fault typed'],
    ['receiver-wrapper', 'vm_operations_struct.fault typed'],
    ['receiver-star', 'vm_operations_struct.fault typed'],
    ['receiver-choice', 'vm_operations_struct.fault typed'],
    ['receiver-unnamed-union', 'vm_operations_struct.mkwrite typed'],
    ['receiver-shadowing', 'box.bare typed'],
    ['receiver-behind-the-block', 'vm_operations_struct.open typed'],
    ['receiver-unknown', '?.fault name'],
  ])('%s', (name, expected) => expect(here(name)).toBe(expected));
});

test('names, tags, and what nobody defines', () => {
  expect(here('a-function')).toMatch(/^function fs\/cursor.c:/);
  expect(here('a-tag')).toBe('struct box fs/cursor.c');
  expect(here('a-stranger')).toBe('nothing');
  expect(here('struct')).toBe('struct vm_operations_struct include/linux/mm.h');
  expect(here('fault-member')).toBe('vm_operations_struct.fault typed');
  expect(here('ext4_vm_ops')).toMatch(/^variable fs\/ext4\/file.c:/);
});

test('any place of any text is answered', () => {
  const broken = 'struct x ops = { .a = { .b = ((( \n x->y->z ? : \n #define Q struct ';
  for (let line = 1; line <= 4; line++)
    for (let column = 1; column < 40; column++)
      expect(() =>
        entityAt(
          { index: tree.index, architecture: 'x86' },
          { path: 'fs/new.c', text: textView(broken), facts: null },
          line,
          column,
        ),
      ).not.toThrow();
});
