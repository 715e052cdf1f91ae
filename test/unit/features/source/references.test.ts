import { beforeAll, expect, test } from 'vitest';
import type { Location } from 'vscode-languageserver';
import type { Request } from '../../../../server/src/features/request.ts';
import { MOST_LOCATIONS, references } from '../../../../server/src/features/source/references.ts';
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
static const struct vm_operations_struct plain_ops = { 0, filemap_fault };
//                                                        ^positional
int use_it(struct vm_fault *vmf)
{
	return filemap_fault(vmf);
	//     ^call
}
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
const used = (request: Request, line: number, column: number) => toEnd(references(request, line, column, false));
const all = (request: Request, line: number, column: number) => toEnd(references(request, line, column, true));
const beside = { besideOther: true };

test('a function: calls and registrations; its declarations where they are wanted', () => {
  const uses = [
    ...marked(tree, 'fault-registration').filter((p) => !p.startsWith('fs/xfs/')),
    ...['use', 'positional', 'call'].flatMap((name) => marked(tree, name)),
  ].sort();
  expect(run(used, 'filemap_fault').sort()).toEqual(uses);
  expect(run(all, 'filemap_fault').sort()).toEqual(
    [...uses, ...marked(tree, 'filemap_fault'), 'include/linux/mm.h:24:5'].sort(),
  );
});

test('a slot: each place that names it, and registrations that do not', () => {
  const places = run(all, 'fault-member');
  for (const mark of ['fault-dispatch', 'fault-member', 'positional'])
    expect(places).toEqual(expect.arrayContaining(marked(tree, mark)));
  expect(places.filter((p) => p.startsWith('arch/') || p.startsWith('tools/'))).toEqual([]);
  expect(places).toHaveLength(7);
});

test('a table, a type, a local: wherever they are asked for', () => {
  expect(run(all, 'ext4_vm_ops')).toEqual([...marked(tree, 'ext4_vm_ops'), ...marked(tree, 'install')]);
  expect(run(used, 'struct')).toHaveLength(7);
});

test('beside another server: calls and registrations of a slot, and nothing of plain C', () => {
  const registrations = [...marked(tree, 'fault-registration'), ...marked(tree, 'use'), ...marked(tree, 'positional')];
  // the marks of a dispatch stand under the member's name
  const calls = marked(tree, 'fault-dispatch');
  expect(run(used, 'fault-slot', beside).sort()).toEqual([...registrations, ...calls].sort());
  expect(run(used, 'filemap_fault', beside)).toEqual([]);
});

test('partial results: what is found is told at once, and the answer is empty then', () => {
  const { file, line, column } = tree.at('filemap_fault');
  const told: Location[] = [];
  const answer = toEnd(references(askIn(tree, file), line, column, true, (found) => told.push(...found)));
  expect(answer).toEqual([]);
  expect(placesOf(tree, told)).toEqual(run(all, 'filemap_fault'));
});

test('an open document counts as it is in the editor', () => {
  const { file, line, column } = tree.at('filemap_fault');
  const bytes = (path: string) => Buffer.from(path === 'fs/use.c' ? '\n\nint x = filemap_fault(0);\n' : '');
  expect(placesOf(tree, used(askIn(tree, file, { bytes }), line, column))).toEqual(['fs/use.c:3:9']);
});

test('as many as an editor can show; in parts there are all', () => {
  const { file, line, column } = tree.at('filemap_fault');
  const text = Buffer.from(
    `int x[] = {\n${'filemap_fault(0), filemap_fault(1),\n'.repeat(MOST_LOCATIONS / 2 + 1)}};\n`,
  );
  const request = askIn(tree, file, { bytes: (path) => (path === 'fs/use.c' ? text : Buffer.alloc(0)) });
  expect(used(request, line, column)).toHaveLength(MOST_LOCATIONS);
  let count = 0;
  toEnd(
    references(request, line, column, false, (found) => {
      count += found.length;
    }),
  );
  expect(count).toBe(MOST_LOCATIONS + 2);
});
