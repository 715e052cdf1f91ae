import { beforeAll, describe, expect, test } from 'vitest';
import { type ResolvedPatch, resolvePatches } from '../../../../server/src/backtrace/patches/patchPlaces.ts';
import { parsePatch } from '../../../../server/src/trace/mail/patch.ts';
import { type IndexedTree, indexTree } from '../../support/marked.ts';
import { TRACE_TREE } from '../../support/traceTree.ts';

let tree: IndexedTree;

beforeAll(async () => {
  tree = await indexTree(TRACE_TREE);
});

function resolve(text: string): ResolvedPatch {
  const { patches } = parsePatch(text);
  expect(patches).toHaveLength(1);
  return resolvePatches({ index: tree.index, architecture: 'x86' }, patches)[0];
}

/** A patch of fs/myfs/file.c whose hunk starts at a line. */
const atLine = (line: number, body: string, section = '') => {
  const lines = body.split('\n');
  const count = (marks: string) => lines.filter((l) => marks.includes(l[0] ?? ' ')).length;
  return `Subject: [PATCH] myfs: read more

diff --git a/fs/myfs/file.c b/fs/myfs/file.c
--- a/fs/myfs/file.c
+++ b/fs/myfs/file.c
@@ -${line},${count(' -')} +${line},${count(' +')} @@${section ? ` ${section}` : ''}
${body}
`;
};

const POKE = ` static long my_poke(struct file *f)
 {
-	return 0;
+	return my_iomap_poke(f);
 }
 const struct file_operations my_fops = {`;

describe('where a hunk stands', () => {
  const lineOfPoke = () =>
    (tree.files.get('fs/myfs/file.c') ?? '').split('\n').indexOf('static long my_poke(struct file *f)') + 1;
  const place = (text: string) => resolve(text).files[0].hunks[0];

  test('at its line', () => {
    const line = lineOfPoke();
    const hunk = place(atLine(line, POKE));
    expect(hunk.placement).toMatchObject({ state: 'applies', line, drift: 0 });
    expect(hunk.lines).toEqual([line, line + 1, line + 2, null, line + 3, line + 4]);
    expect(hunk.functions).toEqual(['my_poke']);
  });

  test('drifted', () => {
    const line = lineOfPoke();
    expect(place(atLine(line + 40, POKE)).placement).toMatchObject({ state: 'drifted', line, drift: -40 });
  });

  test('applied already', () => {
    const swapped = POKE.replace('-	return 0;\n+	return my_iomap_poke(f);', '-	return 7;\n+	return 0;');
    const hunk = place(atLine(lineOfPoke(), swapped));
    expect(hunk.placement?.state).toBe('applied');
    expect(hunk.lines[2]).toBeNull();
  });

  test('conflicts: the function in its header says where it belongs', () => {
    const other = ' 	int a;\n-	int b;\n+	int c;\n 	int d;';
    const hunk = place(atLine(3, other, 'static long my_poke(struct file *f)'));
    expect(hunk.placement?.state).toBe('conflicts');
    expect(hunk.section).toEqual({ function: 'my_poke', line: lineOfPoke() });
  });

  test('a file that the tree lacks, and one outside of it', () => {
    for (const path of ['fs/gone/x.c', '../../etc/passwd']) {
      const [file] = resolve(atLine(1, POKE).replaceAll('fs/myfs/file.c', path)).files;
      expect(file).toMatchObject({ path: null });
      expect(file.hunks[0].placement).toBeNull();
    }
  });
});

test('slots of the functions that it touches, and where they are called', () => {
  const text = ` static long my_read(struct file *f, char *buf)
 {
-	helper(f);
+	other_helper(f);
 	//     ^my_read
 	return 0;`;
  expect(resolve(atLine(2, text)).touched).toEqual([
    {
      function: 'my_read',
      file: 'fs/myfs/file.c',
      line: 2,
      slots: [
        {
          slot: 'file_operations.read',
          table: 'my_fops',
          file: 'fs/myfs/file.c',
          line: expect.any(Number),
          dispatches: [{ function: 'call_read', file: 'include/linux/fs.h', line: tree.at('call_read').line }],
        },
      ],
    },
  ]);
});

describe('what it adds', () => {
  const edges = (text: string) =>
    resolve(text).edges.map((e) => `${e.kind} ${e.from} -> ${e.to}${e.slot ? ` as ${e.slot}` : ''}`);

  test('calls of functions that it makes itself, and registrations', () => {
    expect(
      edges(
        atLine(
          8,
          ` 
+static long my_iomap_poke(struct file *f)
+{
+	/* count_up(f) was not enough */
+	return vfs_read(f, 0);
+}
+
 static long my_poke(struct file *f)
 {
-	return 0;
+	return my_iomap_poke(f);
 }
 const struct file_operations my_fops = {
 	.read = my_read,
-	.poke = my_poke,
+	.poke = my_iomap_poke,
 };`,
        ),
      ),
    ).toEqual([
      'call my_iomap_poke -> vfs_read',
      'call my_poke -> my_iomap_poke',
      'registration my_fops -> my_iomap_poke as file_operations.poke',
    ]);
  });

  test('a call that only moves is not new', () => {
    expect(
      edges(
        atLine(
          2,
          ` static long my_read(struct file *f, char *buf)
 {
-	helper(f);
+	if (buf)
+		helper(f);
 	return 0;`,
        ),
      ),
    ).toEqual([]);
  });
});
