import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { kerntrailIn, rowsOf } from '../../support/kerntrail.ts';
import { type Tree, writeTree } from '../../support/marked.ts';
import { VM_TREE } from '../../support/vmTree.ts';

let tree: Tree;

beforeAll(() => {
  tree = writeTree(VM_TREE);
});

const kerntrail = (...args: string[]) => kerntrailIn(tree, args);

test('patch: hunks, and what is no patch', () => {
  const file = join(tree.root, 'a.patch');
  writeFileSync(
    file,
    `Subject: [PATCH] xfs: fault\n\n--- a/fs/xfs/file.c\n+++ b/fs/xfs/file.c\n@@ -9,3 +9,3 @@\n {\n-\treturn 0;\n+\treturn filemap_fault(vmf);\n }\n`,
  );
  const found = rowsOf(kerntrail('patch', '--json', file).out);
  expect(found[0]).toMatchObject({ kind: 'hunk', inputLine: 5, file: 'fs/xfs/file.c', state: 'drifted' });
  expect(found.map((r) => r.kind)).toEqual(['hunk', 'touched', 'edge']);
  expect(found[2]).toMatchObject({ edge: 'call', from: 'xfs_fault', to: 'filemap_fault', inputLine: 8 });
  expect(kerntrail('patch', file).out).toContain('applies, drifted by');
  writeFileSync(file, 'hello\n');
  expect(kerntrail('patch', file)).toMatchObject({ code: 1, err: expect.stringContaining('no patch') });
});
