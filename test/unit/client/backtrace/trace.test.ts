import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { framesInTerminalLine, mayBeTrace } from '../../../../client/src/backtrace/traceDetect.ts';
import {
  emptyText,
  nextRow,
  rowAtLine,
  rowDescription,
  rowIcon,
  rowLabel,
  rowName,
  rowRemarks,
  runTitle,
  stackDescription,
} from '../../../../client/src/backtrace/traceRows.ts';
import { ROOT } from '../../../../scripts/lib/run.mjs';
import type { FrameItem } from '../../../../server/src/lsp/protocol.ts';

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
    brief: '',
    evidence: '',
    note: '',
    inferred: false,
    isTold: false,
    source: '',
    ...more,
  };
};

test('a row says where it is, how it leads on and what is in doubt', () => {
  expect(rowDescription(row())).toBe('inode.c:47');
  const led = row({
    ...{ frame: 3, inlined: true, inferred: true, edge: 'through ->readahead of ext4_aops' },
    ...{ brief: '->readahead', evidence: 'typed, likely' },
  });
  expect(rowDescription(led)).toBe('->readahead (typed, likely) · inode.c:47');
  expect(rowRemarks(led)).toEqual(['inlined into #3', 'through ->readahead of ext4_aops (typed, likely)']);
  expect([rowName(led), rowName({ ...led, inferred: false })]).toEqual(['ext4_readahead', '#3 ext4_readahead']);
  expect(rowDescription(row({ evidence: 'guess' }))).toBe('guess · inode.c:47');
  // what the stack's remark tells of all is left out beside each
  const moved = row({ note: 'moved: line 3 in the trace, 47 here', isTold: true });
  expect([rowDescription(moved), rowRemarks(moved)]).toEqual(['inode.c:47', [moved.note]]);
  expect(rowDescription(row({ where: '', location: null, note: 'not in this tree' }))).toBe('not in this tree');
  expect(rowDescription(row({ reliable: false }))).toContain('unreliable');
  expect(rowLabel(row())).toBe('frame 0, ext4_readahead, fs/ext4/inode.c:47');
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
  const all = { unreliable: false, inferred: false };
  expect(nextRow(rows, -1, 1, all)).toBe(0);
  expect(nextRow(rows, 0, 1, all)).toBe(3);
  expect(nextRow(rows, 3, 1, all)).toBe(-1);
  expect(nextRow(rows, 3, -1, all)).toBe(0);
  expect(nextRow(rows, 0, -1, all)).toBe(-1);
  const inlined = [row(), row({ inlined: true, inferred: true }), row({ inlined: true })];
  expect([nextRow(inlined, 0, 1, all), nextRow(inlined, 0, 1, { ...all, inferred: true })]).toEqual([1, 2]);
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
