import { beforeAll, expect, test } from 'vitest';
import type { Location } from 'vscode-languageserver';
import type { Request } from '../../../../server/src/features/request.ts';
import { declaration, definition } from '../../../../server/src/features/source/definition.ts';
import { askIn, type IndexedTree, indexTree, marked, placesOf } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(`${VM_TREE}
//@ fs/use.c
#include <linux/mm.h>
static const struct vm_operations_struct use_ops = {
	.fault = filemap_fault,
	//       ^use
};
`);
});

const run = (
  feature: (request: Request, line: number, column: number) => Location[],
  name: string,
  more: Partial<Request> = {},
): string[] => {
  const { file, line, column } = tree.at(name);
  return placesOf(tree, feature(askIn(tree, file, more), line, column));
};
const beside = { besideOther: true };

test('definition: a slot leads to its member, also beside another server', () => {
  expect(run(definition, 'fault-slot')).toEqual(marked(tree, 'fault-member'));
  expect(run(definition, 'fault-dispatch', beside)).toEqual(marked(tree, 'fault-member'));
});

test('definition: a function in an initialiser leads to its body, not to its prototype', () => {
  expect(run(definition, 'use')).toEqual(marked(tree, 'filemap_fault'));
  expect(run(definition, 'use', beside)).toEqual([]);
  expect(run(declaration, 'use')).toEqual([expect.stringMatching(/^include\/linux\/mm.h:/)]);
});

test("definition: a table's use leads to the table, a tag to the struct", () => {
  expect(run(definition, 'install')).toEqual(marked(tree, 'ext4_vm_ops'));
  expect(run(definition, 'struct')).toEqual(marked(tree, 'struct'));
});
