import { expect, test } from 'vitest';
import { edgesOf, sectionFunction } from '../../../../server/src/backtrace/patches/patchEdges.ts';
import type { IndexReader } from '../../../../server/src/index/read/reader.ts';
import { NameKind } from '../../../../server/src/index/store/postings.ts';
import { parsePatch } from '../../../../server/src/trace/mail/patch.ts';

/** A tree that knows some functions by name, and nothing else. */
const treeWith = (...functions: string[]): IndexReader =>
  ({
    names: (name: string) => (functions.includes(name) ? [{ kind: NameKind.Function, flags: 0 }] : []),
  }) as unknown as IndexReader;

function edges(hunk: string, ...functions: string[]): string[] {
  const [patch] = parsePatch(`--- a/fs/x.c\n+++ b/fs/x.c\n${hunk}\n`).patches;
  const found = edgesOf(treeWith(...functions), patch, [
    { path: 'fs/x.c', hunks: patch.files[0].hunks.map(() => ({ functions: [] })) },
  ]);
  return found.map((e) => `${e.kind} ${e.from} ${e.slot ?? ''}-> ${e.to}`);
}

test('calls on added lines, in the function around them', () => {
  expect(
    edges(
      '@@ -1,3 +1,5 @@ int outer(void)\n a\n+\tinner(1); // not_this()\n+\tp->member(2);\n b\n c',
      'inner',
      'member',
      'not_this',
    ),
  ).toEqual(['call outer -> inner']);
});

test('entries of tables and assignments to members', () => {
  const hunk =
    '@@ -1,2 +1,5 @@\n struct pipe_operations ops = {\n+\t.drain = my_drain,\n };\n+int set(void)\n+\tp->poll = my_poll;\n';
  expect(edges(hunk, 'my_drain', 'my_poll')).toEqual([
    'registration ops pipe_operations.drain-> my_drain',
    'registration set poll-> my_poll',
  ]);
});

test('what only moves is not new, and comments say nothing', () => {
  expect(
    edges(
      '@@ -1,3 +1,4 @@ int outer(void)\n-\tinner(1);\n a\n+\tinner(2);\n+/* inner_two(\n+ * inner_two() */',
      'inner',
      'inner_two',
    ),
  ).toEqual([]);
});

test('the function in what git prints behind @@', () => {
  expect(sectionFunction('static int pipe_flush(struct pipe *pipe,')).toBe('pipe_flush');
  expect(sectionFunction('struct pipe {')).toBeNull();
});
