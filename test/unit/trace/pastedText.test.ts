import { expect, test } from 'vitest';
import { looksLikeTrace, newPastedText, partsOf, pointedAt } from '../../../server/src/trace/pastedText.ts';

const TEXT = 'Call Trace:\n pipe_flush+0x1/0x20 fs/pipes.c:12\n pipe_sync+0x3/0x40\nSee pipe->ops->drain() above.';

test('frames by their lines, and the parts of a line', () => {
  const text = newPastedText(TEXT);
  expect([1, 2, 3, 4].map((l) => text.framesOf(l))).toEqual([
    [],
    [{ stack: 0, frame: 0 }],
    [{ stack: 0, frame: 1 }],
    [],
  ]);
  const { places } = partsOf(text, text.trace().stacks[0].frames[0]);
  expect(places.map((p) => text.lines[1].slice(p.start, p.end))).toEqual(['+0x1/0x20', 'fs/pipes.c:12']);
});

test('what stands at a place', () => {
  const text = newPastedText(TEXT);
  expect(pointedAt(text, 2, 3)).toMatchObject({ kind: 'frame', part: 'name' });
  expect(pointedAt(text, 3, 14)).toMatchObject({ kind: 'frame', part: 'place' });
  expect(pointedAt(text, 4, 8)).toMatchObject({ kind: 'expression', expression: { name: 'drain' } });
  expect(pointedAt(text, 4, 1)).toBeNull();
});

test('three frames, a report or a hunk make a trace', () => {
  expect(looksLikeTrace(TEXT)).toBe(false);
  expect(looksLikeTrace(`${TEXT}\nCall Trace:\n a+0x1/0x2\n b+0x1/0x2\n c+0x1/0x2`)).toBe(true);
  expect(looksLikeTrace('--- a/x.c\n+++ b/x.c\n@@ -1 +1 @@\n-a\n+b')).toBe(true);
});
