import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { framesInTerminalLine, mayBeTrace } from '../../../client/src/traceDetect.ts';
import {
  emptyText,
  nextRow,
  rowAtLine,
  rowDescription,
  rowIcon,
  rowLabel,
  runTitle,
  stackDescription,
} from '../../../client/src/traceRows.ts';
import { ROOT } from '../../../scripts/lib/run.mjs';
import type { FrameItem } from '../../../server/src/lsp/protocol.ts';

const row = (more: Partial<FrameItem> = {}): FrameItem => {
  const start = { line: 46, character: 0 };
  return {
    frame: 0,
    function: 'ext4_readahead',
    inlined: false,
    reliable: true,
    line: 0,
    character: 0,
    location: { uri: 'file:///t/fs/ext4/inode.c', range: { start, end: start } },
    where: 'fs/ext4/inode.c:47',
    edge: '',
    evidence: '',
    note: '',
    ...more,
  };
};

test('a row says where it is, how it leads on and what is in doubt', () => {
  expect(rowDescription(row())).toBe('inode.c:47');
  expect(
    rowDescription(row({ inlined: true, edge: 'through ->readahead of ext4_aops', evidence: 'typed, likely' })),
  ).toBe('inode.c:47 · inlined · through ->readahead of ext4_aops (typed, likely)');
  expect(rowDescription(row({ where: '', location: null, note: 'not in this tree' }))).toBe('not in this tree');
  expect(rowDescription(row({ reliable: false }))).toContain('unreliable');
  expect(rowLabel(row())).toBe('ext4_readahead, fs/ext4/inode.c:47');
});

test('icons differ in shape', () => {
  const icons = [row(), row({ inlined: true }), row({ reliable: false }), row({ location: null })].map(rowIcon);
  expect(new Set(icons).size).toBe(4);
});

test('what an empty view says', () => {
  const stack = { title: '', detail: '', kind: 'oops', frames: 1, line: 0 };
  expect(emptyText({ stacks: [stack], hunks: 0 })).toBeUndefined();
  expect(emptyText({ stacks: [], hunks: 0 })).toBe('This text holds no frames.');
  expect(emptyText({ stacks: [], hunks: 2 })).toMatch(/a patch.*each hunk/);
});

test('titles', () => {
  expect(stackDescription({ title: '', detail: 'CPU 1', kind: 'oops', frames: 1, line: 0 })).toBe('1 frame · CPU 1');
  const run = { stacks: [0, 2, 3], frames: [0, 1, 2], first: 'a', last: 'c', branches: [] };
  expect(runTitle(run)).toBe('3 stacks: a … c');
  expect(runTitle({ ...run, stacks: [2], frames: [4], last: 'a' })).toBe('from a');
});

test('the walk passes over rows without a place and unreliable ones, and ends at both ends', () => {
  const rows = [row(), row({ location: null }), row({ reliable: false }), row()];
  expect(nextRow(rows, -1, 1)).toBe(0);
  expect(nextRow(rows, 0, 1)).toBe(3);
  expect(nextRow(rows, 3, 1)).toBe(-1);
  expect(nextRow(rows, 3, -1)).toBe(0);
  expect(nextRow(rows, 0, -1)).toBe(-1);
});

test('a cursor in the text finds the frame there or the next below', () => {
  const rows = [row({ line: 4 }), row({ line: 6, inlined: true }), row({ line: 6 })];
  expect([0, 4, 5, 6, 7].map((line) => rowAtLine(rows, line))).toEqual([0, 0, 1, 1, -1]);
});

test('frames in lines of a terminal', () => {
  const found = (line: string): string[] =>
    framesInTerminalLine(line).map(({ start, length }) => line.slice(start, start + length));
  expect(found('[  1.2]  ? vfs_read+0x9f/0x310 [myfs]')).toEqual(['vfs_read+0x9f/0x310 [myfs]']);
  expect(found(' => shm_fault')).toEqual(['=> shm_fault']);
  expect(found('#3  0xffffffff81000000 in do_fault (vmf=0x1) at mm/memory.c:3')).toEqual(['do_fault']);
  expect(found('make: *** [all] Error 2')).toEqual([]);
  expect(found('a+0x'.repeat(100_000))).toEqual([]);
});

test('the cheap look lets every sample through, and ordinary text not', () => {
  for (const folder of ['backtraces', 'patches'])
    for (const name of readdirSync(join(ROOT, 'samples', folder)))
      if (!name.endsWith('.md'))
        expect(mayBeTrace(readFileSync(join(ROOT, 'samples', folder, name), 'utf8')), name).toBe(true);
  expect(mayBeTrace(readFileSync(join(ROOT, 'README.md'), 'utf8'))).toBe(false);
  expect(mayBeTrace('')).toBe(false);
});
