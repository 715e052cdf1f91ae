import { beforeAll, expect, test } from 'vitest';
import type { Location } from 'vscode-languageserver';
import type { Request } from '../../../../server/src/features/request.ts';
import { implementation } from '../../../../server/src/features/source/implementation.ts';
import { toEnd } from '../../../../server/src/resolve/steps.ts';
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
const implementations = (request: Request, line: number, column: number) =>
  toEnd(implementation(request, line, column));
const beside = { besideOther: true };

test('implementation: slot -> functions, struct -> tables', () => {
  expect(run(implementations, 'fault-dispatch')).toEqual([
    ...marked(tree, 'filemap_fault'),
    ...marked(tree, 'xfs_fault'),
  ]);
  expect(run(implementations, 'struct', beside)).toEqual(
    expect.arrayContaining([...marked(tree, 'ext4_vm_ops'), ...marked(tree, 'generic_vm_ops')]),
  );
  expect(run(implementations, 'struct').length).toBe(4);
  expect(run(implementations, 'ext4_vm_ops')).toContain(marked(tree, 'filemap_fault')[0]);
});
