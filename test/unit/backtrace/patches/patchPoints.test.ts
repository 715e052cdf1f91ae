import { expect, test } from 'vitest';
import { type PatchPoint, placeOfPoint } from '../../../../server/src/backtrace/patches/patchPoints.ts';
import { parsePatch } from '../../../../server/src/trace/mail/patch.ts';
import type { Placement } from '../../../../server/src/trace/mail/place.ts';

const [patch] = parsePatch('--- a/x.c\n+++ b/x.c\n@@ -2,2 +2,3 @@\n one\n+new\n two\n').patches;
const [file] = patch.files;
const [hunk] = file.hunks;

function point(n: number, placement: Partial<Placement> | null, lines: (number | null)[] = [7, null, 8]): PatchPoint {
  const all = { state: 'applies', line: 7, drift: 5, matched: 1, exact: true, unique: true } as const;
  const resolved = {
    hunk,
    placement: placement && { ...all, ...placement },
    lines,
    functions: [],
    onTop: null,
    section: { function: 'f', line: 3 },
  };
  const owner = { file, path: 'x.c', hunks: [resolved] };
  return { patch: { patch, files: [owner], touched: [], edges: [] }, file: owner, hunk: resolved, n };
}

test('a line leads to its place; one that is not there yet, to the next that is; a header to the first change', () => {
  expect(placeOfPoint(point(0, {}))).toEqual({ file: 'x.c', line: 7 });
  expect(placeOfPoint(point(1, {}))).toEqual({ file: 'x.c', line: 8 });
  expect(placeOfPoint(point(-1, {}))).toEqual({ file: 'x.c', line: 8 });
  expect(placeOfPoint(point(0, {}, [null, null, null]))).toEqual({ file: 'x.c', line: 7 });
});

test('what conflicts leads to the function that the header names; a missing file nowhere', () => {
  expect(placeOfPoint(point(0, { state: 'conflicts', matched: 0.2 }))).toEqual({ file: 'x.c', line: 3 });
  expect(placeOfPoint(point(0, null))).toBeNull();
  const gone = point(0, {});
  expect(placeOfPoint({ ...gone, file: { ...gone.file, path: null } })).toBeNull();
});
