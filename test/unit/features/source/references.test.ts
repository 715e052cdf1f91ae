import { beforeAll, expect, test } from 'vitest';
import type { Location } from 'vscode-languageserver';
import type { Request } from '../../../../server/src/features/request.ts';
import { references } from '../../../../server/src/features/source/references.ts';
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
const allReferences = (request: Request, line: number, column: number) =>
  toEnd(references(request, line, column, false));
const beside = { besideOther: true };

test('references: calls and registrations of a slot, registrations of a function, installs of a table', () => {
  const registrations = [...marked(tree, 'fault-registration'), ...marked(tree, 'use')].sort();
  // the marks of a dispatch stand under the member's name
  const calls = marked(tree, 'fault-dispatch');
  expect(run(allReferences, 'fault-slot', beside).sort()).toEqual([...registrations, ...calls].sort());
  expect(run(allReferences, 'filemap_fault').sort()).toEqual(registrations.filter((p) => !p.startsWith('fs/xfs/')));
  expect(run(allReferences, 'filemap_fault', beside)).toEqual([]);
  expect(run(allReferences, 'ext4_vm_ops')).toEqual(marked(tree, 'install'));
  expect(run((a, l, c) => toEnd(references(a, l, c, true)), 'ext4_vm_ops')).toEqual([
    ...marked(tree, 'ext4_vm_ops'),
    ...marked(tree, 'install'),
  ]);
});
