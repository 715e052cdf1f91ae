import { expect, test } from 'vitest';
import { combinedHeader } from '../../../../server/src/trace/mail/combined.ts';
import { parsePatch } from '../../../../server/src/trace/mail/patch.ts';

test('a hunk of a merge is read as its first parent sees it', () => {
  const { patches, problems } = parsePatch(`diff --cc mill/gears.c
index cfae2e9,04f2a54..790b3f5
--- a/mill/gears.c
+++ b/mill/gears.c
@@@ -10,4 -12,3 +14,5 @@@ int gear_turn(void)
  	one();
- 	two();
 -	three();
++	both();
+ 	from_second();
  }
 +	from_first();
diff --git a/x.c b/x.c
--- a/x.c
+++ b/x.c
@@ -1 +1 @@
-a
+b
`);
  expect(patches[0].files.map((f) => [f.newPath, f.hunks.length])).toEqual([
    ['mill/gears.c', 1],
    ['x.c', 1],
  ]);
  const [hunk] = patches[0].files[0].hunks;
  expect(hunk.lines.map((l) => `${l.kind} ${l.text.trim()}`)).toEqual([
    'context one();',
    'remove two();',
    'add both();',
    'add from_second();',
    'context }',
    'context from_first();',
  ]);
  expect(hunk.section).toBe('int gear_turn(void)');
  expect(problems.map((p) => p.message)).toContain('Hunk: of a merge of 2, judged against the first parent.');
});

test('headers of merges', () => {
  expect(combinedHeader('@@@@ -1,2 -3,4 -5 +6,7 @@@@', 1)).toMatchObject({ parents: 3, counts: [2, 4, 1, 7] });
  expect(combinedHeader('@@@ -1,2 +6,7 @@@', 1)).toBe(null);
});
