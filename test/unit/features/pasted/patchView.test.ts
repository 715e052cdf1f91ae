import { expect, test } from 'vitest';
import { headerHover, hunkLenses } from '../../../../server/src/features/pasted/patchView.ts';
import { PATCH, pipes, placeIn } from '../../support/pipes.ts';

const { tree, requestOf } = await pipes();

/** What the hover says on the header of a hunk or of a file. */
function headerOf(text: string, word: string): string {
  const request = requestOf(text);
  const point = request.patches.at(placeIn(text, word)[0]);
  if (!point) throw new Error(`no patch stands at ${word}`);
  return headerHover(request, point);
}

/** A patch of the driver, whose function gets a line. */
const SINK = `diff --git a/drivers/wet/sink.c b/drivers/wet/sink.c
--- a/drivers/wet/sink.c
+++ b/drivers/wet/sink.c
@@ -4,4 +4,5 @@ static int sink_drain(struct pipe *pipe)
 {
 	pipe->depth = 0;
+	pipe_flush(pipe);
 	return pipe->depth;
 	// ^sink-line
`;

test('a CodeLens over each hunk tells what became of it, and leads to its place', () => {
  const request = requestOf(PATCH);
  const lenses = hunkLenses(request.patches, (place) => ({ command: 'open', arguments: [place.line] }));
  expect(lenses.map((l) => [l.range.start.line, l.command?.title.replace(/\d+/, 'N'), l.command?.command])).toEqual([
    [4, expect.stringMatching(/^applies N lines further up/), 'open'],
    [11, expect.stringMatching(/^conflicts/), 'open'],
    [18, 'this tree has no such file', ''],
  ]);
  expect(lenses[0].command?.arguments).toEqual([tree.at('flush-line').line]);
});

test('a patch that the tree has is applied already; a new file is added', () => {
  const title = (text: string) =>
    hunkLenses(requestOf(text).patches, () => ({ command: '', arguments: [] }))[0].command?.title;
  expect(title(SINK)).toBe('applies');
  const without = SINK.replace('@@ -4,4 +4,5 @@', '@@ -4,4 +4,4 @@');
  expect(title(without.replace('+	pipe_flush(pipe);\n \treturn', '-	return 1;\n+\treturn'))).toBe('applied already');
  const added = `diff --git a/fs/new.c b/fs/new.c
new file mode 100644
--- /dev/null
+++ b/fs/new.c
@@ -0,0 +1 @@
+int n;
`;
  expect(title(added)).toBe('adds a file');
});

test('the header of a hunk tells the function that it touches, its slot with who calls it, and what it adds', () => {
  const text = headerOf(SINK, '@@ -4');
  expect(text).toMatch(/^applies · \[/);
  expect(text).toMatch(/- Touches \[`?sink\\?_drain`?\]/);
  expect(text).toMatch(/`pipe_operations\.drain` of \[`?sink\\?_ops`?\]\S*, called in \[`?drain\\?_one/);
  expect(text).toContain('Adds:\n- `sink_drain` calls `pipe_flush`');
});

test('the header of a file lists what became of each of its hunks', () => {
  const lines = headerOf(PATCH, 'diff --git a/fs/pipes.c').split('\n\n')[0].split('\n');
  expect(lines).toEqual([expect.stringMatching(/^- applies \d+ lines/), expect.stringMatching(/^- conflicts/)]);
  expect(headerOf(PATCH, '@@ -1,2')).toBe('this tree has no such file');
});
