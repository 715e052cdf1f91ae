import { expect, test } from 'vitest';
import {
  stackDetail,
  stackTitle,
  traceFolding,
  traceSymbols,
} from '../../../../server/src/features/pasted/traceOutline.ts';
import { newPastedText } from '../../../../server/src/trace/pastedText.ts';
import { OOPS, PATCH } from '../../support/pipes.ts';

/** The last stack of a text: a report's own line may be one, too. */
const stackOf = (text: string) => newPastedText(text).trace().stacks.slice(-1)[0];
const titleOf = (text: string): string => stackTitle(stackOf(text));

test('a stack is called by its report, by its own title, or by the functions at its ends', () => {
  expect(titleOf(OOPS)).toBe('BUG: unable to handle page fault for address: 0000000000000010');
  expect(titleOf('Call Trace:\n pipe_flush+0x1/0x9\n ? old_junk+0x1/0x2\n')).toBe('pipe_flush');
  expect(titleOf('Call Trace:\n pipe_flush+0x1/0x9\n pipe_sync+0x1/0x9\n ? old_junk+0x1/0x2\n')).toBe(
    'pipe_flush … pipe_sync',
  );
  const report = 'BUG: KASAN: slab-use-after-free in sink_drain+0x4/0x10\n';
  const frames = ' pipe_flush+0x1/0x9\n pipe_sync+0x1/0x9\n';
  expect(titleOf(`${report}\nFreed by task 12:\n${frames}`)).toMatch(/^Freed by task 12 \(BUG: KASAN/);
  expect(titleOf(`Freed by task 12:\n${frames}`)).toBe('Freed by task 12: pipe_flush … pipe_sync');
});

test('who ran it and where, as far as it is printed', () => {
  const nothing = stackOf('Call Trace:\n pipe_flush+0x1/0x9\n');
  expect(stackDetail({ ...nothing, task: 'reader', pid: 431, cpu: 0, arch: 'arm64' })).toBe(
    'reader/431 · CPU 0 · arm64',
  );
  expect(stackDetail({ ...nothing, task: 'reader', pid: null, cpu: null, arch: null })).toBe('reader');
  expect(stackDetail({ ...nothing, task: null, pid: 431, cpu: null, arch: null })).toBe('pid 431');
  expect(stackDetail({ ...nothing, task: null, pid: null, cpu: null, arch: null })).toBe('');
});

test('the outline lists stacks with their frames, which stand inside of them', () => {
  const symbols = traceSymbols(newPastedText(`${OOPS}\n${OOPS}`));
  expect(symbols.map((s) => s.name)).toEqual([
    'BUG: unable to handle page fault for address: 0000000000000010',
    'BUG: unable to handle page fault for address: 0000000000000010',
  ]);
  const frames = symbols[0].children ?? [];
  expect(frames.map((f) => [f.name, f.detail])).toEqual([
    ['sink_drain', 'sink'],
    ['pipe_flush', ''],
    ['old_junk', '?'],
    ['pipe_sync', ''],
  ]);
  for (const f of frames) {
    expect(f.range.start.line).toBeGreaterThanOrEqual(symbols[0].range.start.line);
    expect(f.range.end.line).toBeLessThanOrEqual(symbols[0].range.end.line);
  }
});

test('the outline of a patch lists its files with their hunks, by the function or else by the lines', () => {
  const symbols = traceSymbols(newPastedText(PATCH));
  expect(symbols.map((s) => [s.name, s.children?.map((c) => c.name)])).toEqual([
    ['fs/pipes.c', ['static inline int drain_one(struct pipe *pipe)', 'int pipe_sync(struct pipe *pipe)']],
    ['fs/gone.c', ['@@ -1 +1 @@']],
  ]);
});

test('an outline that is too long says that it ends', () => {
  const frames = Array.from({ length: 21_000 }, (_, n) => ` f${n}+0x1/0x9\n`).join('');
  const symbols = traceSymbols(newPastedText(`Call Trace:\n${frames}`));
  expect(symbols).toHaveLength(2);
  expect(symbols[0].children?.length).toBeLessThan(20_000);
  expect(symbols[1].name).toBe('The rest is not listed');
});

test('stacks, hunks and files of patches fold', () => {
  expect(traceFolding(newPastedText(`${OOPS}\n${OOPS}`))).toHaveLength(2);
  const folds = traceFolding(newPastedText(PATCH)).map((f) => [f.startLine, f.endLine]);
  expect(folds.sort(([a], [b]) => a - b)).toEqual([
    [1, 14],
    [4, 10],
    [11, 14],
    [15, 20],
    [18, 20],
  ]);
});
