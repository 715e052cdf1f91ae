import { beforeAll, expect, test } from 'vitest';
import { openDirect } from '../../../../server/src/index/read/direct.ts';
import { layered, withDocuments } from '../../../../server/src/index/read/overlay.ts';
import { slotAnswer } from '../../../../server/src/resolve/slots/slots.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(VM_TREE);
});

const names = (index: IndexedTree['index']) =>
  slotAnswer({ index, architecture: 'x86' }, 'vm_operations_struct', 'fault', 'fs/xfs/file.c').implementations.map(
    (i) => i.name,
  );

test("an open document's text counts, not what was indexed of its file", async () => {
  const text = (tree.files.get('fs/xfs/file.c') ?? '').replaceAll('xfs_fault', 'xfs_new_fault');
  const facts = await openDirect(tree.root, 'x86').factsOfText('fs/xfs/file.c', text);
  const index = withDocuments(tree.index, [facts]);
  expect(names(index)).toEqual(['xfs_new_fault', 'filemap_fault']);
  expect(index.names('xfs_fault')).toEqual([]);
  expect(index.searchNames('xfs_new', 5).map((f) => f.name)).toEqual(['xfs_new_fault']);
  expect(index.tablesOfRecord('vm_operations_struct').length).toBe(
    tree.index.tablesOfRecord('vm_operations_struct').length,
  );
});

test('a document that the index does not know has a place of its own', async () => {
  const facts = await openDirect(tree.root, 'x86').factsOfText(
    'fs/new/new.c',
    '#include <linux/mm.h>\nint new_fault(struct vm_fault *vmf) { return 0; }\nstruct vm_operations_struct new_ops = { .fault = new_fault };\n',
  );
  const index = withDocuments(tree.index, [facts]);
  expect(names(index)).toContain('new_fault');
  const [posting] = index.names('new_ops');
  expect(index.pathOf(posting.file)).toBe('fs/new/new.c');
  expect(index.fileId('fs/new/new.c')).toBe(posting.file);
});

test('what the index lacks comes from the sources', async () => {
  const direct = openDirect(tree.root, 'x86');
  await direct.factsOfText('fs/xfs/file.c', tree.files.get('fs/xfs/file.c') ?? '');
  const reader = direct.reader('fs/xfs/file.c');
  const empty = {
    ...tree.index,
    names: () => [],
    fileId: () => undefined,
    registrationsOfSlot: () => [],
    types: { ...tree.index.types, recordsByTag: () => [] },
  };
  const index = layered(empty, reader);
  expect(names(index)).toEqual(['xfs_fault']);
  // what both know counts once
  expect(layered(tree.index, reader).names('xfs_fault').length).toBe(1);
});
