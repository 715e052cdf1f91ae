import { afterAll, beforeAll, expect, test } from 'vitest';
import { withDocuments } from '../../../../server/src/index/read/overlay.ts';
import type { IndexReader } from '../../../../server/src/index/read/reader.ts';
import { withModules } from '../../../../server/src/index/read/withModules.ts';
import { type ModuleTree, newModuleTree } from '../moduleTree.ts';
import { contents } from '../tree.ts';

// The tree dispatches ->fault and ->open; two modules register functions for them.

const TREE = {
  'include/linux/mm.h':
    'struct vm_fault;\nstruct vm_ops {\n\tint (*fault)(struct vm_fault *vmf);\n\tvoid (*open)(void);\n};\n#define HOOK(f) .fault = f\nint filemap_fault(struct vm_fault *vmf);\n',
  'mm/filemap.c':
    '#include <linux/mm.h>\nint filemap_fault(struct vm_fault *vmf)\n{\n\treturn 0;\n}\nstruct vm_ops generic_vm_ops = { .fault = filemap_fault };\n',
  'mm/memory.c':
    '#include <linux/mm.h>\nint helper(void)\n{\n\treturn 0;\n}\nint __do_fault(struct vm_ops *ops)\n{\n\thelper();\n\treturn ops->fault(0);\n}\n',
};

const MYFS = {
  Kbuild: 'obj-m := myfs.o\nccflags-y := -I$(src)/include\n',
  'include/api.h': '#define MY_OPS(f) struct vm_ops my_ops = { .fault = f }\nstruct my_sb { struct vm_ops *ops; };\n',
  'file.c':
    '#include <linux/mm.h>\n#include <api.h>\nint helper(void)\n{\n\treturn 1;\n}\nstatic int my_fault(struct vm_fault *vmf)\n{\n\thelper();\n\treturn filemap_fault(vmf);\n}\nMY_OPS(my_fault);\nint forward(struct my_sb *sb)\n{\n\treturn sb->ops->fault(0);\n}\n',
};

const USER = {
  Kbuild: 'ccflags-y := -I$(src)/../myfs/include\n',
  'user.c':
    '#include <linux/mm.h>\n#include <api.h>\nstatic int user_fault(struct vm_fault *vmf)\n{\n\treturn 0;\n}\nvoid use(struct my_sb *sb)\n{\n\tsb->ops->fault = user_fault;\n}\n',
};

let tree: ModuleTree;
let index: IndexReader;
let before: string[];

beforeAll(async () => {
  tree = newModuleTree(TREE);
  await tree.index();
  before = await contents(tree);
  tree.module('myfs', MYFS);
  tree.module('user', USER);
  index = await tree.open();
});
afterAll(() => tree.remove());

const at = (rows: readonly { file: number }[]) => rows.map((r) => index.pathOf(r.file));

test("a module's registrations stand behind the tree's, made by its own macros from its own include folder", () => {
  expect(index.registrationsOfSlot('vm_ops', 'fault').map((r) => `${r.target} ${index.pathOf(r.file)}`)).toEqual([
    'filemap_fault mm/filemap.c',
    'my_fault [myfs]/file.c',
    // by way of a struct that the other module declares
    'user_fault [user]/user.c',
  ]);
  expect(at(index.tablesOfRecord('vm_ops'))).toEqual(['mm/filemap.c', '[myfs]/file.c']);
});

test('its calls and dispatches are among those of the tree, typed by the structs of both', () => {
  expect(index.callersOf('filemap_fault').map((c) => `${c.function} ${index.pathOf(c.file)}`)).toEqual([
    'my_fault [myfs]/file.c',
  ]);
  expect(index.dispatchesOfSlot('vm_ops', 'fault').map((d) => d.function)).toEqual(['__do_fault', 'forward']);
  const facts = index.facts('[myfs]/file.c');
  expect(
    index
      .typesFor(facts)
      .recordsByTag('vm_ops')
      .map((r) => r.file),
  ).toEqual(['include/linux/mm.h']);
  expect(
    index
      .typesFor(facts)
      .recordsByTag('my_sb')
      .map((r) => r.file),
  ).toEqual(['[myfs]/include/api.h']);
});

test('files have numbers, facts and records whichever index they are of', () => {
  for (const { path, id } of index.files()) {
    expect(index.fileId(path)).toBe(id);
    expect(index.pathOf(id)).toBe(path);
    expect(index.facts(path)?.path).toBe(path);
  }
  const header = index.fileId('[myfs]/include/api.h') ?? -1;
  expect(index.record(header, 0)?.tag).toBe('my_sb');
  expect(index.searchNames('my_fault', 3).map((f) => f.name)).toContain('my_fault');
  expect(index.ownersOf('fault')).toEqual(['vm_ops']);
  expect(index.fileId('[gone]/a.c')).toBeUndefined();
});

test('a file of it that is edited counts as it is', () => {
  const facts = index.facts('[myfs]/file.c');
  if (!facts) throw new Error('no facts');
  const edited = withDocuments(index, [{ ...facts, variables: [] }]);
  expect(edited.registrationsOfSlot('vm_ops', 'fault').map((r) => r.target)).toEqual(['filemap_fault', 'user_fault']);
  expect([...edited.files()].filter((f) => f.path === '[myfs]/file.c')).toHaveLength(1);
});

test("nothing is written into the tree's index", async () => {
  expect(await contents(tree)).toEqual(before);
  expect(before.join('\n')).not.toContain('myfs');
});

test('without modules it is the index of the tree itself', () => {
  expect(withModules(index, [])).toBe(index);
});

// the last: it changes what the others look at
test('what has changed in a module is read anew; where the tree has changed, all of it is linked anew', async () => {
  tree.module('myfs', { 'file.c': `${MYFS['file.c']}int more(void)\n{\n\treturn filemap_fault(0);\n}\n` });
  tree.write({ 'include/linux/mm.h': TREE['include/linux/mm.h'].replaceAll('vm_ops', 'vma_ops') });
  index = await tree.open();
  expect(index.callersOf('filemap_fault').map((c) => c.function)).toEqual(['my_fault', 'more']);
  const owners = index.registrationsOfTarget('user_fault').map((r) => r.owner);
  expect(owners).not.toContain('vm_ops');
});
